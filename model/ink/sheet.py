"""A sheet on a table, a canvas on a page: finding the part of a picture that is drawn on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]

LEAST_SHARE = 0.1  # of the picture, that a sheet must cover
MOST_CUT_OFF = 0.1  # of the picture's border; a shadow on the sheet runs across it
_ANGLES = np.deg2rad(np.arange(0, 90, 3))
TURNS_Y = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)])
TURNS_X = np.stack([-np.sin(_ANGLES), np.cos(_ANGLES)])
LEAST_RECTANGULAR = 0.88  # of its tightest rectangle; an ellipse, a thick 0 say, covers pi / 4


def ink_box(mask: Mask) -> tuple[slice, slice]:
    """Return the rows and the columns of the smallest box around a mask that is not empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def find_sheet(part: Mask, corner: tuple[int, int], size: tuple[int, int]) -> Mask | None:
    """Return the inside of the one sheet that a picture shows on some ground, or None.

    part: bool (h, w), what differs from the ground that the picture's border shows: a filled
    sheet with its ink left out, or only the frame around it. corner: row and column of the part in
    the picture, which is of that size, (H, W), and ground outside the part.
    returns: bool (H, W), the sheet without its edge; it always has something drawn on it.
    """
    if np.count_nonzero(part) < max(0.01 * size[0] * size[1], 1):
        return None
    # Ground is what hangs together with a margin around the part; all else is filled figure.
    regions, _ = ndimage.label(np.pad(~part, 1, constant_values=True))
    filled = (regions != regions[0, 0])[1:-1, 1:-1]
    labels, count = ndimage.label(filled)
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    if areas.max() < LEAST_SHARE * size[0] * size[1]:
        return None
    largest = labels == 1 + int(areas.argmax())
    if _rectangularity(largest, corner) < LEAST_RECTANGULAR:
        return None
    figure, filled, sheet = (_placed(m, corner, size) for m in (part, filled, largest))
    on_border = np.concatenate([sheet[0], sheet[-1], sheet[:, 0], sheet[:, -1]])
    if on_border.mean() > MOST_CUT_OFF:
        return None
    edge = max(round(0.04 * np.sqrt(areas.max())), 2)
    inside = ndimage.binary_erosion(sheet, iterations=edge)
    if not inside.any():
        return None
    drawn = figure & inside
    if np.count_nonzero(drawn) < 0.5 * np.count_nonzero(inside):
        # Only a frame. What hangs together with it is no drawing within: the bar of a boxy 8.
        parts, _ = ndimage.label(figure, structure=np.ones((3, 3)))
        rim = figure & ndimage.binary_dilation(~filled, structure=np.ones((3, 3)))
        drawn &= ~np.isin(parts, np.unique(parts[rim]))
    share = np.count_nonzero(drawn) / np.count_nonzero(inside)
    return inside if 0.003 < min(share, 1 - share) < 0.45 else None


def _placed(part: Mask, corner: tuple[int, int], size: tuple[int, int]) -> Mask:
    """Return a picture of that size with a part of it at its place."""
    whole = np.zeros(size, bool)
    whole[corner[0] : corner[0] + part.shape[0], corner[1] : corner[1] + part.shape[1]] = part
    return whole


def _rectangularity(shape: Mask, corner: tuple[int, int]) -> float:
    """Return the share of its tightest rectangle, turned any way, that a shape covers.

    corner: where the shape lies, so that figures are rounded alike whatever it was cut out of.
    """
    rows = np.flatnonzero(shape.any(axis=1))
    first = shape[rows].argmax(axis=1) + corner[1]
    last = shape.shape[1] - shape[rows, ::-1].argmax(axis=1) + corner[1]
    rows += corner[0]
    outline = np.concatenate([np.stack([rows, first], 1), np.stack([rows + 1, last], 1)])
    turned_y, turned_x = outline @ TURNS_Y, outline @ TURNS_X  # (points, angles)
    rectangles = np.ptp(turned_y, axis=0) * np.ptp(turned_x, axis=0)
    return float(np.count_nonzero(shape) / max(rectangles.min(), 1))
