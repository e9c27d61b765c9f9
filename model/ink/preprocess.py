"""Any drawing, photo or scan to the 28 x 28 ink that the networks read: one way in for everything.

The form is MNIST's own: the ink's longest side is 20 px, antialiased, its centre of mass in the
middle (LeCun et al., "Gradient-based learning applied to document recognition", 1998, section III).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from model.errors import BadDrawing, NoInk
from model.ink.images import Pixels, to_pixels
from model.ink.photograph import REACH_PX
from model.ink.segmentation import Found, Ink, find_ink
from model.ink.several import count_characters
from model.ink.sheet import Mask, ink_box

SIDE_PX = 28
DIGIT_PX = 20  # longest side of the ink
MNIST_MEAN, MNIST_STD = 0.1307, 0.3081
# What each level of ink is for a network: looked up in a third of the time of reckoning it.
LEVELS: NDArray[np.float32] = np.linspace(0, 255, 256, dtype=np.float32) / np.float32(255)
LEVELS = (LEVELS - np.float32(MNIST_MEAN)) / np.float32(MNIST_STD)
THINNEST_PX = 1.7  # strokes are made at least this thick, at DIGIT_PX; MNIST's are 1.5 to 4


class Prepared(NamedTuple):
    """A drawing as a network reads it, and how many characters it holds."""

    ink: NDArray[np.uint8]  # (28, 28), as from `prepare`
    characters: int  # 1 or more; of more than one no network can say which digit it is


def prepare(image: Image.Image | Pixels) -> NDArray[np.uint8]:
    """Return a drawing in the form that the networks were trained on.

    image: a PIL image of any mode, or uint8 (H, W), (H, W, 3) or (H, W, 4); ink darker or lighter
    than its paper, on a canvas, a scan or a photo.
    returns: uint8 (28, 28), 0 = paper, 255 = full ink.
    Raises NoInk for a blank sheet or a single dot, BadDrawing for what is no picture.
    """
    return _ink_of(find_ink(to_pixels(image)))


def prepare_and_count(image: Image.Image | Pixels) -> Prepared:
    """Return what `prepare` does, and how many characters are drawn; raises the same."""
    found = find_ink(to_pixels(image))
    ink = _ink_of(found)
    return Prepared(ink, count_characters(found.written[ink_box(found.written)]))


def _ink_of(found: Found) -> NDArray[np.uint8]:
    ink, mask, sheet, written, *_ = found
    if not mask.any():
        raise NoInk("I see no ink here: draw a digit, or take a picture with more contrast")
    if written is not mask:  # the neighbours' ink may reach into the drawing's box
        ink = np.where(ndimage.binary_dilation(mask, iterations=REACH_PX), ink, 0).astype(np.uint8)
    box = ink_box(mask)
    if _is_dot(mask[box], sheet):
        raise NoInk("I see no more than a dot: draw a digit, larger")
    return _lay_out(thicken(ink[box], mask[box], DIGIT_PX / max(mask[box].shape)))


def prepare_any(image: Image.Image | Pixels) -> NDArray[np.uint8] | None:
    """Return what `prepare` does, or None where it refuses: of many drawings some are dots."""
    try:
        return prepare(image)
    except BadDrawing:
        return None


def to_input(inks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return drawings as the networks take them, normalised as MNIST is.

    inks: uint8 (N, 28, 28), from `prepare`. returns: float32 (N, 1, 28, 28).
    """
    if inks.ndim != 3 or inks.shape[1:] != (SIDE_PX, SIDE_PX) or inks.dtype != np.uint8:
        raise BadDrawing(f"expected uint8 (N, 28, 28), got {inks.dtype} {inks.shape}")
    normalised: NDArray[np.float32] = LEVELS.take(inks)[:, None]
    return normalised


def _is_dot(mask: Mask, sheet: tuple[int, ...]) -> bool:
    """Tell whether the ink is a tap of the pen: tiny, or a small disc without any inside."""
    height, width = mask.shape
    longest, shortest = max(height, width), min(height, width)
    if longest < 4 or longest < 0.04 * min(sheet):
        return True
    is_small = longest < 0.2 * max(sheet)
    is_round = shortest > 0.6 * longest and np.count_nonzero(mask) > 0.7 * mask.size
    return bool(is_small and is_round)


def thicken(ink: Ink, mask: Mask, scale: float) -> Ink:
    """Widen hair-thin strokes, which would fade to nothing when the drawing is made small.

    mask: where the ink is; scale: what it is made small by, 0.1 for a tenth. What is widened is
    as much larger on every side.
    """
    edges = (
        np.count_nonzero(mask[1:] != mask[:-1])
        + np.count_nonzero(mask[:, 1:] != mask[:, :-1])
        + sum(np.count_nonzero(side) for side in (mask[0], mask[-1], mask[:, 0], mask[:, -1]))
    )
    # A stroke of length l and width w covers l w pixels; both axes together see (8 / pi) l edges.
    width_px = np.count_nonzero(mask) / (edges * np.pi / 8)
    wanted_px = THINNEST_PX / scale
    reach = round((wanted_px - width_px) / 2)
    if reach < 1:
        return ink
    grown: Ink = ndimage.maximum_filter(np.pad(ink, reach), size=2 * reach + 1)
    return grown


def _lay_out(ink: Ink) -> NDArray[np.uint8]:
    """Return the ink with its longest side at 20 px, its centre of mass on pixel (14, 14).

    The darkest pixel comes out at 255. Ink of that size already is moved by whole pixels only, so
    that MNIST's own images come out as they went in.
    """
    scale = DIGIT_PX / max(ink.shape)
    window = SIDE_PX / scale  # side of the 28 px sheet, in pixels of the ink
    corner = []
    # Sums of a thousand levels are exact in float32, and there several times as fast.
    levels = ink.astype(np.float32)
    height, width = ink.shape
    sums = levels @ np.ones(width, np.float32), np.ones(height, np.float32) @ levels
    for side, of_side in zip(ink.shape, sums, strict=True):
        mass = of_side.astype(np.int64)
        centre = float(mass @ np.arange(side) / mass.sum())
        start = centre + 0.5 - (SIDE_PX / 2 + 0.5) / scale
        start = min(max(start, side - window), 0)  # all of the ink stays on the sheet
        corner.append(round(start) if scale == 1 else start)
    # The part of the picture, empty around the ink, that the sheet is made from: with three pixels
    # of the sheet around it, which is farther than antialiasing reaches.
    margin = math.ceil(3 / scale)
    top, left = (math.floor(start) - margin for start in corner)
    side = math.ceil(window) + 2 * margin + 1
    part = Image.fromarray(ink).crop((left, top, left + side, top + side))
    y, x = (start - first for start, first in zip(corner, (top, left), strict=True))
    sheet = part.resize(
        (SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC, box=(x, y, x + window, y + window)
    )
    small = np.asarray(sheet, dtype=np.float32)
    stretched: NDArray[np.uint8] = (small * (255 / max(small.max(), 1.0))).round().astype(np.uint8)
    return stretched
