"""Strokes that a program recorded, laid on a canvas as if they had been drawn there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from model.errors import BadDrawing, NoInk
from model.ink.pen_strokes import (
    FARTHEST_PX,
    MOST_POINTS,
    MOST_STROKES,
    SIDE_PX,
    PenStroke,
    check_strokes,
)

PEN_PX = 18.0  # the dashboard's own pen
MOST_WRITTEN_STROKES, MOST_WRITTEN_POINTS = 2_000, 20_000
LONGEST_PX = 200.0  # of a drawing's sides, as people draw on a canvas of 280 px
FORM = "expected strokes: [[[x, ...], [y, ...]], ...], as many numbers of either"


def on_canvas(strokes: object) -> list[PenStroke]:
    """Return strokes as the canvas has them; raises BadDrawing for what is none.

    strokes: in Quick, Draw! form, any unit, which are made to fit; or as the dashboard's canvas
    sends them, `[{"x": [...], "y": [...], "pen": 18}, ...]`, px of 280, which stay where they are.
    """
    if isinstance(strokes, list) and strokes and isinstance(strokes[0], dict):
        return check_strokes(strokes)
    lines = [_line(stroke) for stroke in _listed(strokes)]
    if not lines:
        raise NoInk("I see no ink here: there are no strokes")
    if sum(len(line) for line in lines) > MOST_POINTS:
        raise BadDrawing(f"a drawing has at most {MOST_POINTS:,} points")
    places = np.concatenate(lines)
    low, high = places.min(axis=0), places.max(axis=0)
    scale = LONGEST_PX / max(float((high - low).max()), 1e-6)
    middle = (low + high) / 2
    return [PenStroke((line - middle) * scale + SIDE_PX / 2, PEN_PX) for line in lines]


def as_quick_draw(strokes: object) -> list[list[list[float]]]:
    """Return strokes of writing in Quick, Draw! form, whichever of both forms they have.

    Raises BadDrawing for what is none, and for over 2,000 strokes or 20,000 points.
    """
    if isinstance(strokes, list) and strokes and isinstance(strokes[0], dict):
        lines: list[Any] = [stroke.points for stroke in check_strokes(strokes)]
    else:
        lines = [_line(stroke) for stroke in _listed(strokes, MOST_WRITTEN_STROKES)]
    if sum(len(line) for line in lines) > MOST_WRITTEN_POINTS:
        raise BadDrawing(f"a drawing has at most {MOST_WRITTEN_POINTS:,} points")
    return [line.T.tolist() for line in lines]


def _listed(strokes: object, most: int = MOST_STROKES) -> Sequence[Any]:
    if not isinstance(strokes, list):
        raise BadDrawing(FORM)
    if len(strokes) > most:
        raise BadDrawing(f"a drawing has at most {most:,} strokes")
    return strokes


def _line(stroke: object) -> Any:
    """Return a stroke's points, float64 (points, 2)."""
    if not isinstance(stroke, list) or len(stroke) not in (2, 3):  # a third has times
        raise BadDrawing(FORM)
    for numbers in stroke[:2]:
        if not isinstance(numbers, list) or not all(_is_place(number) for number in numbers):
            raise BadDrawing(FORM)
    if not stroke[0] or len(stroke[0]) != len(stroke[1]):
        raise BadDrawing(FORM)
    return np.array(stroke[:2], np.float64).T


def _is_place(number: object) -> bool:
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    return is_number and -FARTHEST_PX <= number <= FARTHEST_PX  # type: ignore[operator]
