from __future__ import annotations

import errno
import gzip
import json
import os
from pathlib import Path

import numpy as np
import pytest

from model.synthesis.training_images import NO_DIGIT, Renderings, render_training

ONE = [[[120, 125], [0, 255]]]
SEVEN = [[[40, 200, 90], [20, 20, 250]]]
MARK = [[[0, 60, 120, 180, 240], [0, 200, 20, 200, 0]]]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "pen").mkdir()
    rows = [
        {"word": word, "source": site, "writer": "1", "drawing": strokes}
        for word, site, strokes in [
            *[("1", "syn", ONE), ("7", "syn", SEVEN), ("7", "ibm", SEVEN)],
            *[("w", "syn", MARK), ("A", "syn", MARK), ("w", "val", MARK)],
        ]
    ]
    content = gzip.compress("\n".join(map(json.dumps, rows)).encode())
    (folder / "pen" / "some.ndjson.gz").write_bytes(content)
    return folder


def made(data_dir: Path, cache: Path, seed: int = 0) -> Renderings:
    return render_training(data_dir, cache, rounds=3, letter_rounds=2, scribbles=5, seed=seed)


@pytest.fixture(scope="module")
def renderings(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Renderings:
    return made(data_dir, tmp_path_factory.mktemp("cache"))


def test_each_digit_of_a_training_site_is_rendered_anew_in_every_round(
    renderings: Renderings,
) -> None:
    assert renderings.digits.labels.tolist() == [1, 7] * 3
    assert len({image.numpy().tobytes() for image in renderings.digits.images}) == 6


def test_what_is_no_digit_is_scribbles_and_the_letters_that_may_be_trained_on(
    renderings: Renderings,
) -> None:
    assert renderings.letters.labels.tolist() == [NO_DIGIT] * 2  # one letter, twice
    assert renderings.scribbles.labels.tolist() == [NO_DIGIT] * 5
    assert renderings.scribbles.images.shape == (5, 28, 28)


def test_the_cache_gives_what_rendering_gave_and_another_seed_is_rendered_anew(
    data_dir: Path, renderings: Renderings, tmp_path: Path
) -> None:
    first, again = made(data_dir, tmp_path), made(data_dir, tmp_path)
    other = made(data_dir, tmp_path, seed=1)

    assert len(list(tmp_path.iterdir())) == 2
    for one, two in ((first, again), (first, renderings)):
        assert np.array_equal(one.digits.images, two.digits.images)
        assert np.array_equal(one.scribbles.images, two.scribbles.images)
    assert not np.array_equal(first.digits.images, other.digits.images)


def test_a_damaged_cache_is_rendered_anew(
    data_dir: Path, renderings: Renderings, tmp_path: Path
) -> None:
    made(data_dir, tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:300])

    again = made(data_dir, tmp_path)

    assert np.array_equal(again.digits.images, renderings.digits.images)
    assert kept.stat().st_size > 300


def test_a_full_disk_costs_the_cache_and_not_the_training(
    data_dir: Path,
    renderings: Renderings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(np, "savez", full)

    made_anyway = made(data_dir, tmp_path)

    assert np.array_equal(made_anyway.digits.images, renderings.digits.images)
    assert "renderings are not kept" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_without_pen_strokes_there_are_scribbles_alone(tmp_path: Path) -> None:
    made = render_training(
        tmp_path, tmp_path / "cache", rounds=2, letter_rounds=1, scribbles=40, seed=0
    )

    assert (len(made.digits), len(made.letters), len(made.scribbles)) == (0, 0, 40)
