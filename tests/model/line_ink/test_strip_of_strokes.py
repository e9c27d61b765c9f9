from __future__ import annotations

import numpy as np
import pytest

from model.line_ink.line_strip import (
    HEIGHT_PX,
    MARGIN_PX,
    WIDEST_PX,
    lay_out,
    strip_of_strokes,
)

STEM = np.array([[0.0, 0.0], [0.0, 100.0]])
FOOT = np.array([[0.0, 100.0], [50.0, 100.0]])


def test_strokes_are_drawn_from_top_to_bottom_as_a_picture_is_laid_out() -> None:
    strip = strip_of_strokes([STEM, FOOT])

    rows, columns = np.nonzero(strip > 128)
    assert strip.shape[0] == HEIGHT_PX
    assert (rows.min(), rows.max()) == (MARGIN_PX, HEIGHT_PX - MARGIN_PX - 1)
    assert columns.min() == MARGIN_PX
    assert (strip[:30, 20:] == 0).all()  # nothing over the foot


def test_where_strokes_stand_and_their_unit_change_nothing() -> None:
    moved = [line * 40 + 7000 for line in (STEM, FOOT)]

    assert np.array_equal(strip_of_strokes([STEM, FOOT]), strip_of_strokes(moved))


def test_a_point_is_a_spot() -> None:
    strip = strip_of_strokes([np.array([[5.0, 5.0]])])

    assert strip.max() == 255
    assert strip.shape[1] <= HEIGHT_PX + 2


@pytest.mark.parametrize("width", [30, 5000])
def test_long_lines_of_strokes_stay_within_the_widest_strip(width: float) -> None:
    strip = strip_of_strokes([STEM, STEM + np.array([100.0 * width, 0.0])])

    assert strip.shape[1] <= WIDEST_PX
    assert (strip[:, :40] > 60).any()
    assert (strip[:, -40:] > 60).any()


def test_a_strip_knows_where_in_the_picture_it_lies() -> None:
    sheet = np.zeros((200, 600), np.uint8)
    sheet[50:150, 100:110] = sheet[50:150, 300:310] = 255

    strip = lay_out(sheet, sheet > 0)

    columns = np.flatnonzero((strip.pixels > 128).any(axis=0))
    assert columns[0] / strip.scale + strip.left == pytest.approx(100, abs=2)
    assert (columns[-1] + 1) / strip.scale + strip.left == pytest.approx(310, abs=2)
    assert strip.box == (slice(50, 150), slice(100, 310))
