"""A whole tuning, of small data: members, report, notes, and no pickle anywhere."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.datasets.mnist import load_mnist
from model.ensemble.members import load_members
from model.errors import FoldError
from model.tuning import finished_candidates, member_data
from model.tuning import tune as whole
from model.tuning.grids import BadGrid, Grid, Request
from model.tuning.tune import Progress, Stopped, tune
from model.tuning.tuning_table import format_tuning
from tests.model.crossval.pools import write_data
from tests.model.tracking.heard import listening

REQUEST = Request(
    {"rf": Grid({"n_estimators": [5, 10]}, 1, 2), "svm": Grid({"C": [1, 10]}, 1, 2)}, subset=200
)
SEVEN = {"best_params", "accuracy", "test_accuracy", "test_loss", "roc_auc_score", "recall"}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finished_candidates, "UNFINISHED", tmp_path / "unfinished")
    monkeypatch.setattr(member_data, "CACHE", tmp_path / "renderings")


@pytest.fixture
def tuned(data_dir: Path, tmp_path: Path) -> dict[str, Any]:
    return tune(REQUEST, data_dir, tmp_path / "models", results_dir=tmp_path / "results")


def test_a_tuning_leaves_members_that_read_with_the_figures_that_it_reports(
    tuned: dict[str, Any], data_dir: Path, tmp_path: Path
) -> None:
    ensemble = load_members(tmp_path / "models")

    test = load_mnist(data_dir, train=False)
    shares = ensemble.read(test.images.numpy())["svm"]
    right = (shares.argmax(axis=1) == test.labels.numpy()).mean()
    assert right == tuned["models"]["svm"]["test_accuracy"]
    assert right > 0.5
    assert ensemble.report == json.loads((tmp_path / "results" / "tuned_models.json").read_text())
    assert set(tuned["models"]) == {"best_model", "rf", "svm"}
    assert all(set(model) >= SEVEN for model in tuned["models"].values())
    assert tuned["models"]["best_model"]["name"] == ensemble.best_member


def test_the_best_never_reads_validation_worse_than_another(tuned: dict[str, Any]) -> None:
    readers = tuned["readers"]

    best = readers[tuned["best"]]["validation"]["accuracy"]

    assert best == max(reader["validation"]["accuracy"] for reader in readers.values())


def test_a_vote_that_reads_validation_worse_is_not_the_best(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = whole.rank
    calls: list[int] = []

    def rank(*given: Any) -> tuple[float, float]:
        calls.append(1)
        accuracy, loss = real(*given)
        return (accuracy - 0.5 if len(calls) == 3 else accuracy, loss)  # the third is the vote's

    monkeypatch.setattr(whole, "rank", rank)

    report = tune(REQUEST, data_dir, tmp_path / "models")

    assert report["best"] == report["models"]["best_model"]["name"]


def test_drawn_digits_are_learnt_and_tested_where_they_are(tuned: dict[str, Any]) -> None:
    assert tuned["training_data"].keys() == {"MNIST", "pen digits"}
    assert tuned["readers"]["svm"]["drawn"]["images"] > 0


def test_one_member_alone_is_its_own_best_and_has_no_vote(data_dir: Path, tmp_path: Path) -> None:
    report = tune(Request({"rf": REQUEST.grids["rf"]}, subset=200), data_dir, tmp_path)

    assert (report["best"], report["vote"]) == ("rf", None)
    assert not load_members(tmp_path).can_vote


def test_no_pickle_and_no_joblib_file_is_written_anywhere(
    tuned: dict[str, Any], tmp_path: Path
) -> None:
    files = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert {path.suffix for path in files} <= {".onnx", ".json", ".txt", ".npz"}
    for path in files:
        content = path.read_bytes()
        assert not content.startswith((b"\x80\x04", b"\x80\x05", b"\x80\x03"))
        if path.suffix == ".npz":
            with zipfile.ZipFile(path) as parts:
                assert all(np.load(parts.open(it)).dtype != object for it in parts.namelist())


def test_no_file_of_the_product_opens_or_makes_a_pickle() -> None:
    root = Path(whole.__file__).parent.parent
    for room in ("tuning", "estimators", "ensemble"):
        for path in (root / room).glob("*.py"):
            text = path.read_text()
            assert not any(
                word in text
                for word in ("import pickle", "joblib.dump", "joblib.load", "torch.save", "skops")
            ), path


def test_whoever_stops_it_finds_the_members_as_they_were_and_can_go_on(
    data_dir: Path, tmp_path: Path
) -> None:
    said: list[Progress] = []

    def stop() -> bool:
        return bool(said) and said[-1].member == "svm"

    with pytest.raises(Stopped):
        tune(REQUEST, data_dir, tmp_path / "models", progress=said.append, should_stop=stop)
    assert not list((tmp_path / "models").iterdir())
    said.clear()

    tune(REQUEST, data_dir, tmp_path / "models", resume=True, progress=said.append)

    assert said[0] == Progress("rf", "searching", 4, 4)  # all of it was kept
    assert load_members(tmp_path / "models").names == ("rf", "svm")


def test_a_larger_search_than_there_is_data_is_a_sentence(data_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(BadGrid, match="takes 270 images at most, not 10,000"):
        tune(Request(), data_dir, tmp_path)


def test_a_scheduler_that_is_away_is_named_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(FoldError, match="no Dask scheduler answers there"):
        tune(REQUEST, tmp_path / "nowhere", tmp_path, scheduler="tcp://127.0.0.1:9")


def test_a_tracked_tuning_has_a_run_for_each_member_and_candidate(
    data_dir: Path, tmp_path: Path
) -> None:
    tracker, heard = listening()

    with tracker.run("tune", mode="tune") as run:
        tune(REQUEST, data_dir, tmp_path, run=run)

    begun = heard.of("begin")
    assert [it["name"] for it in begun] == ["tune", "rf", "rf 1", "rf 2", "svm", "svm 1", "svm 2"]
    parents = {it["name"]: it["parent"] for it in begun}
    numbers = {it["name"]: it["run"] for it in begun}
    assert parents["svm"] == numbers["tune"]
    assert parents["svm 2"] == numbers["svm"]


def test_the_table_names_every_member_and_the_vote(tuned: dict[str, Any]) -> None:
    table = format_tuning(tuned)

    starts = [line.split()[0] for line in table.splitlines() if "%" in line]
    assert starts[:3] == ["rf", "svm", "vote"]
    assert "are read by nobody" in table
