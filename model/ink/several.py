"""How many characters a drawing holds, told from where its ink lies; no network is asked.

Strokes that hang together, or stand one above the other with hardly a gap, are of one character;
so is a small piece beside a large one. Two that are left side by side may still be an open four,
or a broken digit: their gap, their heights and the breadth of the whole decide.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from model.ink.sheet import Mask

Boxes = NDArray[np.float64]  # (n, 4): left, right, top, bottom, in pixels
NEIGHBOURS = np.ones((3, 3))
LOOKED_AT_PX = 160  # longest side; a larger drawing is looked at smaller: hairline gaps close
SPECK = 0.02  # of the largest piece's area
MOST_PIECES = 30  # the largest; a drawing of more is not told more exactly
OVERLAP = 0.3  # of the narrower piece's width, from which pieces stand above each other
LEVEL_GAP = 0.15  # of the taller piece, between two lines of writing; a broken stroke has less
SMALL = 0.35  # of the tallest; what is lower is a part of a character
SMALL_ABOVE = 0.45  # the same for what stands above or below: a five's hat
# Two are two where one of these is passed. The halves of an open four are
# nearer, one of them is lower, and it is narrower than high.
GAP, UNEVEN_GAP = 0.1, 0.15  # of the taller one's height; where one is lower
BREADTH = 1.1  # of both together, in their height
EVEN, EVEN_BREADTH = 0.75, 0.9  # the lower one's height in the taller one's, and their breadth


def count_characters(mask: Mask) -> int:
    """Return how many characters the ink is, 1 or more.

    mask: bool (H, W), where there is ink, in one place at least.
    """
    pieces = _pieces(_smaller(mask))
    if len(pieces) < 2:
        return 1
    characters = _characters(pieces)
    return len(characters) if len(characters) > 1 and _are_apart(characters) else 1


def _smaller(mask: Mask) -> Mask:
    step = -(-max(mask.shape) // LOOKED_AT_PX)
    if step == 1:
        return mask
    height, width = (-(-side // step) * step for side in mask.shape)
    whole = np.zeros((height, width), bool)
    whole[: mask.shape[0], : mask.shape[1]] = mask
    tall = np.logical_or.reduce([whole[row::step] for row in range(step)])
    small: Mask = np.logical_or.reduce([tall[:, column::step] for column in range(step)])
    return small


def _pieces(mask: Mask) -> Boxes:
    """Return the boxes of what hangs together, specks left out."""
    labels, count = ndimage.label(mask, structure=NEIGHBOURS)
    if count < 2:
        return np.zeros((count, 4))
    areas = np.bincount(labels.ravel())[1:]
    boxes = np.array(
        [[c.start, c.stop, r.start, r.stop] for r, c in ndimage.find_objects(labels)], float
    )
    kept = np.flatnonzero(areas > SPECK * areas.max())
    return boxes[kept[np.argsort(-areas[kept], kind="stable")[:MOST_PIECES]]]


def _characters(pieces: Boxes) -> Boxes:
    """Return the boxes of characters: pieces that belong together are joined, the nearest first."""
    while len(pieces) > 1:
        across, down = _gaps(pieces)
        widths, heights = pieces[:, 1] - pieces[:, 0], pieces[:, 3] - pieces[:, 2]
        taller = np.maximum.outer(heights, heights)
        is_above = -across > OVERLAP * np.minimum.outer(widths, widths)
        is_small = np.minimum.outer(heights, heights) < SMALL_ABOVE * taller
        is_one = is_above & (is_small | (down < LEVEL_GAP * taller))
        distance = np.where(is_one, down, np.inf)
        if not is_one.any():
            lowest = int(heights.argmin())
            if heights[lowest] >= SMALL * heights.max():
                break
            distance[lowest] = np.hypot(across.clip(0), down.clip(0))[lowest]
        np.fill_diagonal(distance, np.inf)
        first, second = np.unravel_index(distance.argmin(), distance.shape)
        if not np.isfinite(distance[first, second]):
            break
        both = pieces[[first, second]]
        joined = [both[:, 0].min(), both[:, 1].max(), both[:, 2].min(), both[:, 3].max()]
        pieces = np.vstack([np.delete(pieces, [first, second], axis=0), joined])
    return pieces


def _gaps(boxes: Boxes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return, for each two boxes, how far apart they are across and down; overlaps are negative."""
    left, right, top, bottom = boxes.T
    across = np.maximum(np.subtract.outer(left, right), np.subtract.outer(left, right).T)
    down = np.maximum(np.subtract.outer(top, bottom), np.subtract.outer(top, bottom).T)
    for gaps in (across, down):
        np.fill_diagonal(gaps, np.inf)
    return across, down


def _are_apart(characters: Boxes) -> bool:
    """Tell whether two or more that are left are so many characters, and not one in pieces."""
    if len(characters) > 2:
        return True
    across, down = _gaps(characters)
    left, right, top, bottom = characters.T
    heights = bottom - top
    gap = float(max(across[0, 1], down[0, 1]) / heights.max())
    evenness = float(heights.min() / heights.max())
    breadth = float((right.max() - left.min()) / (bottom.max() - top.min()))
    is_even = evenness > EVEN
    is_apart = gap > (GAP if is_even else UNEVEN_GAP)
    return is_apart or breadth > BREADTH or (is_even and breadth > EVEN_BREADTH)
