from __future__ import annotations

import contextlib
import importlib.util
from pathlib import Path

import pytest

from model.tracking.tracker import Tracker, open_tracker
from tests.model.tracking.heard import listening


def test_a_run_is_there_once_something_is_told_of_it() -> None:
    tracker, heard = listening()

    with tracker.run("train"):
        pass
    assert heard.messages == []

    with tracker.run("train", mode="train") as run:
        run.options({"epochs": 3, "out": Path("w")})

    assert [message["do"] for message in heard.messages] == ["begin", "options", "metrics", "end"]
    assert heard.of("begin")[0]["tags"] == {"mode": "train"}
    assert heard.of("options")[0]["values"] == {"epochs": "3", "out": "w"}
    assert heard.of("metrics")[0]["values"]["duration_s"] >= 0


def test_a_child_begins_after_its_parent() -> None:
    tracker, heard = listening()

    with tracker.run("crossval") as run, run.child("fold 1") as fold:
        fold.metrics({"accuracy": 1})

    parent, child = heard.of("begin")
    assert (parent["name"], parent["parent"]) == ("crossval", None)
    assert (child["name"], child["parent"]) == ("fold 1", parent["run"])


@pytest.mark.parametrize(
    ("error", "status"), [(None, "FINISHED"), (ValueError, "FAILED"), (KeyboardInterrupt, "KILLED")]
)
def test_a_run_ends_as_what_it_was(error: type[BaseException] | None, status: str) -> None:
    tracker, heard = listening()

    with contextlib.suppress(ValueError, KeyboardInterrupt), tracker.run("train") as run:
        run.metrics({"accuracy": 1})
        if error:
            raise error

    assert [message["status"] for message in heard.of("end")] == [status]


def test_a_run_that_says_so_ends_as_killed_or_failed() -> None:
    tracker, heard = listening()

    for say in ("interrupted", "failed"):
        with tracker.run("train") as run:
            run.metrics({"accuracy": 1})
            getattr(run, say)()

    assert [message["status"] for message in heard.of("end")] == ["KILLED", "FAILED"]


def test_figures_that_are_not_there_are_left_out_and_names_fit_every_store() -> None:
    tracker, heard = listening()

    with tracker.run("train") as run:
        run.epoch(2, {"MNIST accuracy (all)": 0.5, "f1": None})

    told = heard.of("metrics")[0]
    assert (told["step"], told["values"]) == (2, {"MNIST_accuracy_all_": 0.5})


@pytest.mark.parametrize("value", ["off", "OFF", "no", "0"])
def test_off_tracks_nothing_and_says_nothing(value: str) -> None:
    said: list[str] = []

    tracker = open_tracker({"MLFLOW_TRACKING_URI": value}, say=said.append)

    assert (tracker.is_on, said) == (False, [])


def test_what_is_not_wanted_is_not_tracked() -> None:
    tracker = open_tracker({"MLFLOW_TRACKING_URI": "http://127.0.0.1:9"}, is_wanted=False)

    with tracker, tracker.run("train") as run:
        run.metrics({"accuracy": 1})

    assert (tracker.is_on, run.is_tracked, tracker.where) == (False, False, "")


def test_without_mlflow_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    said: list[str] = []

    with open_tracker({}, say=said.append) as tracker, tracker.run("train") as run:
        run.metrics({"accuracy": 1})

    assert len(said) == 1
    assert "MLflow is not installed" in said[0]
    assert not tracker.is_on


def test_a_tracker_without_a_recorder_takes_everything() -> None:
    with Tracker() as tracker, tracker.run("train") as run, run.child("fold") as child:
        child.options({"a": 1})
        child.data({"a": "b"})
        child.text("a", "b")
        child.files([Path(__file__)])
        child.settle()

    assert not tracker.is_on
