"""Strokes on a browser's canvas: checked as a stranger's, and drawn as the browser draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from model.errors import BadDrawing
from model.ink.pen_lines import Line, draw_line, smooth, to_lines

SIDE_PX = 280  # of the canvas
PAPER_PX = 840, 280  # of the pad for writing
OVERSAMPLING = 3
MOST_STROKES = 100
MOST_POINTS = 5_000  # in all strokes
PEN_PX = 1.0, 64.0  # thinnest and thickest pen
FARTHEST_PX = 10_000.0  # off the canvas: a pen that is held down may leave it
PIECE_PX = 3.0  # of a curve
MOST_PIECES = 2_000  # of a stroke
LARGEST = 255  # of Quick, Draw! coordinates


@dataclass(frozen=True, eq=False)
class PenStroke:
    """One stroke on the canvas; points: (points, 2), px from its top left corner, y down."""

    points: Line
    pen_px: float


def check_strokes(
    strokes: object, *, most_strokes: int = MOST_STROKES, most_points: int = MOST_POINTS
) -> list[PenStroke]:
    """Return strokes that came as JSON, `[{"x": [...], "y": [...], "pen": 18}, ...]`, px.

    Raises BadDrawing for everything else, before anything is drawn: too many strokes or points, a
    pen of no known width, what is no number or far off the canvas.
    """
    if not isinstance(strokes, list):
        raise BadDrawing("expected a list of strokes")
    if len(strokes) > most_strokes:
        raise BadDrawing(f"a drawing has at most {most_strokes} strokes: clear it and begin again")
    checked, points = [], 0
    for stroke in strokes:
        if not isinstance(stroke, dict) or not _are_points(stroke.get("x"), stroke.get("y")):
            raise BadDrawing("expected two equally long lists of numbers, x and y, for each stroke")
        points += len(stroke["x"])
        if points > most_points:
            raise BadDrawing(
                f"a drawing has at most {most_points:,} points: clear it and begin again"
            )
        if not _is_number(stroke.get("pen"), *PEN_PX):
            raise BadDrawing("expected a pen of {:.0f} to {:.0f} px".format(*PEN_PX))
        for numbers in (stroke["x"], stroke["y"]):
            if not all(_is_number(number, -FARTHEST_PX, FARTHEST_PX) for number in numbers):
                raise BadDrawing("expected numbers near the canvas")
        (line,) = to_lines([[stroke["x"], stroke["y"]]])
        checked.append(PenStroke(line, float(stroke["pen"])))
    return checked


def _are_points(x: Any, y: Any) -> bool:
    return isinstance(x, list) and isinstance(y, list) and len(x) == len(y) > 0


def _is_number(value: Any, low: float, high: float) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and low <= value <= high  # not a number lies nowhere


def picture(
    strokes: Sequence[PenStroke], size_px: tuple[int, int] = (SIDE_PX, SIDE_PX)
) -> Image.Image:
    """Return the drawing as the canvas shows it, white on black: L, of the canvas's size.

    size_px: width and height of the canvas.
    """
    sheet = Image.new("L", size_px, 0)
    if not strokes:
        return sheet
    left, top, right, bottom = _box(strokes, size_px)
    if right <= left or bottom <= top:  # all of it beside the canvas
        return sheet
    # Only the part with ink is drawn large: what comes out is the same, in a part of the time.
    size = ((right - left) * OVERSAMPLING, (bottom - top) * OVERSAMPLING)
    large = Image.new("L", size, 0)
    pencil = ImageDraw.Draw(large)
    for stroke in strokes:
        places = (smooth(stroke.points, _steps(stroke.points)) - (left, top)) * OVERSAMPLING
        draw_line(pencil, places, stroke.pen_px * OVERSAMPLING, is_seamless=True)
    sheet.paste(large.reduce(OVERSAMPLING), (left, top))
    return sheet


def _steps(line: Line) -> int:
    """Return how finely a line's curves have to be made for nobody to see that they are not."""
    longest_px = float(np.abs(np.diff(line, axis=0)).max(initial=0.0))
    finest = max(MOST_PIECES // len(line), 1)
    return min(max(round(longest_px / PIECE_PX), 1), finest)


def _box(strokes: Sequence[PenStroke], size_px: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom, px, of the part of the canvas that holds all ink."""
    reaches = np.array([stroke.pen_px / 2 + 2 for stroke in strokes])[:, None]
    lows = np.array([stroke.points.min(axis=0) for stroke in strokes]) - reaches
    highs = np.array([stroke.points.max(axis=0) for stroke in strokes]) + reaches
    left, top = np.floor(lows.min(axis=0).clip(0, size_px)).astype(int).tolist()
    right, bottom = np.ceil(highs.max(axis=0).clip(0, size_px)).astype(int).tolist()
    return left, top, right, bottom


def to_whole_px(strokes: Sequence[PenStroke]) -> list[list[list[int]]]:
    """Return strokes in Quick, Draw! form, where they are, in whole px."""
    return [stroke.points.round().astype(int).T.tolist() for stroke in strokes]


def to_quick_draw(strokes: Sequence[PenStroke]) -> list[list[list[int]]]:
    """Return strokes in Quick, Draw! simplified form, scaled from the canvas to 0..255."""
    scaled = []
    for stroke in strokes:
        places = np.rint(stroke.points * (LARGEST / SIDE_PX)).clip(0, LARGEST).astype(int).tolist()
        kept = [place for n, place in enumerate(places) if n == 0 or place != places[n - 1]]
        scaled.append([[x for x, _ in kept], [y for _, y in kept]])
    return scaled


def from_quick_draw(
    strokes: Sequence[Sequence[Sequence[float]]], pens_px: Sequence[float]
) -> list[PenStroke]:
    """Return kept strokes on the canvas again; pens_px: one for each."""
    lines = (line * (SIDE_PX / LARGEST) for line in to_lines(strokes))
    return [PenStroke(line, pen_px) for line, pen_px in zip(lines, pens_px, strict=True)]
