"""What really gets into MLflow, and what becomes of a training where that cannot be."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from environment import ROOT
from model.tracking.link import Link, without_secrets
from model.tracking.recorder import why
from model.tracking.tracker import Tracker

ENVIRON = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "false"}
PATIENT_S = 240.0  # of tests on busy machines


class Said(list[str]):
    """The sentences of a link."""


def tracker_at(store: str, said: list[str], **more: str) -> Tracker:
    return Tracker(
        lambda: Link(store, "Inkling", {**ENVIRON, **more}, said.append, stall_s=PATIENT_S)
    )


class Store:
    """A database of MLflow's, looked at without MLflow."""

    def __init__(self, path: Path) -> None:
        self.path, self.uri = path, f"sqlite:///{path}"

    def rows(self, query: str) -> list[Any]:
        with contextlib.closing(sqlite3.connect(self.path)) as database:
            return database.execute(query).fetchall()

    def pairs(self, table: str, run: str) -> dict[str, Any]:
        of_run = f"run_uuid = (SELECT run_uuid FROM runs WHERE name = '{run}')"
        return dict(self.rows(f"SELECT key, value FROM {table} WHERE {of_run} ORDER BY rowid"))

    def statuses(self) -> dict[str, str]:
        return dict(self.rows("SELECT name, status FROM runs"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with a training that went well: making its database takes some ten seconds."""
    folder = tmp_path_factory.mktemp("store")
    said: list[str] = []
    with tracker_at(f"sqlite:///{folder}/mlflow.db", said) as tracker:
        with tracker.run("a training", mode="train") as run:
            run.options({f"option {number}": number for number in range(130)})
            run.data({"MNIST/raw/train-images-idx3-ubyte": "ab" * 32})
            run.tags({"machine.cores": 2})
            for epoch in (1, 2):
                run.epoch(epoch, {"train_loss": 1 / epoch, "validation_f1": 0.5})
            (folder / "w.onnx").write_bytes(b"weights")
            run.files([folder / "w.onnx", folder / "missing"], "weights")
            run.text("weights/card.json", "{}\n")
            with run.child("fold 1", fold=1) as fold:
                fold.metrics({"accuracy": 0.9})
        assert said == []
    assert tracker.where == f"sqlite:///{folder}/mlflow.db"
    return Store(folder / "mlflow.db")


def test_options_tags_and_digests_are_recorded(store: Store) -> None:
    tags = store.pairs("tags", "a training")

    assert store.pairs("params", "a training") == {f"option_{n}": str(n) for n in range(130)}
    assert tags["mode"] == "train"
    assert tags["machine.cores"] == "2"
    assert tags["data.MNIST/raw/train-images-idx3-ubyte"] == "ab" * 32
    assert store.rows("SELECT name, digest FROM datasets") == [
        ("MNIST/raw/train-images-idx3-ubyte", "ab" * 16)
    ]


def test_every_epoch_is_recorded(store: Store) -> None:
    rows = store.rows("SELECT key, value, step FROM metrics WHERE step > 0 ORDER BY step, key")

    assert rows == [
        *[("train_loss", 1.0, 1), ("validation_f1", 0.5, 1)],
        *[("train_loss", 0.5, 2), ("validation_f1", 0.5, 2)],
    ]
    assert store.pairs("metrics", "a training")["duration_s"] > 0


def test_a_fold_is_a_child_run(store: Store) -> None:
    (parent,) = store.rows("SELECT run_uuid FROM runs WHERE name = 'a training'")[0]

    assert store.pairs("tags", "fold 1")["mlflow.parentRunId"] == parent
    assert store.pairs("metrics", "fold 1")["accuracy"] == 0.9
    assert store.statuses()["fold 1"] == "FINISHED"


def test_files_are_kept_as_they_are(store: Store) -> None:
    (uri,) = store.rows("SELECT artifact_uri FROM runs WHERE name = 'a training'")[0]
    folder = Path(unquote(urlsplit(uri).path))

    assert (folder / "weights" / "w.onnx").read_bytes() == b"weights"
    assert (folder / "weights" / "card.json").read_text() == "{}\n"
    assert folder.is_relative_to(ROOT / "var")


def test_a_program_that_is_killed_leaves_a_run_that_has_ended(store: Store) -> None:
    code = f"""
import os, time
from model.tracking.tracker import open_tracker
with open_tracker({{**os.environ, "MLFLOW_TRACKING_URI": {store.uri!r}}}) as tracker:
    with tracker.run("killed") as run:
        run.metrics({{"accuracy": 0.5}})
        run.settle()
        print("recorded", flush=True)
        time.sleep(600)
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=ENVIRON, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout
        assert program.stdout.readline() == "recorded\n"
        assert store.statuses()["killed"] == "RUNNING"
        program.kill()

    end = time.monotonic() + 60
    while store.statuses()["killed"] == "RUNNING" and time.monotonic() < end:
        time.sleep(0.1)
    assert store.statuses()["killed"] == "KILLED"


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_telemetry_is_off_whatever_the_environment_says(store: Store) -> None:
    link = Link(store.uri, "Inkling", ENVIRON, [].append)
    environ = Path(f"/proc/{link._process.pid}/environ")

    settings = environ.read_bytes().split(b"\0")
    link.close()

    assert b"MLFLOW_DISABLE_TELEMETRY=true" in settings
    assert b"MLFLOW_DISABLE_TELEMETRY=false" not in settings


def test_a_recorder_that_dies_is_one_sentence(store: Store) -> None:
    said: list[str] = []
    link = Link(store.uri, "Inkling", ENVIRON, said.append)
    tracker = Tracker(lambda: link)

    with tracker, tracker.run("left alone") as run:
        run.metrics({"accuracy": 0.5})
        link._process.kill()
        run.settle()
        run.metrics({"accuracy": 0.6})

    assert len(said) == 1
    assert "ended by itself" in said[0]
    assert (tracker.is_on, tracker.where) == (False, "")


def test_a_server_that_is_away_is_one_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []

    with tracker_at("http://somebody:secret@127.0.0.1:9", said) as tracker:
        with tracker.run("train") as run:
            run.options({"epochs": 1})
        with tracker.run("another") as run:
            run.options({"epochs": 1})

    assert said == ["not tracked, all else goes on: MLflow at http://127.0.0.1:9 does not answer"]
    assert capfd.readouterr() == ("", "")


def test_a_server_that_says_nothing_holds_nobody_up() -> None:
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = f"http://127.0.0.1:{silent.getsockname()[1]}"
        tracker = tracker_at(store, said, MLFLOW_HTTP_REQUEST_TIMEOUT="1")
        started = time.monotonic()
        with tracker.run("train") as run:
            for epoch in range(1, 2000):
                run.epoch(epoch, {"train_loss": 0.5})
        told_s = time.monotonic() - started
        tracker.close()

    assert told_s < 5
    assert said == [f"not tracked, all else goes on: MLflow at {store} does not answer"]


@pytest.fixture
def server() -> Iterator[tuple[ThreadingHTTPServer, list[str]]]:
    """As much of an MLflow server as a run needs, and what it was asked."""
    asked: list[str] = []
    run = {"run_id": "1", "run_uuid": "1", "experiment_id": "1", "status": "RUNNING"}
    answers = {
        "get-by-name": {"experiment": {"experiment_id": "1", "name": "Inkling"}},
        "create": {"run": {"info": {**run, "lifecycle_stage": "active"}, "data": {}}},
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = urlsplit(self.path).path.rpartition("/")[2]
            asked.append(name)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            content = json.dumps(answers.get(name, {})).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made, asked
        made.shutdown()
        thread.join()


def test_a_server_that_goes_away_is_one_sentence_and_what_it_has_stays(
    server: tuple[ThreadingHTTPServer, list[str]],
) -> None:
    said: list[str] = []
    made, asked = server
    store = f"http://127.0.0.1:{made.server_port}"

    with tracker_at(store, said) as tracker, tracker.run("train") as run:
        run.epoch(1, {"train_loss": 0.5})
        run.settle()
        assert (tracker.is_on, said) == (True, [])
        made.shutdown()
        made.socket.close()
        run.epoch(2, {"train_loss": 0.5})
        run.settle()
        run.epoch(3, {"train_loss": 0.5})

    assert asked.count("log-batch") == 1
    assert said == [f"not tracked any further, all else goes on: MLflow at {store} does not answer"]


def test_a_folder_of_files_is_refused_with_mlflows_reason(tmp_path: Path) -> None:
    said: list[str] = []

    with tracker_at(str(tmp_path / "mlruns"), said) as tracker, tracker.run("train") as run:
        run.options({"epochs": 1})

    assert len(said) == 1
    assert "refuses: " in said[0]
    assert "sqlite:///" in said[0]


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("http://me:pass@host:5000/x", "http://host:5000/x"),
        ("postgresql://me:p%40ss@host/db?password=x", "postgresql://host/db"),
        ("sqlite:///var/mlflow.db", "sqlite:///var/mlflow.db"),
        ("http://me:p@ss@[::1]:5000", "http://[::1]:5000"),
    ],
)
def test_no_password_is_shown(uri: str, shown: str) -> None:
    assert without_secrets(uri) == shown


def test_no_password_is_in_a_reason() -> None:
    error = ValueError("cannot log in as me:p@ss\nwith a second line")

    assert why(error, "postgresql://me:p%40ss@host/db") == "refuses: cannot log in as me:***"
