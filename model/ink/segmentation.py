"""Where the ink is: any picture in, a map of ink out, whatever the paper, the pen and the light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from model.ink.images import Pixels
from model.ink.photograph import ink_on_photograph
from model.ink.sheet import Mask, find_sheet, ink_box
from model.ink.threshold import level_below, level_counts, otsu

Ink = NDArray[np.uint8]  # (H, W), 0 = paper, 255 = full ink

FLAT_TOLERANCE = 10  # levels by which an evenly coloured border may vary (JPEG does that)
LEAST_CONTRAST = 24  # levels between paper and ink; less is noise, not a drawing
SMALL_PX = 64  # a picture with a shorter side is one of the network's own kind, not a photo
SHEET_SEARCH_PX = 70  # sheets on a ground are looked for at this size
SPECK = 0.02  # of the largest stroke's area; a smaller blot is dust, or a slip of the pen


def find_ink(pixels: Pixels) -> tuple[Ink, Mask]:
    """Return how much ink lies on each pixel, and which pixels belong to the drawing.

    pixels: uint8 (H, W), (H, W, 3) or (H, W, 4).
    returns: uint8 (H, W) and bool (H, W); either may be smaller than the picture, which is cut to
    the sheet that is drawn on. A sheet without ink gives an all-false mask.

    Paper is what the border shows. A border of one colour means a canvas or a scan: ink is the
    distance from that colour, whatever the colours are. Anything else is taken for a photograph:
    the light on the sheet is estimated and divided out first.
    """
    planes = _flatten(pixels)
    paper, noise = _paper(planes)
    distance = _distance(planes, paper)
    if min(distance.shape) >= SMALL_PX:
        sheet = _sheet_on_ground(distance)
        if sheet is not None:
            planes = _cut_out(planes, sheet)
            paper, noise = _paper(planes)
            distance = _distance(planes, paper)
    if noise <= FLAT_TOLERANCE and (min(distance.shape) < SMALL_PX or _is_two_toned(distance)):
        return _on_even_paper(distance, noise)
    return ink_on_photograph(planes)


def _flatten(pixels: Pixels) -> Pixels:
    """Return the channels, (1 or 3, H, W), of a picture without transparency.

    Transparent parts are laid on paper that the ink stands out from.
    """
    if pixels.ndim == 2:
        return pixels[None]
    red, green, blue = (pixels[:, :, channel] for channel in range(3))
    is_grey = np.array_equal(red, green) and np.array_equal(red, blue)
    planes = (red,) if is_grey else (red, green, blue)  # one plane takes a third of the time
    colour = np.stack(planes)
    if pixels.shape[2] == 3:
        return colour
    alpha = pixels[:, :, 3]
    if alpha.min() == 255:
        return colour
    if not alpha.any():
        return alpha[None]
    is_solid = alpha > alpha.max() / 2
    solid = colour[:, is_solid]
    middle = np.median(solid, axis=1)
    is_picture = np.count_nonzero(is_solid) > 0.75 * is_solid[ink_box(is_solid)].size
    is_other = np.abs(solid - middle[:, None]).max(axis=0) >= 64
    if is_other.mean() < (0.001 if is_picture else 0.04):
        # One ink on nothing: where it is, not its colour, is the drawing.
        return np.ascontiguousarray(alpha)[None]
    # A picture of its own with transparent edges lies on its commonest shade; strokes that vary
    # in colour lie on white, or on black if they are light.
    contrast = np.full(len(middle), 255.0 if middle.max() < 128 else 0.0)
    paper = (middle if is_picture else contrast)[:, None, None]
    share = alpha.astype(np.float32) / 255
    laid: Pixels = (colour * share + paper * (1 - share)).round().astype(np.uint8)
    return laid


def _paper(planes: Pixels) -> tuple[NDArray[np.uint8], int]:
    """Return the border's colour, uint8 (channels,), and its noise.

    Noise is the upper quartile of the border's distances from that colour, in levels; the border
    is a fiftieth of the short side deep.
    """
    depth = max(min(planes.shape[1:]) // 50, 1)
    edges = (planes[:, :depth], planes[:, -depth:], planes[:, :, :depth], planes[:, :, -depth:])
    border = np.concatenate([edge.reshape(len(planes), -1) for edge in edges], axis=1)
    paper = np.array([_quantile(plane, 0.5) for plane in border], np.uint8)
    return paper, _quantile(_distance(border[:, None], paper)[0], 0.75)


def _quantile(levels: NDArray[np.uint8], share: float) -> int:
    # By counting, which takes a fifth of the time that sorting does.
    return level_below(np.bincount(levels, minlength=256), share)


def _distance(planes: Pixels, paper: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return how far each pixel is from the paper, in levels of the channel that differs most."""
    farthest: NDArray[np.uint8] = np.zeros(planes.shape[1:], np.uint8)
    for plane, level in zip(planes, paper, strict=True):
        np.maximum(farthest, np.maximum(plane, level) - np.minimum(plane, level), out=farthest)
    return farthest


