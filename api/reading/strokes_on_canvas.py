"""Strokes that a program recorded, laid on a canvas as if they had been drawn there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import BadDrawing, NoInk
from model.ink.pen_strokes import (
    FARTHEST_PX,
    MOST_POINTS,
    MOST_STROKES,
    PAPER_PX,
    SIDE_PX,
    PenStroke,
    check_strokes,
)
from model.line_ink.line_strip import PEN
from model.line_ink.part_rows import part_rows

PEN_PX = 18.0  # the dashboard's own pen
MOST_WRITTEN_STROKES, MOST_WRITTEN_POINTS = 2_000, 20_000
LONGEST_PX = 200.0  # of a drawing's sides, as people draw on a canvas of 280 px
PEN_PX_ON_PAPER, MARGIN_PX = (1.0, 24.0), 20.0
FORM = "expected strokes: [[[x, ...], [y, ...]], ...], as many numbers of either"


def on_canvas(strokes: object) -> list[PenStroke]:
    """Return strokes as the canvas has them; raises BadDrawing for what is none.

    strokes: in Quick, Draw! form, any unit, which are made to fit; or as the dashboard's canvas
    sends them, `[{"x": [...], "y": [...], "pen": 18}, ...]`, px of 280, which stay where they are.
    """
    if _are_of_pad(strokes):
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
    if _are_of_pad(strokes):
        lines: list[Any] = [stroke.points for stroke in _of_pad(strokes)]
    else:
        lines = [_line(stroke) for stroke in _listed(strokes, MOST_WRITTEN_STROKES)]
    if sum(len(line) for line in lines) > MOST_WRITTEN_POINTS:
        raise BadDrawing(f"a drawing has at most {MOST_WRITTEN_POINTS:,} points")
    return [line.T.tolist() for line in lines]


@dataclass(frozen=True)
class OnPaper:
    """Strokes of writing on the dashboard's paper, moved there by place * scale + move."""

    pens: list[PenStroke]
    scale: float
    move: tuple[float, float]  # px

    def laid(self, box: Sequence[float]) -> tuple[float, float, float, float]:
        """Return a box, left, top, right, bottom in the strokes' own unit, in px of the paper."""
        left, top, right, bottom = (side * self.scale for side in box)
        return left + self.move[0], top + self.move[1], right + self.move[0], bottom + self.move[1]


def on_paper(strokes: object) -> OnPaper:
    """Return strokes of writing as the dashboard's paper has them, 840 x 280 px.

    strokes: as `as_quick_draw` takes them; it raises the same. Those of the dashboard's own form
    stay where they are if all of them lie on the paper; everything else is made to fit.
    """
    pens = _of_pad(strokes) if _are_of_pad(strokes) else []
    lines = [np.array(line, np.float64).T for line in as_quick_draw(strokes)]
    if not lines:
        raise NoInk("I see no ink here: there are no strokes")
    boxes = np.array([[*line.min(axis=0), *line.max(axis=0)] for line in lines])
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    size = np.array(PAPER_PX, np.float64)
    if pens and (low >= 0).all() and (high <= size).all():
        return OnPaper(pens, 1.0, (0.0, 0.0))
    scale = float(((size - 2 * MARGIN_PX) / np.maximum(high - low, 1e-6)).min())
    move = size / 2 - (low + high) / 2 * scale
    widths = [pen.pen_px * scale for pen in pens] or [_pen_of(boxes) * scale] * len(lines)
    laid = [
        PenStroke(line * scale + move, float(np.clip(width, *PEN_PX_ON_PAPER)))
        for line, width in zip(lines, widths, strict=True)
    ]
    return OnPaper(laid, scale, (float(move[0]), float(move[1])))


def _pen_of(boxes: NDArray[np.float64]) -> float:
    """Return a pen as the reader draws with it: a part of the usual height of a row."""
    rows, _ = part_rows(boxes)
    heights = [boxes[row, 3].max() - boxes[row, 1].min() for row in rows]
    return PEN * float(np.median(heights))


def _are_of_pad(strokes: object) -> bool:
    return isinstance(strokes, list) and bool(strokes) and isinstance(strokes[0], dict)


def _of_pad(strokes: object) -> list[PenStroke]:
    return check_strokes(
        strokes, most_strokes=MOST_WRITTEN_STROKES, most_points=MOST_WRITTEN_POINTS
    )


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
