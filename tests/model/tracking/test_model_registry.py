"""MLflow's registry follows what is live, and stops nobody where it cannot."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from environment import ROOT, read_environment
from model.tracking import model_registry
from model.tracking.model_registry import CHAMPION, MODEL, tell


def rows(path: Path, query: str) -> list[Any]:
    """Return what MLflow's database holds, looked at without MLflow."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def champion(path: Path) -> list[Any]:
    return rows(
        path,
        "SELECT tag.value FROM registered_model_aliases AS alias JOIN model_version_tags AS tag "
        "ON tag.name = alias.name AND tag.version = alias.version "
        f"WHERE alias.alias = '{CHAMPION}' AND alias.name = '{MODEL}'",
    )


def test_the_champion_is_what_is_live_and_goes_with_it(tmp_path: Path):
    path = tmp_path / "mlflow.db"
    environ = read_environment() | {"MLFLOW_TRACKING_URI": f"sqlite:///{path}"}

    assert tell("keep", "six-conv-1", environ) == ""
    assert champion(path) == []
    assert tell("live", "six-conv-1", environ) == ""
    assert champion(path) == [("six-conv-1",)]
    assert tell("live", "six-conv-2", environ) == ""
    assert champion(path) == [("six-conv-2",)]
    assert tell("live", None, environ) == ""
    assert champion(path) == []
    assert [row[0] for row in rows(path, "SELECT value FROM model_version_tags")] == [
        "six-conv-1",
        "six-conv-2",
    ]


@pytest.mark.parametrize("uri", ["off", "OFF", "none"])
def test_nothing_is_told_where_nothing_is_tracked(uri: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(subprocess, "run", None)  # to call it would raise

    assert tell("live", "six-conv-1", {"MLFLOW_TRACKING_URI": uri}) == ""


def test_nothing_is_told_where_nothing_was_ever_tracked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(subprocess, "run", None)
    monkeypatch.setattr(model_registry, "DEFAULT", tmp_path / "mlflow.db")

    assert tell("live", "six-conv-1", {}) == ""


def test_a_server_that_is_away_is_one_sentence_without_its_password(tmp_path: Path):
    uri = "http://ada:hidden@127.0.0.1:1/mlflow"

    said = tell("live", "six-conv-1", read_environment() | {"MLFLOW_TRACKING_URI": uri})

    assert said == (
        "MLflow's registry was not told: MLflow at http://127.0.0.1:1/mlflow does not answer"
    )


def test_where_mlflow_is_not_installed_that_is_the_sentence(tmp_path: Path):
    code = (
        "import importlib.util, sys; sys.path.insert(0, '.')\n"
        "from model.tracking import model_registry\n"
        "importlib.util.find_spec = lambda name: None\n"
        "sys.exit(model_registry.main(['live', 'six-conv-1']))"
    )
    environ = read_environment() | {"MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/mlflow.db"}

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "MLflow's registry was not told: MLflow is not installed here\n"
