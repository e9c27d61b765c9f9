from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from model.crossval import cross_validate as whole
from model.crossval import finished
from model.crossval.cross_validate import cross_validate
from model.crossval.fold import FoldOutcome, FoldTask, train_fold
from model.crossval.plan import CrossValidation
from model.crossval.pool import Pool
from model.networks.checkpoint import load_weights
from model.training.options import BadOption
from tests.model.crossval.pools import QUICK, write_data
from tests.model.tracking.heard import Heard, listening

FOLDS = CrossValidation(folds=3)


class Here:
    """Folds are trained in this process; after `most` of them somebody presses Ctrl-C."""

    def __init__(self) -> None:
        self.trained: list[int] = []
        self.most = 100

    def train(self, pool: Pool, tasks: list[FoldTask], *_: object) -> Iterator[FoldOutcome]:
        for number, task in enumerate(tasks):
            if number == self.most:
                raise KeyboardInterrupt
            self.trained.append(task.fold)
            yield train_fold(pool, task)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Here:
    way = Here()
    monkeypatch.setattr(whole, "_train", way.train)
    monkeypatch.setattr(finished, "UNFINISHED", tmp_path / "unfinished")
    return way


def without_seconds(report: dict[str, Any]) -> dict[str, Any]:
    for fold in report["folds"]:
        del fold["seconds"]
    return report


def test_ctrl_c_keeps_finished_folds_and_resume_ends_as_without_a_break(
    here: Here, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    how = CrossValidation(folds=3, keep_folds=tmp_path / "kept")
    tracker, heard = listening()
    here.most = 1
    with tracker.run("crossval") as run:
        broken_off = cross_validate(QUICK, how, data_dir, tmp_path / "results", run=run)
    said = capsys.readouterr().err
    here.most = 100
    with tracker.run("crossval") as run:
        resumed = cross_validate(QUICK, how, data_dir, tmp_path / "results", resume=True, run=run)

    assert broken_off is None
    assert "1 of 3 folds are finished and kept; the same command with --resume goes on" in said
    assert here.trained == [0, 1, 2]
    assert resumed is not None
    _check_report(resumed, tmp_path / "results")
    _check_weights(resumed, tmp_path / "kept")
    assert list((tmp_path / "unfinished").iterdir()) == []
    _check_told(heard)

    whole_one = cross_validate(QUICK, FOLDS, data_dir, tmp_path / "results")
    assert whole_one is not None
    assert without_seconds(whole_one) == without_seconds(resumed)


def _check_report(report: dict[str, Any], results: Path) -> None:
    assert json.loads((results / "crossval.json").read_text()) == report
    table = (results / "crossval.txt").read_text()
    assert f"the best fold is {report['best_fold']}" in table
    for line in ("fold 1", "fold 3", "mean", "deviation"):
        assert f"\n  {line} " in table


def _check_weights(report: dict[str, Any], folder: Path) -> None:
    versions = [load_weights(folder / f"fold-{n}.safetensors")[1].version for n in (1, 2, 3)]
    assert versions == [fold["version"] for fold in report["folds"]]
    assert len(list(folder.glob("*.onnx"))) == 3


def _check_told(heard: Heard) -> None:
    first, second = (message for message in heard.of("begin") if message["name"] == "crossval")
    folds = [m for m in heard.of("begin") if m["parent"] == second["run"]]
    statuses = {message["run"]: message["status"] for message in heard.of("end")}
    assert (statuses[first["run"]], statuses[second["run"]]) == ("KILLED", "FINISHED")
    assert [fold["name"] for fold in folds] == ["fold 1", "fold 2", "fold 3"]
    for fold in folds:
        told = [m["values"].keys() for m in heard.of("metrics", fold["run"])]
        assert any("train_loss" in values for values in told)
        assert any("fold/MNIST/accuracy" in values for values in told)
    means = [m["values"] for m in heard.of("metrics", second["run"])]
    assert any("mean/MNIST/accuracy" in values for values in means)


def test_a_start_without_resume_begins_anew_and_says_so(
    here: Here, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here.most = 1
    for _ in range(2):
        cross_validate(QUICK, FOLDS, data_dir, tmp_path / "results")

    assert here.trained == [0, 0]
    assert "1 finished folds of an earlier start are replaced" in capsys.readouterr().out


def test_a_fold_that_was_damaged_is_trained_again(
    here: Here, data_dir: Path, tmp_path: Path
) -> None:
    here.most = 2
    cross_validate(QUICK, FOLDS, data_dir, tmp_path / "results")
    (damaged,) = (tmp_path / "unfinished").rglob("fold-1.safetensors")
    damaged.write_bytes(damaged.read_bytes()[:-1])
    here.most = 100

    cross_validate(QUICK, FOLDS, data_dir, tmp_path / "results", resume=True)

    assert here.trained == [0, 1, 0, 2]


@pytest.mark.parametrize("other", ["folds", "options", "nothing"])
def test_nothing_to_resume_is_a_sentence(
    other: str, here: Here, data_dir: Path, tmp_path: Path
) -> None:
    here.most = 0 if other == "nothing" else 1
    cross_validate(QUICK, FOLDS, data_dir, tmp_path / "results")
    how = CrossValidation(folds=4) if other == "folds" else FOLDS
    options = QUICK.__class__(network=QUICK.network, epochs=2) if other == "options" else QUICK

    with pytest.raises(BadOption, match="--resume: no fold is finished"):
        cross_validate(options, how, data_dir, tmp_path / "results", resume=True)
