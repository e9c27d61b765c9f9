from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from model.renderings import NO_DIGIT, Renderings, render_training

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
    return render_training(data_dir, cache, rounds=3, scribbles=5, seed=seed)


@pytest.fixture(scope="module")
def renderings(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Renderings:
    return made(data_dir, tmp_path_factory.mktemp("cache"))


def test_each_digit_of_a_training_site_is_rendered_anew_in_every_round(
    renderings: Renderings,
) -> None:
    assert [digits.labels.tolist() for digits in renderings.digits] == [[1, 7]] * 3
    assert len({digits.images.numpy().tobytes() for digits in renderings.digits}) == 3


def test_what_is_no_digit_is_scribbles_and_the_letters_that_may_be_trained_on(
    renderings: Renderings,
) -> None:
    assert renderings.nondigits.labels.tolist() == [NO_DIGIT] * (1 + 5)
    assert renderings.nondigits.images.shape == (6, 28, 28)


def test_the_cache_gives_what_rendering_gave_and_another_seed_is_rendered_anew(
    data_dir: Path, renderings: Renderings, tmp_path: Path
) -> None:
    first, again = made(data_dir, tmp_path), made(data_dir, tmp_path)
    other = made(data_dir, tmp_path, seed=1)

    assert len(list(tmp_path.iterdir())) == 2
    for one, two in ((first, again), (first, renderings)):
        assert np.array_equal(one.digits[2].images, two.digits[2].images)
        assert np.array_equal(one.nondigits.images, two.nondigits.images)
    assert not np.array_equal(first.digits[0].images, other.digits[0].images)


def test_without_pen_strokes_there_is_nothing_but_scribbles_to_make(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no pen strokes"):
        render_training(tmp_path, tmp_path / "cache", rounds=1, scribbles=1, seed=0)
