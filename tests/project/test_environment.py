"""Settings are read as they stand, and what cannot be read is said in words."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from environment import LONGEST, ROOT, SETTINGS, project_path, read_environment


@pytest.fixture
def env(tmp_path: Path) -> Path:
    return tmp_path / ".env"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)


def test_the_settings_are_those_of_the_example_file() -> None:
    example = (ROOT / ".env.example").read_text()

    assert sorted(SETTINGS) == sorted(re.findall(r"^#([A-Z_]+)=$", example, re.MULTILINE))


def test_a_value_is_taken_as_it_stands(env: Path) -> None:
    env.write_text("OPERATOR_PASSWORD='a${HOME}b'\n")

    assert read_environment(env)["OPERATOR_PASSWORD"] == "a${HOME}b"


def test_an_empty_value_is_none(env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_HOST", "")

    assert "DB_HOST" not in read_environment(env)


def test_the_process_stands_above_the_file(env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env.write_text("DB_HOST=file\nDB_NAME=file\n")
    monkeypatch.setenv("DB_HOST", "process")

    settings = read_environment(env)

    assert (settings["DB_HOST"], settings["DB_NAME"]) == ("process", "file")


def test_what_an_editor_puts_before_a_file_is_no_part_of_the_first_name(env: Path) -> None:
    env.write_bytes(b"\xef\xbb\xbfDB_HOST=somewhere\r\n")

    assert read_environment(env)["DB_HOST"] == "somewhere"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("DB_HOST=somewhere\n".encode("utf-16"), r"\.env is not in UTF-8 \(line 1\)"),
        (b"DB_HOST=x\n\nDB_USER=J\xfcrgen\n", r"\.env is not in UTF-8 \(line 3\)"),
        (b"DB_HOST=x\n\n# note\nthis is no setting\n", "line 4 is not of the form NAME=value"),
        (b"\n\nDB_PASSWORD\nDB_HOST=x\n", "line 3 is not of the form NAME=value"),
        (b"DB_HOST='x\nDB_NAME=y\n", "line 1 is not of the form NAME=value"),
        (b"DB-HOST: x\n=y\n", "line 1 is not .*; line 2 is not of the form NAME=value"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(env: Path, content: bytes, words: str) -> None:
    env.write_bytes(content)

    with pytest.raises(SystemExit, match=words) as refusal:
        read_environment(env)

    assert "\n" not in str(refusal.value)
    assert str(env) in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("\nDB_PASSWORD=blue #7 ink\n", "line 2: the value of DB_PASSWORD ends before the #"),
        ("DB_HOST=x\nPORT=8501\t# where\n", "line 2: the value of PORT ends before the #"),
        ("DB_PASSWORD= # my own\n", "line 1: the value of DB_PASSWORD begins with #"),
        ("PORT=1\nPORT=2\n", "line 2: PORT is set for the second time"),
    ],
)
def test_what_a_line_does_unawares_is_said_once_and_without_the_value(
    env: Path, content: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    env.write_text(content)

    read_environment(env)
    read_environment(env)

    said = capsys.readouterr().err
    assert said.count(words) == 1
    assert "ink" not in said.replace(str(env), "")


def test_a_number_sign_in_quotes_or_in_a_word_is_part_of_the_value(
    env: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    env.write_text("DB_PASSWORD='blue #7' # in quotes\nDB_USER=a#b\n")

    settings = read_environment(env)

    assert (settings["DB_PASSWORD"], settings["DB_USER"]) == ("blue #7", "a#b")
    assert capsys.readouterr().err == ""


def test_a_folder_in_place_of_the_file_is_named(env: Path) -> None:
    env.mkdir()  # as `docker run -v` makes one where there is no file

    with pytest.raises(SystemExit, match=r"\.env is a folder, but should be a file"):
        read_environment(env)


def test_a_pipe_in_place_of_the_file_is_not_waited_for(env: Path) -> None:
    os.mkfifo(env)

    with pytest.raises(SystemExit, match=r"\.env is a pipe or a device"):
        read_environment(env)


def test_a_file_that_may_not_be_read_is_named(env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env.write_text("DB_HOST=x\n")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)  # permissions do not bind root

    with pytest.raises(SystemExit, match=r"\.env cannot be read \(Permission denied\)"):
        read_environment(env)


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("x" * 5000, f"has 5,000 characters, more than the {LONGEST:,}"),
        (os.fsdecode(b"caf\xe9"), "has bytes that are no text in UTF-8"),
        ("x\n", "has a line break or another control character"),
    ],
    ids=["long", "bytes", "line break"],
)
def test_a_value_that_no_setting_can_have_is_a_sentence_without_it(
    name: str, value: str, words: str, env: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit, match=f"{name} {words}") as refusal:
        read_environment(env)

    assert len(str(refusal.value)) < 200


def test_other_programs_variables_are_not_judged(
    env: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LS_COLORS", "x" * 9000)

    assert len(read_environment(env)["LS_COLORS"]) == 9000


@pytest.mark.parametrize("program", [["run_streamlit.py", "--help"], ["-m", "feedback.migrate"]])
def test_a_program_ends_with_the_sentence_alone(program: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, *program],
        cwd=ROOT,
        env=os.environ | {"DB_PASSWORD": "x" * 5000},
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert run.returncode == 1
    assert run.stderr.startswith("DB_PASSWORD has 5,000 characters")
    assert len(run.stderr.splitlines()) == 1


def test_paths_are_the_projects_or_a_persons() -> None:
    assert project_path("data") == ROOT / "data"
    assert project_path("~") == Path.home()
    assert project_path("~nobody-of-this-name/data") == ROOT / "~nobody-of-this-name/data"
