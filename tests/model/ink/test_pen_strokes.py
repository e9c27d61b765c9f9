"""Strokes on a browser's canvas: what is taken, and how it is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model import Recogniser
from model.errors import BadDrawing, NoInk
from model.ink.pen_strokes import (
    MOST_POINTS,
    MOST_STROKES,
    SIDE_PX,
    PenStroke,
    check_strokes,
    from_quick_draw,
    picture,
    to_quick_draw,
)
from tests.browser.strokes import DIGITS, scaled


def a_stroke(**changes: Any) -> dict[str, Any]:
    return {"x": [40, 200.5, 90], "y": [20, 20, 250], "pen": 18} | changes


def digit(value: int, pen_px: float = 18) -> list[PenStroke]:
    strokes = scaled(DIGITS[value], SIDE_PX)
    return check_strokes(
        [{"x": [x for x, _ in s], "y": [y for _, y in s], "pen": pen_px} for s in strokes]
    )


def ink_box(pixels: np.ndarray) -> tuple[int, int, int, int]:  # type: ignore[type-arg]
    rows, columns = np.nonzero(pixels > 127)
    return rows.min(), rows.max() + 1, columns.min(), columns.max() + 1


def test_strokes_are_taken_as_they_are():
    (stroke,) = check_strokes([a_stroke()])

    assert stroke.points.tolist() == [[40, 20], [200.5, 20], [90, 250]]
    assert stroke.pen_px == 18


@pytest.mark.parametrize(
    "sent",
    [
        None,
        {},
        "strokes",
        [None],
        [[[1, 2], [3, 4]]],
        [a_stroke(x=[1])],
        [a_stroke(x=[], y=[])],
        [a_stroke(x="123")],
        [a_stroke(y=[1, 2, None])],
        [a_stroke(y=[1, 2, True])],
        [a_stroke(y=[1, 2, float("nan")])],
        [a_stroke(y=[1, 2, float("inf")])],
        [a_stroke(y=[1, 2, 1e9])],
        [a_stroke(pen=None)],
        [a_stroke(pen=0)],
        [a_stroke(pen=65)],
        [a_stroke(pen="18")],
        [a_stroke()] * (MOST_STROKES + 1),
        [a_stroke(x=[1] * (MOST_POINTS + 1), y=[1] * (MOST_POINTS + 1))],
        [a_stroke(x=[1] * 51, y=[1] * 51)] * MOST_STROKES,
    ],
)
def test_everything_else_is_refused(sent: Any):
    with pytest.raises(BadDrawing):
        check_strokes(sent)


def test_the_most_that_is_allowed_is_taken():
    strokes = [a_stroke(x=[1] * 50, y=[2] * 50)] * MOST_STROKES

    assert len(check_strokes(strokes)) == MOST_STROKES


@pytest.mark.parametrize("value", range(10))
def test_every_digit_of_our_own_hand_is_read_from_its_strokes(value: int):
    assert Recogniser.load().predict(picture(digit(value))).label == str(value)


@pytest.mark.parametrize("pen_px", [12, 24])
def test_a_line_is_as_thick_as_its_pen_and_round_at_its_ends(pen_px: float):
    line = check_strokes([{"x": [60, 220], "y": [140, 140], "pen": pen_px}])

    pixels = np.asarray(picture(line))

    top, bottom, left, right = ink_box(pixels)
    assert bottom - top == pytest.approx(pen_px, abs=1)
    assert right - left == pytest.approx(160 + pen_px, abs=1)
    assert pixels[top, left] == 0


def test_a_curve_is_round_and_has_no_seams():
    corner = check_strokes([{"x": [60, 60, 220], "y": [60, 220, 220], "pen": 24}])

    pixels = np.asarray(picture(corner))

    assert pixels[215, 65] == 0  # the way of the points, which the curve cuts short
    along = [140 - step for step in range(-40, 41)]
    assert min(pixels[row, 60] for row in range(70, 120)) == 255
    assert min(pixels[220, column] for column in along) == 255


def test_only_the_part_with_ink_is_drawn_and_comes_out_as_the_whole_does():
    part = digit(3)
    corners = check_strokes([a_stroke(x=[0, 280], y=[y, y], pen=1) for y in (0, 280)])

    alone, beside = (np.asarray(picture(strokes)) for strokes in (part, [*part, *corners]))

    assert np.array_equal(alone[20:260], beside[20:260])


def test_a_pen_that_leaves_the_canvas_and_comes_back_is_cut_at_its_edge():
    stroke = check_strokes([a_stroke(x=[100, -5000, 100], y=[100, 140, 180])])

    pixels = np.asarray(picture(stroke))

    assert pixels.shape == (SIDE_PX, SIDE_PX)
    assert (pixels[:, 0] > 127).any()


@pytest.mark.parametrize("strokes", [[], check_strokes([a_stroke(x=[900, 950, 990])])])
def test_without_ink_on_the_canvas_there_is_nothing_to_read(strokes: list[PenStroke]):
    with pytest.raises(NoInk):
        Recogniser.load().predict(picture(strokes))


def test_kept_strokes_are_whole_numbers_inside_quick_draws_square():
    strokes = check_strokes([a_stroke(x=[-30, 400], y=[12.4, 281])])

    assert to_quick_draw(strokes) == [[[0, 255], [11, 255]]]


def test_a_resting_pen_adds_no_points():
    strokes = check_strokes([a_stroke(x=[100, 100.1, 100, 200], y=[100, 100.2, 100, 100])])

    assert to_quick_draw(strokes) == [[[91, 182], [91, 91]]]


def test_kept_strokes_are_drawn_again_where_they_were():
    strokes = digit(4)

    again = from_quick_draw(to_quick_draw(strokes), [18] * len(strokes))

    drawn, redrawn = (np.asarray(picture(s)) > 127 for s in (strokes, again))
    assert (drawn & redrawn).sum() > 0.95 * (drawn | redrawn).sum()
