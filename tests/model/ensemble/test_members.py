"""Tuned members are read from their folder, whole or not at all."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from environment import ROOT
from model.ensemble.manifest import FILE
from model.ensemble.members import NoMembers, load_members
from model.errors import BadDrawing, BadWeights
from tests.model.ensemble.made_members import write_two

PAPER = np.zeros((3, 28, 28), np.uint8)


def test_each_member_reads_and_the_vote_weighs_them(tmp_path: Path) -> None:
    write_two(tmp_path, rf=3, svm=5)

    ensemble = load_members(tmp_path)

    shares = ensemble.read(PAPER)
    assert ensemble.names == ("rf", "svm")
    assert {name: rows.argmax(axis=1).tolist() for name, rows in shares.items()} == {
        "rf": [3, 3, 3],
        "svm": [5, 5, 5],
    }
    np.testing.assert_allclose(
        ensemble.vote(PAPER), 0.25 * shares["rf"] + 0.75 * shares["svm"], atol=1e-9
    )
    assert (ensemble.best, ensemble.best_member, ensemble.can_vote) == ("vote", "svm", True)


@pytest.mark.parametrize("count", [0, 1, 300])
def test_any_number_of_images_is_read_one_alone_too(tmp_path: Path, count: int) -> None:
    write_two(tmp_path)

    shares = load_members(tmp_path).vote(np.zeros((count, 784), np.uint8))

    assert shares.shape == (count, 10)
    np.testing.assert_allclose(shares.sum(axis=1), 1)


@pytest.mark.parametrize(
    "images",
    [np.zeros((1, 783), np.uint8), np.zeros((28, 28), np.uint8), np.zeros((1, 784), np.float32)],
)
def test_what_is_no_ink_is_refused(tmp_path: Path, images: np.ndarray) -> None:
    write_two(tmp_path)
    ensemble = load_members(tmp_path)

    with pytest.raises(BadDrawing, match="expected uint8"):
        ensemble.read(images)


def test_an_empty_folder_has_no_members(tmp_path: Path) -> None:
    with pytest.raises(NoMembers, match="make tune"):
        load_members(tmp_path / "away")


def test_a_graph_that_is_not_its_cards_is_refused(tmp_path: Path) -> None:
    manifest = write_two(tmp_path)
    path = tmp_path / f"{manifest.versions['rf']}.onnx"
    path.write_bytes(path.read_bytes() + b" ")

    with pytest.raises(BadWeights, match=f"{path} is damaged"):
        load_members(tmp_path)


def test_a_graph_that_is_missing_is_named(tmp_path: Path) -> None:
    manifest = write_two(tmp_path)
    path = tmp_path / f"{manifest.versions['svm']}.onnx"
    path.unlink()

    with pytest.raises(BadWeights, match=f"{path} is missing"):
        load_members(tmp_path)


def test_a_pickle_in_a_graphs_place_is_never_opened(tmp_path: Path) -> None:
    manifest = write_two(tmp_path)
    path = tmp_path / f"{manifest.versions['svm']}.onnx"
    path.write_bytes(pickle.dumps(print))

    with pytest.raises(BadWeights, match="is a pickle"):
        load_members(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "another"},
        {"members": {}},
        {"members": {"rf": "../../rf-1", "svm": "svm-1"}},
        {"best": "cnn"},
        {"vote": {"weights": {"rf": 1.0}, "temperature": 1.0}},
        {"vote": {"weights": {"rf": -1.0, "svm": 2.0}, "temperature": 1.0}},
        {"vote": {"weights": {"rf": 0.5, "svm": 0.5}, "temperature": 0}},
    ],
)
def test_an_ensemble_that_contradicts_itself_is_refused(
    tmp_path: Path, change: dict[str, object]
) -> None:
    write_two(tmp_path)
    path = tmp_path / FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | change))

    with pytest.raises(BadWeights, match=f"{path} "):
        load_members(tmp_path)


def test_another_tuning_replaces_all_of_the_one_before(tmp_path: Path) -> None:
    write_two(tmp_path, rf=3, svm=5)
    (tmp_path / "notes.json").write_text("{}")

    write_two(tmp_path, rf=7, svm=5)

    assert load_members(tmp_path).read(PAPER)["rf"].argmax(axis=1).tolist() == [7, 7, 7]
    assert len(list(tmp_path.glob("*.onnx"))) == 2
    assert (tmp_path / "notes.json").is_file()


def test_reading_needs_neither_torch_nor_scikit_learn() -> None:
    code = (
        "import sys, model.ensemble.members as m; "
        "print(*{'torch', 'sklearn', 'joblib', 'xgboost'} & set(sys.modules))"
    )

    loaded = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)

    assert loaded.split() == []