def _sheet_on_ground(distance: NDArray[np.uint8]) -> Mask | None:
    step = max(max(distance.shape) // SHEET_SEARCH_PX, 1)
    height, width = (side - side % step for side in distance.shape)
    # The largest of each block, so that a thin frame around the sheet is not lost.
    rows = [distance[row:height:step, :width] for row in range(step)]
    narrow = np.maximum.reduce(rows)
    small = np.maximum.reduce([narrow[:, column::step] for column in range(step)])
    sheet = find_sheet(small > max(otsu(level_counts(small)), LEAST_CONTRAST))
    if sheet is None:
        return None
    return np.pad(
        sheet.repeat(step, axis=0).repeat(step, axis=1),
        ((0, distance.shape[0] - height), (0, distance.shape[1] - width)),
    )


def _cut_out(planes: Pixels, sheet: Mask) -> Pixels:
    rows, columns = ink_box(sheet)
    part = planes[:, rows, columns].copy()
    outside = ~sheet[rows, columns]
    for plane, whole in zip(part, planes, strict=True):
        plane[outside] = np.median(whole[sheet])
    return part


def _is_two_toned(distance: NDArray[np.uint8]) -> bool:
    """Tell whether a picture has paper, ink and little between them, as no shaded sheet has."""
    counts = level_counts(distance)
    third = int(distance.max()) // 3
    # The blurred rim of a stroke is between; of shaded paper it is a large part of the picture.
    between, ink = counts[FLAT_TOLERANCE + 1 : third].sum(), counts[third:].sum()
    return bool(between < 0.05 * distance.size + 2 * ink)


def _on_even_paper(distance: NDArray[np.uint8], noise: int) -> tuple[Ink, Mask]:
    contrast = int(distance.max())
    if contrast < max(LEAST_CONTRAST, 4 * noise):
        return distance, np.zeros(distance.shape, bool)
    is_small = min(distance.shape) < SMALL_PX
    if not is_small:
        # A few odd pixels must not dim the rest; of a small picture every pixel counts.
        counts = level_counts(distance)
        counts[: contrast // 3 + 1] = 0
        contrast = level_below(counts, 0.75)
    floor = 2 * noise
    # Of a faint and noisy picture most of the ink may be no darker than twice the noise.
    ramp = ((np.arange(256) - floor) / max(contrast - floor, 1)).clip(0, 1)
    ink = (255 * ramp).round().astype(np.uint8).take(distance)
    if is_small:
        return ink, ink > 12
    # Blur and JPEG put a halo around the strokes of a large picture.
    return ink, _without_specks(ink > 76)


def _without_specks(mask: Mask) -> Mask:
    part = ink_box(mask)
    labels, count = ndimage.label(mask[part], structure=np.ones((3, 3)))
    if count == 1:
        return mask
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    kept = np.zeros_like(mask)
    kept[part] = (areas > SPECK * areas.max())[labels]
    return kept
