"""Where the ink is: any picture in, a map of ink out, whatever the paper, the pen and the light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scipy import ndimage

from model.images import Pixels
from model.sheet import Mask, find_sheet

Ink = NDArray[np.float32]  # (H, W), 0 = paper, 1 = full ink

FLAT_TOLERANCE = 10  # levels of 255 by which an evenly coloured border may vary (JPEG does that)
LEAST_CONTRAST = 24  # levels of 255 between paper and ink; less is noise, not a drawing
LEAST_PHOTO_CONTRAST = 0.18  # share of the light that ink on a photographed sheet must swallow
DARK_NOISE = 16  # levels added before ratios are taken: in the dark the sensor is noisy
SMALL_PX = 64  # a picture with a shorter side is one of the network's own kind, not a photo
PHOTO_SIDE_PX = 512  # photographs are cleaned at this size


def find_ink(pixels: Pixels) -> tuple[Ink, Mask]:
    """Return how much ink lies on each pixel, and which pixels belong to the drawing.

    pixels: uint8 (H, W), (H, W, 3) or (H, W, 4).
    returns: float32 (H, W) in 0..1 and bool (H, W); either may be smaller than the picture, which
    is cut to the sheet that is drawn on. A sheet without ink gives an all-false mask.

    Paper is what the border shows. A border of one colour means a canvas or a scan: ink is the
    distance from that colour, whatever the colours are. Anything else is taken for a photograph:
    the light on the sheet is estimated and divided out first.
    """
    opaque = _flatten(pixels)
    if opaque.ndim == 2:
        opaque = opaque[:, :, None]
    if min(opaque.shape[:2]) < SMALL_PX:
        return _read_sheet(opaque)
    sheet = find_sheet(_unlike_border(opaque))
    if sheet is None:
        return _read_sheet(opaque)
    part = ink_box(sheet)
    on_sheet = opaque[part].copy()
    on_sheet[~sheet[part]] = np.median(opaque[sheet], axis=0)
    return _read_sheet(on_sheet)


def _read_sheet(opaque: Pixels) -> tuple[Ink, Mask]:
    """Do the same for a picture that shows nothing but the sheet, (H, W, channels)."""
    border = _border(opaque)
    paper = np.median(border, axis=0)
    noise = float(np.percentile(np.abs(border - paper).max(axis=1), 75))
    if noise <= FLAT_TOLERANCE:
        distance = _distance(opaque, paper)
        if min(distance.shape) < SMALL_PX or _is_two_toned(distance):
            return _on_even_paper(distance, noise)
    return _on_photographed_paper(opaque)


def _distance(opaque: Pixels, paper: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far each pixel's colour is from the paper's, in levels of the worst channel."""
    signed = opaque.astype(np.int16) - paper.astype(np.int16)
    return np.abs(signed).max(axis=2).astype(np.float32)


def _unlike_border(opaque: Pixels) -> Mask:
    """Return which pixels differ clearly from the ground that the border shows."""
    distance = _distance(opaque, np.median(_border(opaque), axis=0))
    return distance > max(255 * _otsu(distance / 255), LEAST_CONTRAST)


def _is_two_toned(distance: NDArray[np.float32]) -> bool:
    """Tell whether a picture has paper, ink and little between them, as no shaded sheet has."""
    between = (distance > FLAT_TOLERANCE) & (distance < distance.max() / 3)
    ink = distance >= distance.max() / 3
    # The blurred rim of a stroke is between; of shaded paper it is a large part of the picture.
    return np.count_nonzero(between) < 0.05 * distance.size + 2 * np.count_nonzero(ink)


