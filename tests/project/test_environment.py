"""Settings are read as they stand, and what cannot be read is said in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from environment import ROOT, project_path, read_environment


def test_a_value_is_taken_as_it_stands(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("OPERATOR_PASSWORD='a${HOME}b'\n")

    assert read_environment(env)["OPERATOR_PASSWORD"] == "a${HOME}b"


def test_an_empty_value_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_HOST", "")

    assert "DB_HOST" not in read_environment(tmp_path / "nowhere")


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("DB_HOST=somewhere\n", encoding="utf-16")

    with pytest.raises(SystemExit, match=r"\.env is not in UTF-8"):
        read_environment(env)


def test_paths_are_the_projects_or_a_persons() -> None:
    assert project_path("data") == ROOT / "data"
    assert project_path("~") == Path.home()
    assert project_path("~nobody-of-this-name/data") == ROOT / "~nobody-of-this-name/data"
