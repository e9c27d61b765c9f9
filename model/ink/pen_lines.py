"""Lines that a pen drew: recorded strokes as arrays, a canvas's curves, and their ink."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import ImageDraw

Line = NDArray[np.float64]  # (points, 2), x and y, y down, any unit


def to_lines(strokes: Sequence[Sequence[Sequence[float]]]) -> list[Line]:
    """Return strokes in Quick, Draw! form as arrays, one (points, 2) for each."""
    return [np.stack([np.asarray(s[0], float), np.asarray(s[1], float)], axis=1) for s in strokes]


def smooth(line: Line, steps: int = 3) -> Line:
    """Return the line as canvases smooth a freehand stroke: curves through the points' middles.

    steps: straight pieces that each curve is made of.
    """
    if len(line) < 3:
        return line
    middles = (line[1:] + line[:-1]) / 2
    share = np.linspace(0, 1, steps, endpoint=False)[:, None, None]
    start, control, end = middles[:-1], line[1:-1], middles[1:]
    curve = (1 - share) ** 2 * start + 2 * share * (1 - share) * control + share**2 * end
    return np.concatenate([line[:1], curve.transpose(1, 0, 2).reshape(-1, 2), line[-1:]])


def draw_line(
    pencil: ImageDraw.ImageDraw, places: Line, pen: float, *, is_seamless: bool = False
) -> None:
    """Draw a line with a round pen, white; places and pen: in pixels of the picture.

    is_seamless: whether all joints are covered, not only those at which the line turns far: short
    pieces leave seams of a pixel, which a person sees and no training needs to avoid.
    """
    radius = pen / 2
    if len(places) > 1:
        pencil.line(places.ravel().tolist(), fill=255, width=max(round(pen), 1))
    joints = places if is_seamless else places[_corners(places, radius)]
    for x, y in joints.tolist():
        pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)


def _corners(places: Line, radius: float) -> NDArray[np.int64]:
    """Return which points need a disc: both ends, and where the line turns so far that it gaps."""
    if len(places) < 3:
        return np.array([0, len(places) - 1])
    steps = np.diff(places, axis=0)
    turns = np.abs((np.diff(np.arctan2(steps[:, 1], steps[:, 0])) + np.pi) % (2 * np.pi) - np.pi)
    return np.concatenate([[0], 1 + np.flatnonzero(turns * radius > 0.6), [len(places) - 1]])
