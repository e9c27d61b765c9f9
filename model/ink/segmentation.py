"""Where the ink is: any picture in, a map of ink out, whatever the paper, the pen and the light."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from model.ink.images import Pixels
from model.ink.photograph import ink_on_photograph
from model.ink.plain_paper import Part, border_depth, part_on_plain_paper
from model.ink.sheet import Mask, find_sheet, ink_box
from model.ink.threshold import level_below, level_counts, otsu, replace_levels

Ink = NDArray[np.uint8]  # (H, W), 0 = paper, 255 = full ink

FLAT_TOLERANCE = 10  # levels by which an evenly coloured border may vary (JPEG does that)
LEAST_CONTRAST = 24  # levels between paper and ink; less is noise, not a drawing
SMALL_PX = 64  # a picture with a shorter side is one of the network's own kind, not a photo
SHEET_SEARCH_PX = 70  # sheets on a ground are looked for at this size
SPECK = 0.02  # of the largest stroke's area; a smaller blot is dust, or a slip of the pen
LEVELS = np.arange(256)


class Found(NamedTuple):
    """Ink in a picture."""

    ink: Ink  # (H, W); may be a part of the picture, or a smaller copy
    mask: Mask  # (H, W): which pixels belong to the drawing
    sheet: tuple[int, ...]  # height and width of the sheet that is drawn on, in the same pixels
    written: Mask  # (H, W): the drawing, and on a photograph what is written beside it
    corner: tuple[int, int] = (0, 0)  # top and left of these pixels, in the picture's own
    scale: float = 1.0  # pixels of the picture for each of these


def find_ink(pixels: Pixels) -> Found:
    """Return how much ink lies on each pixel, and which pixels belong to the drawing.

    pixels: uint8 (H, W), (H, W, 3) or (H, W, 4). A sheet without ink gives an all-false mask.

    Paper is what the border shows. A border of one colour means a canvas or a scan: ink is the
    distance from that colour, whatever the colours are. Anything else is taken for a photograph:
    the light on the sheet is estimated and divided out first.
    """
    part = part_on_plain_paper(pixels)
    if part is None:
        planes = _flatten(pixels)
        paper, noise = _paper(planes)
        part = Part(planes, paper, 0, 0, planes.shape[1:])
    else:
        noise = 0
    corner = part.top, part.left
    distance = _distance(part.planes, part.paper)
    if min(part.sheet) >= SMALL_PX:
        sheet = _sheet_on_ground(distance, part)
        if sheet is not None:
            planes = _cut_out(_flatten(pixels), sheet)
            rows, columns = ink_box(sheet)
            corner = int(rows.start), int(columns.start)
            paper, noise = _paper(planes)
            part = Part(planes, paper, 0, 0, planes.shape[1:])
            distance = _distance(planes, paper)
    counts = level_counts(distance)
    counts[0] += part.around  # what was left out is paper
    is_small = min(part.sheet) < SMALL_PX
    if noise <= FLAT_TOLERANCE and (is_small or _is_two_toned(counts)):
        ink, mask = _on_even_paper(distance, noise, counts, is_small=is_small)
        return Found(ink, mask, part.sheet, mask, corner)
    if part.around:
        whole, corner = _flatten(pixels), (0, 0)
    else:
        whole = part.planes
    ink, mask, written = ink_on_photograph(whole)
    return Found(ink, mask, mask.shape, written, corner, whole.shape[1] / mask.shape[0])


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
    depth = border_depth(planes.shape[1:])
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


def _sheet_on_ground(distance: NDArray[np.uint8], part: Part) -> Mask | None:
    """Return the sheet that the whole picture shows on some ground, bool (H, W), or None."""
    step = max(max(part.sheet) // SHEET_SEARCH_PX, 1)
    # Blocks are counted from the picture's corner, and what is left over at its end is left out.
    height, width = (side - side % step for side in part.sheet)
    above, left = part.top % step, part.left % step
    tall = min(-(-(above + distance.shape[0]) // step) * step, height - part.top + above)
    wide = min(-(-(left + distance.shape[1]) // step) * step, width - part.left + left)
    blocks = np.zeros((max(tall, 0), max(wide, 0)), np.uint8)
    seen = distance[: max(tall - above, 0), : max(wide - left, 0)]
    blocks[above : above + seen.shape[0], left : left + seen.shape[1]] = seen
    # The largest of each block, so that a thin frame around the sheet is not lost.
    narrow = blocks[::step].copy()
    for row in range(1, step):
        np.maximum(narrow, blocks[row::step], out=narrow)
    inner = narrow[:, ::step].copy()
    for column in range(1, step):
        np.maximum(inner, narrow[:, column::step], out=inner)
    counts = level_counts(inner)
    counts[0] += height // step * (width // step) - inner.size
    figure = inner > max(otsu(counts), LEAST_CONTRAST)
    corner = part.top // step, part.left // step
    sheet = find_sheet(figure, corner, (height // step, width // step))
    if sheet is None:
        return None
    return np.pad(
        sheet.repeat(step, axis=0).repeat(step, axis=1),
        ((0, part.sheet[0] - height), (0, part.sheet[1] - width)),
    )


def _cut_out(planes: Pixels, sheet: Mask) -> Pixels:
    rows, columns = ink_box(sheet)
    part = planes[:, rows, columns].copy()
    outside = ~sheet[rows, columns]
    for plane, whole in zip(part, planes, strict=True):
        plane[outside] = np.median(whole[sheet])
    return part


def _is_two_toned(counts: NDArray[np.int64]) -> bool:
    """Tell whether a picture has paper, ink and little between them, as no shaded sheet has.

    counts: of its distances from the paper, int (256,).
    """
    third = int(counts.nonzero()[0][-1]) // 3
    # The blurred rim of a stroke is between; of shaded paper it is a large part of the picture.
    between, ink = counts[FLAT_TOLERANCE + 1 : third].sum(), counts[third:].sum()
    return bool(between < 0.05 * counts.sum() + 2 * ink)


def _on_even_paper(
    distance: NDArray[np.uint8], noise: int, counts: NDArray[np.int64], *, is_small: bool
) -> tuple[Ink, Mask]:
    contrast = int(counts.nonzero()[0][-1])
    if contrast < max(LEAST_CONTRAST, 4 * noise):
        return distance, np.zeros(distance.shape, bool)
    if not is_small:
        # A few odd pixels must not dim the rest; of a small picture every pixel counts.
        strong = counts.copy()
        strong[: contrast // 3 + 1] = 0
        contrast = level_below(strong, 0.75)
    floor = 2 * noise
    # Of a faint and noisy picture most of the ink may be no darker than twice the noise.
    ramp = ((LEVELS - floor) / max(contrast - floor, 1)).clip(0, 1)
    ink = replace_levels(distance, (255 * ramp).round().astype(np.uint8))
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
