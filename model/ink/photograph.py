"""Ink on a photographed sheet: the light is estimated and divided out, the strokes are kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scipy import ndimage

from model.ink.images import Pixels
from model.ink.sheet import Mask
from model.ink.threshold import level_counts, otsu

WORKING_SIDE_PX = 512
LEAST_CONTRAST = 46  # levels; the 0.18 of the light that ink must swallow to be seen as ink
# What stands beside the drawing like another character: by the drawing's own darkness and height.
LEAST_DARK = 0.6
LEAST_HIGH, MOST_HIGH = 0.5, 2.0
LEAST_FILLED = 0.08  # of its box
LEVEL = 0.5  # of the lower one's height, that both have in common
NEAR = 2.5  # between two of a line; a wider gap is another matter of the sheet
REACH_PX = 2  # around strokes, in which ink is kept
DARK_NOISE = 16  # levels added before ratios are taken: in the dark the sensor is noisy


def ink_on_photograph(planes: Pixels) -> tuple[NDArray[np.uint8], Mask, Mask]:
    """Return how much ink lies on each pixel, which pixels belong to the drawing, and all writing.

    planes: uint8 (1 or 3, H, W). returns: uint8 (h, w), 0 = paper, 255 = full ink, and twice
    bool (h, w), with the longer side at most 512 px; the masks are all false where there is no
    ink. The last one has what stands beside the drawing like further characters of a line, too.
    """
    image = Image.fromarray(planes[0] if len(planes) == 1 else np.moveaxis(planes, 0, 2).copy())
    image.thumbnail((WORKING_SIDE_PX, WORKING_SIDE_PX), Image.Resampling.BOX)
    image = image.filter(ImageFilter.GaussianBlur(max(image.size) / 400))  # grain of the sensor
    departure = _departure(_planes(image), dark_ink=_ink_is_dark(image))
    threshold = max(otsu(level_counts(departure)), LEAST_CONTRAST // 2)
    mask = departure > threshold
    if not mask.any():
        return departure, mask, mask
    # First: a dark corner of the sheet is large, and pale.
    mask, written = _main_strokes(mask, departure)
    full = float(np.percentile(departure[mask], 75))
    if full < LEAST_CONTRAST:
        nothing = np.zeros_like(mask)
        return departure, nothing, nothing
    ramp = ((np.arange(256) - 0.5 * threshold) / (full - 0.5 * threshold)).clip(0, 1)
    ink = (255 * ramp).round().astype(np.uint8)[departure]
    ink[~ndimage.binary_dilation(written, iterations=REACH_PX)] = 0
    return ink, mask, written


def _planes(image: Image.Image) -> NDArray[np.float32]:
    return np.moveaxis(np.atleast_3d(np.asarray(image)), 2, 0).astype(np.float32)


def _ink_is_dark(image: Image.Image) -> bool:
    """Tell the ink's polarity: the paper is what most of any neighbourhood shows."""
    small = image.copy()
    small.thumbnail((64, 64), Image.Resampling.BOX)
    window = max(max(small.size) // 3, 3)
    # Strokes are few and far from the paper: they decide the sign of the third moment.
    skew = sum(
        float(((plane - ndimage.median_filter(plane, window, mode="nearest")) ** 3).sum())
        for plane in _planes(small)
    )
    return skew < 0


def _departure(planes: NDArray[np.float32], *, dark_ink: bool) -> NDArray[np.uint8]:
    """Return how far each pixel's brightness is from its paper's, as a ratio, 0..255.

    The ratio does not change when a shadow falls on paper and ink alike.
    """
    side = max(planes.shape[1:])
    window = max(side // 3, 3)  # wider than any stroke, narrower than most shadows
    # Closing fills dark strokes, opening light ones; both keep the edges of wider shadows.
    fill = ndimage.grey_closing if dark_ink else ndimage.grey_opening
    departure = np.zeros(planes.shape[1:], np.float32)
    for plane in planes + DARK_NOISE:
        paper = fill(plane, size=(window, window), mode="nearest")
        paper = ndimage.uniform_filter(paper, max(side // 60, 1), mode="nearest")
        ratio = plane / paper if dark_ink else paper / plane
        departure = np.maximum(departure, 1 - ratio)
    scaled: NDArray[np.uint8] = (255 * departure.clip(0, 1)).round().astype(np.uint8)
    return scaled


def _main_strokes(mask: Mask, departure: NDArray[np.uint8]) -> tuple[Mask, Mask]:
    """Keep the most prominent stroke and what lies near it; drop specks, table edges, fingers.

    returns: what is kept, and the same with what is written beside it.
    """
    labels, _ = ndimage.label(mask, structure=np.ones((3, 3)))
    boxes = np.array(
        [[r.start, r.stop, c.start, c.stop] for r, c in ndimage.find_objects(labels)]
    ).T
    top, bottom, left, right = boxes
    height, width = mask.shape
    areas = np.bincount(labels.ravel())[1:]
    cut_off = (top == 0) | (left == 0) | (bottom == height) | (right == width)
    off_centre = np.maximum(abs((top + bottom) / height - 1), abs((left + right) / width - 1))
    main = int((areas * (1.2 - off_centre) * np.where(cut_off, 0.05, 1)).argmax())
    # Strokes of one digit lie close together, and none of them is tiny.
    reach = 0.35 * max(bottom[main] - top[main], right[main] - left[main])
    gap_y = np.maximum(top - bottom[main], top[main] - bottom)
    gap_x = np.maximum(left - right[main], left[main] - right)
    kept = (gap_y < reach) & (gap_x < reach) & (areas > 0.04 * areas[main]) & ~cut_off
    kept[main] = True
    darkness = ndimage.mean(departure, labels, np.arange(1, len(areas) + 1))
    is_alike = ~cut_off & (darkness > LEAST_DARK * darkness[main])
    beside = _beside(np.stack([left, right, top, bottom], axis=1), areas, kept, is_alike)
    strokes: Mask = np.concatenate([[False], kept])[labels]
    if not beside.any():
        return strokes, strokes
    written: Mask = np.concatenate([[False], kept | beside])[labels]
    return strokes, written


def _beside(
    boxes: NDArray[np.int64],
    areas: NDArray[np.int64],
    kept: NDArray[np.bool_],
    is_alike: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Tell which pieces stand beside the drawing as another character of the line would.

    boxes: (N, 4), left, right, top, bottom; kept: which pieces are the drawing; is_alike: which
    are as dark and whole. From one to the next, as far as the line goes.
    """
    widths, heights = boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]
    top, bottom = boxes[kept, 2].min(), boxes[kept, 3].max()
    height = bottom - top
    is_high = (heights > LEAST_HIGH * height) & (heights < MOST_HIGH * height)
    # A rule of the paper is long; what is grain or shadow fills little of its box.
    is_compact = (widths < 2 * heights) & (areas > LEAST_FILLED * widths * heights)
    level = np.minimum(boxes[:, 3], bottom) - np.maximum(boxes[:, 2], top)
    able = ~kept & is_alike & is_high & is_compact & (level > LEVEL * np.minimum(heights, height))
    beside = np.zeros_like(kept)
    left, right = boxes[kept, 0].min(), boxes[kept, 1].max()
    while True:
        gaps = np.maximum(boxes[:, 0] - right, left - boxes[:, 1])
        near = able & ~beside & (gaps < NEAR * height)
        if not near.any():
            return beside
        beside |= near
        left, right = min(left, boxes[near, 0].min()), max(right, boxes[near, 1].max())
