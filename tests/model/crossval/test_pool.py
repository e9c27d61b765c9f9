from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from model.crossval import pool as pool_file
from model.crossval.fold import divide
from model.crossval.pool import Pool, make_pool
from model.datasets.mnist import load_mnist
from model.networks.registry import SIX_CONVOLUTIONS
from model.synthesis.training_images import NO_DIGIT
from model.training import options, run
from model.training.data import ScansAndStrokes
from model.training.options import BadOption, TrainingOptions
from tests.model.crossval.pools import QUICK, small, tasks, write_data

FOLDS = 4
OPTIONS = TrainingOptions(epochs=1)


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(options.RECIPES, SIX_CONVOLUTIONS, small(options.RECIPES[SIX_CONVOLUTIONS]))
        patch.setattr(run, "CACHE", tmp_path_factory.mktemp("cache"))
        patch.setattr(run, "ROUNDS", 2)
        patch.setattr(run, "LETTER_ROUNDS", 1)
        patch.setattr(run, "SCRIBBLES", 30)
        yield


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def pool(sizes: None, data_dir: Path) -> Pool:
    return make_pool(data_dir, OPTIONS, FOLDS)


def test_test_sites_and_mnists_test_set_take_no_part(pool: Pool, data_dir: Path) -> None:
    # Of 4 sites with 12 writers each, two test; each writer drew five digits and a letter.
    assert len(pool.scans) == 300
    assert (pool.scans.images == load_mnist(data_dir, train=True).images.numpy()).all()
    assert len(np.unique(pool.strokes.writers)) == 24
    assert len(pool.drawn) == 24 * 5
    assert len(pool.strokes) == 24 * 5 * 2
    assert len(pool.letters) == 24
    assert set(pool.letters.labels) == {NO_DIGIT}


def test_a_writer_is_in_one_fold_in_every_rendering(pool: Pool) -> None:
    parts = (pool.strokes, pool.letters, pool.drawn)
    writers = np.concatenate([part.writers for part in parts])
    folds = np.concatenate([part.folds for part in parts])

    for writer in np.unique(writers):
        assert len(set(folds[writers == writer])) == 1


def test_there_is_as_much_that_is_no_digit_for_each_fold_as_for_a_training(pool: Pool) -> None:
    for fold in range(FOLDS):
        assert int((pool.scribbles.folds != fold).sum()) == 30


@pytest.mark.parametrize("fold", range(FOLDS))
def test_no_hand_is_on_two_sides(pool: Pool, fold: int) -> None:
    marked = {
        name: pool_file.Pictures(
            # each picture shows the number of its writer, so that it can be told later
            np.broadcast_to(part.writers[:, None, None], (len(part), 28, 28)).astype(np.uint8),
            part.labels,
            part.folds,
            part.writers,
        )
        for name in ("strokes", "letters", "drawn")
        for part in [getattr(pool, name)]
    }
    task = tasks(FOLDS, OPTIONS)[fold]

    training, validation, held_out = divide(
        Pool(scans=pool.scans, scribbles=pool.scribbles, **marked), task
    )

    assert isinstance(training, ScansAndStrokes)
    trains = {*training.strokes.images[:, 0, 0].tolist()}
    trains |= {*training.letters.images[:, 0, 0].tolist()}
    chooses, scored = ({*part["pen"].images[:, 0, 0].tolist()} for part in (validation, held_out))
    assert chooses
    assert scored == {*pool.drawn.writers[pool.drawn.folds == fold].tolist()}
    assert not trains & chooses
    assert not trains & scored
    assert not chooses & scored
    assert trains | chooses | scored == {*pool.drawn.writers.tolist()}


def test_every_scan_is_scored_once_and_trains_or_chooses_otherwise(pool: Pool) -> None:
    scored = []
    for task in tasks(FOLDS, OPTIONS):
        training, validation, held_out = divide(pool, task)
        assert training.sizes["MNIST"] + len(validation["MNIST"]) + len(held_out["MNIST"]) == 300
        scored.append(held_out["MNIST"].images)

    together = torch.cat(scored).numpy().reshape(300, -1)
    everything = pool.scans.images.reshape(300, -1)
    assert sorted(map(bytes, together)) == sorted(map(bytes, everything))


def test_images_are_rendered_once(
    pool: Pool, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_file, "_render", lambda *_: pytest.fail("rendered again"))

    again = make_pool(data_dir, OPTIONS, FOLDS)

    assert (again.strokes.images == pool.strokes.images).all()
    assert (again.strokes.folds == pool.strokes.folds).all()


def test_another_seed_makes_other_folds(pool: Pool, data_dir: Path) -> None:
    other = make_pool(data_dir, TrainingOptions(epochs=1, seed=1), FOLDS)

    assert (other.scans.folds != pool.scans.folds).any()
    assert (other.drawn.folds != pool.drawn.folds).any()


def test_without_pen_strokes_there_are_scans_and_scribbles(sizes: None, tmp_path: Path) -> None:
    folder = write_data(tmp_path)
    (folder / "pen" / "some.ndjson.gz").unlink()

    training, validation, held_out = divide(
        make_pool(folder, OPTIONS, FOLDS), tasks(FOLDS, OPTIONS)[0]
    )

    assert training.sizes["pen digits"] == training.sizes["letters"] == 0
    assert training.sizes["scribbles"] == 30
    assert len(training) == 70
    assert validation.keys() == held_out.keys() == {"MNIST"}


def test_what_trains_on_scans_alone_renders_nothing(data_dir: Path) -> None:
    made = make_pool(data_dir, QUICK, FOLDS)

    assert len(made.scans) == 300
    assert len(made.drawn) == len(made.scribbles) == 0


def test_more_folds_than_writers_are_refused(sizes: None, tmp_path: Path) -> None:
    with pytest.raises(BadOption, match="only 2 writers"):
        make_pool(write_data(tmp_path, writers=1), OPTIONS, FOLDS)
