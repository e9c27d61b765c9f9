"""Pen strokes in the simplified form of Quick, Draw!: small, and the same for every tablet.

The form, from the data set's own description (github.com/googlecreativelab/quickdraw-dataset):
moved to the origin, scaled to 0..255 on the longer side, resampled every pixel, and simplified by
Ramer, Douglas and Peucker's algorithm with an epsilon of 2 pixels.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.pen.unipen import Points

LONGEST = 255  # of a drawing's two sides, in pixels
SPACING_PX = 1.0
RECIPE_EPSILON_PX = 2.0


def to_quick_draw(
    strokes: Sequence[Points], epsilon_px: float = 0.0, *, by_height: bool = False
) -> list[list[list[int]]]:
    """Return [[[x, ...], [y, ...]], ...]: integers 0..255, y downwards, one pair for a stroke.

    strokes: y upwards, at least one point each. The shape is kept, not stretched to a square; a
    drawing without extent lies at the origin. Points that fall on the pixel of the one before are
    left out. epsilon_px: how far simplification may move a line; 0 keeps every other point.
    by_height: whether the height alone becomes 255, as fits a line of writing, which is as wide as
    it is; such a line is simplified between its own points, not resampled before.
    """
    points = np.concatenate(strokes)
    left, bottom = points.min(axis=0)
    right, top = points.max(axis=0)
    extent = max(0 if by_height else right - left, top - bottom) or 1.0
    drawing = []
    for stroke in strokes:
        line = np.stack([stroke[:, 0] - left, top - stroke[:, 1]], axis=1) / extent * LONGEST
        if epsilon_px > 0:
            line = simplify(line if by_height else resample(line, SPACING_PX), epsilon_px)
        pixels = np.rint(line).astype(int)
        is_new = np.r_[True, (np.diff(pixels, axis=0) != 0).any(axis=1)]
        drawing.append(pixels[is_new].T.tolist())
    return drawing


def resample(line: Points, spacing: float) -> Points:
    """Return points of the line every `spacing` along it, its two ends among them."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    along = np.r_[0.0, np.cumsum(steps)]
    if along[-1] == 0:
        return line[:1]
    wanted = np.append(np.arange(0, along[-1], spacing), along[-1])
    return np.stack([np.interp(wanted, along, axis) for axis in line.T], axis=1)


def simplify(line: Points, epsilon: float) -> Points:
    """Return the fewest of the line's points that Ramer, Douglas and Peucker's algorithm keeps.

    No point of the line is farther than `epsilon` from what is returned, nor the other way round:
    distances are those to the stretch between two kept points, not to the endless line.
    """
    keep = np.zeros(len(line), bool)
    keep[[0, -1]] = True
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        distances = _distances(line[first + 1 : last], line[first], line[last])
        farthest = int(distances.argmax())
        if distances[farthest] > epsilon:
            split = first + 1 + farthest
            keep[split] = True
            waiting += [(first, split), (split, last)]
    return line[keep]


def _distances(points: Points, start: Points, end: Points) -> Points:
    """Return how far each point is from the stretch from `start` to `end`."""
    way = end - start
    squared = float(way @ way)
    share = np.clip((points - start) @ way / squared, 0, 1) if squared else np.zeros(len(points))
    return np.asarray(np.hypot(*(points - start - share[:, None] * way).T))
