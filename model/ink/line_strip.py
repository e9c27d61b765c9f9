"""A picture of a line of writing to a strip of ink of one height, as wide as the line is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.errors import NoInk
from model.ink.images import Pixels, to_pixels
from model.ink.preprocess import thicken
from model.ink.segmentation import find_ink
from model.ink.sheet import ink_box

HEIGHT_PX = 40  # of the strip
MARGIN_PX = 4  # of paper on every side
HALF = 128  # level from which a pixel is ink
WIDEST_PX = 1280  # a longer line is made smaller as a whole


def to_strip(image: Image.Image | Pixels) -> NDArray[np.uint8]:
    """Return the line as uint8 (40, W), 0 = paper, 255 = full ink; W from 12 to 1280.

    image: as `preprocess.prepare` takes it, with one line of writing. The ink fills the strip from
    top to bottom but for a margin; the darkest pixel comes out at 255.
    Raises NoInk for a blank sheet, BadDrawing for what is no picture.
    """
    ink, mask, *_ = find_ink(to_pixels(image))
    if not mask.any():
        raise NoInk("I see no ink here: write something, or take a picture with more contrast")
    return _lay_out(ink, mask)


def strip_of_ink(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return what `to_strip` does for a canvas of which is known that it holds ink alone.

    ink: uint8 (H, W), 0 = paper, 255 = full ink. Nothing is looked for: neither paper nor a sheet,
    which a large O can be taken for, nor dust. Raises NoInk for a blank one.
    """
    mask = ink >= HALF
    if not mask.any():
        raise NoInk("I see no ink here: write something")
    return _lay_out(ink, mask)


def _lay_out(ink: NDArray[np.uint8], mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    box = ink_box(mask)
    height, width = mask[box].shape
    room = HEIGHT_PX - 2 * MARGIN_PX
    scale = min(room / height, (WIDEST_PX - 2 * MARGIN_PX) / width)
    wide = thicken(ink[box], mask[box], scale)
    inside_px = max(round(wide.shape[1] * scale), 1), max(round(wide.shape[0] * scale), 1)
    small = np.asarray(Image.fromarray(wide).resize(inside_px, Image.Resampling.BICUBIC))
    small = small[:HEIGHT_PX, :WIDEST_PX]  # widened ink may reach into the margin
    strip = np.zeros((HEIGHT_PX, min(small.shape[1] + 2 * MARGIN_PX, WIDEST_PX)), np.float32)
    top = (HEIGHT_PX - small.shape[0]) // 2
    left = (strip.shape[1] - small.shape[1]) // 2
    strip[top : top + small.shape[0], left : left + small.shape[1]] = small
    stretched: NDArray[np.uint8] = (strip * (255 / max(strip.max(), 1.0))).round().astype(np.uint8)
    return stretched
