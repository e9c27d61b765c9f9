from __future__ import annotations

import numpy as np
import pytest

from model.ink.pen_lines import smooth, to_lines
from model.ink.preprocess import prepare
from model.synthesis.line_rendering import SIDE_PX, distort, draw, sketch

SEVEN = to_lines([[[40, 200, 90], [20, 20, 250]], [[60, 170], [130, 130]]])


def ink_of(canvas: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """Ink as 0..255 whatever the polarity; the canvas's corner is paper."""
    return np.abs(canvas.astype(int) - int(canvas[0, 0]))


@pytest.mark.parametrize("seed", range(40))
def test_every_sketch_lies_on_its_canvas_and_can_be_prepared(seed: int) -> None:
    canvas = sketch(SEVEN, np.random.default_rng(seed))

    ink = ink_of(canvas)
    assert canvas.dtype == np.uint8
    assert SIDE_PX[0] <= canvas.shape[0] == canvas.shape[1] < SIDE_PX[1]
    assert not ink[[0, -1]].any()
    assert not ink[:, [0, -1]].any()
    assert prepare(canvas).max() == 255


def test_no_two_sketches_are_the_same_unless_chance_is() -> None:
    sketches = [prepare(sketch(SEVEN, np.random.default_rng(seed))) for seed in (1, 2, 1)]

    assert np.abs(sketches[0].astype(int) - sketches[1]).max() > 50
    assert np.array_equal(sketches[0], sketches[2])


def test_pens_run_from_hair_thin_to_very_thick() -> None:
    shares = [
        (ink_of(draw(SEVEN, np.random.default_rng(seed))) > 127).mean() for seed in range(200)
    ]

    assert max(shares) > 6 * min(shares)


def test_both_polarities_are_drawn() -> None:
    papers = {int(draw(SEVEN, np.random.default_rng(seed))[0, 0]) for seed in range(20)}

    assert papers == {0, 255}


def test_a_distorted_drawing_keeps_its_strokes_and_their_points() -> None:
    distorted = distort(SEVEN, np.random.default_rng(0))

    assert [line.shape for line in distorted] == [line.shape for line in SEVEN]
    assert 0.6 < np.ptp(np.concatenate(distorted), axis=0).max() < 2


def test_a_smoothed_line_keeps_its_ends_and_stays_between_its_points() -> None:
    line = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [20.0, 10.0]])

    smoothed = smooth(line)

    assert smoothed[0].tolist() == [0, 0]
    assert smoothed[-1].tolist() == [20, 10]
    assert len(smoothed) > len(line)
    assert smoothed.min() >= 0
    assert smoothed[:, 1].max() <= 10


def test_one_touch_is_a_dot_however_it_is_drawn() -> None:
    canvas = sketch(to_lines([[[5], [5]]]), np.random.default_rng(0))

    assert ink_of(canvas).max() == 255
