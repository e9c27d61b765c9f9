"""Which pieces of ink stand in which row, where a drawing has several rows of writing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float64]  # (pieces, 4): left, top, right, bottom of each, y down

LEAST_HEIGHT = 0.25  # of a row, by the height of all: less is a dot, a bar, an accent
DEEPEST_OVERLAP = 0.15  # of two rows, by the height of all: a descender may reach into the next
CLEAR_GAP = 0.04  # from which two rows are certain, by the height of all
MOST_ROWS = 6


def part_rows(boxes: Boxes) -> tuple[list[list[int]], bool]:
    """Return the pieces of each row, from top to bottom, and whether all gaps are clear.

    boxes: of all pieces of ink: strokes, or connected parts. One row alone is clear. Where gaps are
    not clear it takes a reading to tell two rows from one.
    """
    rows, is_clear = [list(range(len(boxes)))], True
    while len(rows) < MOST_ROWS:
        for place, row in enumerate(rows):
            parted = _part(boxes[row])
            if parted is not None:
                above, gap_is_clear = parted
                rows[place : place + 1] = [
                    [piece for piece, is_above in zip(row, above, strict=True) if is_above],
                    [piece for piece, is_above in zip(row, above, strict=True) if not is_above],
                ]
                is_clear &= gap_is_clear
                break
        else:
            break
    return rows, is_clear


def _part(boxes: Boxes) -> tuple[Sequence[bool], bool] | None:
    """Return which pieces are above the widest gap between two rows, and whether it is clear."""
    if len(boxes) < 2:
        return None
    top, bottom = boxes[:, 1], boxes[:, 3]
    height = float(bottom.max() - top.min())
    if height <= 0:
        return None
    middles = (top + bottom) / 2
    order = np.argsort(middles, kind="stable")
    lowest = np.maximum.accumulate(bottom[order])[:-1]
    highest = np.minimum.accumulate(top[order][::-1])[::-1][1:]
    gaps = (highest - lowest) / height
    above = (lowest - top.min()) / height
    below = (bottom.max() - highest) / height
    allowed = (above >= LEAST_HEIGHT) & (below >= LEAST_HEIGHT) & (gaps > -DEEPEST_OVERLAP)
    if not allowed.any():
        return None
    best = int(np.where(allowed, gaps, -np.inf).argmax())
    is_above = np.zeros(len(boxes), bool)
    is_above[order[: best + 1]] = True
    return is_above.tolist(), bool(gaps[best] >= CLEAR_GAP)