def ink_box(mask: Mask) -> tuple[slice, slice]:
    """Return the rows and the columns of the smallest box around a mask that is not empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _border(pixels: Pixels) -> NDArray[np.float32]:
    """Return the pixels along the edge, (N, channels), a fiftieth of the short side deep."""
    depth = max(min(pixels.shape[:2]) // 50, 1)
    edges = (pixels[:depth], pixels[-depth:], pixels[:, :depth], pixels[:, -depth:])
    return np.concatenate([e.reshape(-1, pixels.shape[2]) for e in edges]).astype(np.float32)


def _flatten(pixels: Pixels) -> Pixels:
    """Lay a picture with transparent parts on paper that its ink stands out from."""
    if pixels.ndim == 2 or pixels.shape[2] == 3:
        return pixels
    colour, alpha = pixels[:, :, :3], pixels[:, :, 3]
    if alpha.min() == 255:
        return colour
    solid = colour[alpha > 127]
    if not len(solid):
        return np.zeros(alpha.shape, np.uint8)
    low, high = np.percentile(solid.max(axis=1), (2, 98))
    if high - low < 64:  # one ink on nothing: where it is, not its colour, is the drawing
        return alpha
    # A picture of its own with transparent edges: its commonest shade is its paper.
    paper = np.median(solid, axis=0)
    share = alpha[:, :, None].astype(np.float32) / 255
    return (colour * share + paper * (1 - share)).round().astype(np.uint8)


def _on_even_paper(distance: NDArray[np.float32], noise: float) -> tuple[Ink, Mask]:
    contrast = float(distance.max())
    if contrast < max(LEAST_CONTRAST, 4 * noise):
        return np.zeros_like(distance), np.zeros(distance.shape, bool)
    if min(distance.shape) >= SMALL_PX:
        # A few odd pixels must not dim the rest; of small pictures every pixel counts.
        contrast = float(np.percentile(distance[distance > contrast / 3], 75))
    floor = 2 * noise
    ink = ((distance - floor) / (contrast - floor)).clip(0, 1)
    # Blur and JPEG put a halo around the strokes of a large picture; a small one has none to spare.
    return ink, ink > (0.05 if min(distance.shape) < SMALL_PX else 0.3)


def _on_photographed_paper(pixels: Pixels) -> tuple[Ink, Mask]:
    """Divide the light out, then keep the strokes that belong together."""
    image = Image.fromarray(pixels.squeeze())
    image.thumbnail((PHOTO_SIDE_PX, PHOTO_SIDE_PX), Image.Resampling.BOX)
    image = image.filter(ImageFilter.GaussianBlur(max(image.size) / 400))  # grain of the sensor
    levels = np.atleast_3d(np.asarray(image)).astype(np.float32)
    ink = _departure(levels, dark_ink=_ink_is_dark(image))
    threshold = max(_otsu(ink), LEAST_PHOTO_CONTRAST / 2)
    mask = ink > threshold
    if not mask.any() or float(np.percentile(ink[mask], 75)) < LEAST_PHOTO_CONTRAST:
        return np.zeros_like(ink), np.zeros(ink.shape, bool)
    mask = _main_strokes(mask)
    full = float(np.percentile(ink[mask], 75)) if mask.any() else 1.0
    near = ndimage.binary_dilation(mask, iterations=2)
    ramp = ((ink - 0.5 * threshold) / (full - 0.5 * threshold)).clip(0, 1)
    return np.where(near, ramp, 0).astype(np.float32), mask


def _ink_is_dark(image: Image.Image) -> bool:
    """Tell the ink's polarity: the paper is what most of any neighbourhood shows."""
    small = image.copy()
    small.thumbnail((64, 64), Image.Resampling.BOX)
    levels = np.atleast_3d(np.asarray(small)).astype(np.float32)
    window = max(small.size) // 3
    paper = np.stack(
        [ndimage.median_filter(c, window, mode="nearest") for c in np.moveaxis(levels, 2, 0)], 2
    )
    # Strokes are few and far from the paper: they decide the sign of the third moment.
    return float(((levels - paper) ** 3).sum()) < 0


def _departure(levels: NDArray[np.float32], *, dark_ink: bool) -> Ink:
    """Return how far each pixel's brightness is from its paper's, as a ratio, on a scale of 0..1.

    The ratio does not change when a shadow falls on paper and ink alike.
    """
    side = max(levels.shape[:2])
    window = max(side // 3, 3)
    # Closing fills dark strokes, opening light ones; both keep the edges of wider shadows.
    fill = ndimage.grey_closing if dark_ink else ndimage.grey_opening
    departure = np.zeros(levels.shape[:2], np.float32)
    for channel in np.moveaxis(levels + DARK_NOISE, 2, 0):
        paper = fill(channel, size=(window, window), mode="nearest")
        paper = ndimage.uniform_filter(paper, max(side // 60, 1), mode="nearest")
        ratio = channel / paper if dark_ink else paper / channel
        departure = np.maximum(departure, 1 - ratio)
    return departure.clip(0, 1)


def _otsu(values: Ink) -> float:
    """Return the threshold that parts two classes best (Otsu 1979), over 0..1."""
    counts, edges = np.histogram(values, bins=128, range=(0, 1))
    centres = (edges[:-1] + edges[1:]) / 2
    below = counts.cumsum()
    above = below[-1] - below
    mass = (counts * centres).cumsum()
    mean_below = mass / np.maximum(below, 1)
    mean_above = (mass[-1] - mass) / np.maximum(above, 1)
    between = below * above * (mean_below - mean_above) ** 2
    return float(edges[1:][int(between.argmax())])


def _main_strokes(mask: Mask) -> Mask:
    """Keep the most prominent stroke and what lies near it; drop specks, table edges, fingers."""
    labels, count = ndimage.label(mask, structure=np.ones((3, 3)))
    if count <= 1:
        return mask
    boxes = ndimage.find_objects(labels)
    areas = np.bincount(labels.ravel())[1:].astype(np.float64)
    height, width = mask.shape
    prominence = areas.copy()
    for i, (rows, columns) in enumerate(boxes):
        touches = rows.start == 0 or columns.start == 0 or rows.stop == height
        if touches or columns.stop == width:
            prominence[i] *= 0.05
        off_centre = max(
            abs((rows.start + rows.stop) / height - 1),
            abs((columns.start + columns.stop) / width - 1),
        )
        prominence[i] *= 1.2 - off_centre
    main = int(prominence.argmax())
    rows, columns = boxes[main]
    reach = 0.35 * max(rows.stop - rows.start, columns.stop - columns.start)
    kept = np.zeros(count + 1, bool)
    for i, (r, c) in enumerate(boxes):
        gap_y = max(r.start - rows.stop, rows.start - r.stop)
        gap_x = max(c.start - columns.stop, columns.start - c.stop)
        is_near = gap_y < reach and gap_x < reach
        is_edge = prominence[i] < 0.06 * areas[i] and i != main
        kept[i + 1] = is_near and areas[i] > 0.04 * areas[main] and not is_edge
    kept[main + 1] = True
    return kept[labels]
