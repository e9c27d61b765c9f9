from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from model.crossval import fold as fold_file
from model.crossval.fold import FoldOutcome, train_fold
from model.crossval.pool import Pool, make_pool
from model.networks.checkpoint import load_weights
from model.training.loop import TrainingResult
from tests.model.crossval.pools import QUICK, tasks, write_data


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    return make_pool(write_data(tmp_path_factory.mktemp("data")), QUICK, 3)


@pytest.fixture(scope="module")
def outcome(pool: Pool) -> FoldOutcome:
    return train_fold(pool, tasks(3)[1])


def test_a_fold_is_scored_on_its_own_images(pool: Pool, outcome: FoldOutcome) -> None:
    figures = outcome.parts["MNIST"]

    assert outcome.fold == 1
    assert figures["images"] == int((pool.scans.folds == 1).sum()) == 100
    assert figures["accuracy"] == pytest.approx((figures["correct"] or 0) / 100)
    assert {"f1", "expected_calibration_error", "kept_share"} <= figures.keys()


def test_a_folds_weights_can_be_used(outcome: FoldOutcome, tmp_path: Path) -> None:
    for suffix, content in outcome.files.items():
        (tmp_path / f"w{suffix}").write_bytes(content)

    _, card = load_weights(tmp_path / "w.safetensors")

    assert card == outcome.card
    assert card.training_data == {"MNIST": 180}  # of 300: a third scored, a tenth of it chooses
    assert outcome.files.keys() == {".safetensors", ".onnx"}


def test_the_number_of_threads_changes_no_figure(pool: Pool, outcome: FoldOutcome) -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        again = train_fold(pool, tasks(3)[1])
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)

    assert again.parts == outcome.parts
    assert again.files == outcome.files


def test_a_fold_that_was_broken_off_has_no_outcome(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> TrainingResult:
        return TrainingResult(torch.nn.Identity(), 1, [], "interrupted")

    monkeypatch.setattr(fold_file, "fit", stopped)

    with pytest.raises(KeyboardInterrupt):
        train_fold(pool, tasks(3)[0])


def test_a_lone_writer_trains_and_does_not_choose(pool: Pool) -> None:
    drawn = fold_file.Pictures(
        np.zeros((4, 28, 28), np.uint8),
        np.arange(4),
        np.array([0, 0, 1, 1]),
        np.array([5, 5, 6, 6]),
    )

    assert fold_file._choosers(drawn, 0, seed=0).tolist() == []
