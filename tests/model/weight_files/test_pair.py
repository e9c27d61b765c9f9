from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from model.errors import BadWeights, WeightsError, WeightsNotFound
from model.weight_files.pair import read_to_predict
from model.weight_files.places import (
    BASELINE_WEIGHTS,
    DEFAULT_WEIGHTS,
    Pair,
    pair_of,
    write_files,
)
from model.weight_files.tensors import read_tensors
from tests.model.weight_files.pairs import graph_of, write_like


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    write_like(tmp_path / "w.safetensors")
    return tmp_path / "w.safetensors"


@pytest.mark.parametrize(
    ("name", "tensors", "graph"),
    [
        ("w.safetensors", "w.safetensors", "w.onnx"),
        ("w.onnx", "w.safetensors", "w.onnx"),
        ("trial.v2.onnx", "trial.v2.safetensors", "trial.v2.onnx"),
        ("trial.v2", "trial.v2", "trial.v2.onnx"),
    ],
)
def test_either_name_leads_to_both_files(name: str, tensors: str, graph: str) -> None:
    folder = Path("some/where")

    assert pair_of(folder / name) == Pair(folder / tensors, folder / graph)


@pytest.mark.parametrize("shipped", [DEFAULT_WEIGHTS, BASELINE_WEIGHTS])
def test_shipped_files_are_a_pair_that_carries_the_tensors_digest(shipped: Path) -> None:
    _, card = read_to_predict(shipped)

    assert card == read_tensors(shipped)[1]
    assert card.version == f"{shipped.stem}-{card.digest[:8]}"
    assert b'"digest":"\\"' in shipped.read_bytes()[:8000]


def test_either_name_loads_the_same(weights: Path) -> None:
    assert read_to_predict(weights) == read_to_predict(weights.with_suffix(".onnx"))


def test_the_graph_alone_predicts(weights: Path) -> None:
    before = read_to_predict(weights)
    weights.unlink()

    assert read_to_predict(weights.with_suffix(".onnx")) == before
    assert read_to_predict(weights) == before


def test_missing_weights_are_named_as_they_were_asked_for(tmp_path: Path) -> None:
    with pytest.raises(WeightsNotFound, match=r"nowhere\.onnx.*--mode train.*WEIGHTS"):
        read_to_predict(tmp_path / "nowhere.onnx")


def test_tensors_without_their_graph_are_answered_with_the_command_that_makes_it(
    tmp_path: Path,
) -> None:
    tensors = tmp_path / "my weights.safetensors"
    shutil.copy(BASELINE_WEIGHTS, tensors)

    with pytest.raises(WeightsNotFound) as refusal:
        read_to_predict(tensors)
    assert f"`python -m model.export '{tensors}'`" in str(refusal.value)


def test_files_that_do_not_belong_together_are_refused(weights: Path) -> None:
    shutil.copy(DEFAULT_WEIGHTS, weights)

    for name in (weights, weights.with_suffix(".onnx")):
        with pytest.raises(BadWeights, match=r"does not belong to w\.safetensors.*model\.export"):
            read_to_predict(name)


def test_a_card_of_its_own_makes_no_pair(weights: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "w.safetensors"
    write_like(other, temperature=9.0)
    shutil.copy(other.with_suffix(".onnx"), weights.with_suffix(".onnx"))

    with pytest.raises(BadWeights, match="does not belong"):
        read_to_predict(weights)


def test_damaged_tensors_beside_a_whole_graph_are_refused(weights: Path) -> None:
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)

    with pytest.raises(BadWeights, match="is damaged"):
        read_to_predict(weights)


def test_a_full_disk_leaves_both_older_files_and_says_so(
    weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in weights.parent.iterdir()}
    synced: list[int] = []

    def full(handle: int) -> None:
        synced.append(handle)
        if len(synced) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    # The writes themselves are real; only the moment at which the disk runs full is made.
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WeightsError, match=r"w\.onnx: No space left on device.*--out"):
        write_like(weights, temperature=9.0)

    assert {path.name: path.read_bytes() for path in weights.parent.iterdir()} == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_place_that_cannot_be_written_is_named() -> None:
    with pytest.raises(WeightsError, match=r"could not write the weights to /dev/full/w"):
        write_files({Path("/dev/full/w.safetensors"): b"1"})


def test_graphs_for_tests_are_the_shipped_ones(weights: Path) -> None:
    assert read_to_predict(weights)[0] == graph_of(BASELINE_WEIGHTS)
