from __future__ import annotations

import numpy as np

from model.composition.line_images import canvas_strip, sketch_line
from model.line_ink.line_strip import HEIGHT_PX, MARGIN_PX

LINE = [
    [[0, 0], [0, 255]],
    [[120, 120], [0, 255]],
    [[400, 520, 520, 400, 400], [0, 0, 255, 255, 0]],
]


def columns_with_ink(strip: np.ndarray) -> int:
    """How many separate groups of columns hold ink."""
    has_ink = (strip > 100).any(axis=0).astype(int)
    return int((np.diff(np.r_[0, has_ink]) == 1).sum())


def test_a_line_on_a_canvas_keeps_its_characters_apart() -> None:
    for seed in range(10):
        strip = canvas_strip(LINE, seed)

        assert strip.shape[0] == HEIGHT_PX
        assert strip.dtype == np.uint8
        assert columns_with_ink(strip) == 3


def test_a_canvas_is_as_wide_as_a_long_line_needs() -> None:
    long = [[[x, x], [0, 255]] for x in range(0, 1500, 100)]

    strip = canvas_strip(long, 0)

    assert strip.shape[1] > 3 * HEIGHT_PX
    assert columns_with_ink(strip) == 15


def test_a_seed_gives_the_same_strip_and_another_seed_another() -> None:
    assert np.array_equal(canvas_strip(LINE, 1), canvas_strip(LINE, 1))
    assert not np.array_equal(canvas_strip(LINE, 1), canvas_strip(LINE, 2))
    first, again, other = (sketch_line(LINE, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_sketches_have_white_ink_on_black() -> None:
    chance = np.random.default_rng(0)

    for _ in range(40):
        strip = sketch_line(LINE, chance)
        assert strip.max() == 255
        assert strip[:, : MARGIN_PX // 2].max() < 128
        assert 0.02 < (strip > 100).mean() < 0.75


def test_sketches_have_thin_pens_and_thick_ones() -> None:
    chance = np.random.default_rng(0)

    shares = [float((sketch_line(LINE, chance) > 100).mean()) for _ in range(60)]

    assert max(shares) > 2.5 * min(shares)
