"""A picture of a line of writing to a strip of ink of one height, as wide as the line is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from model.errors import NoInk
from model.ink.images import Pixels, to_pixels
from model.ink.pen_lines import Line, draw_line
from model.ink.preprocess import thicken
from model.ink.segmentation import find_ink
from model.ink.sheet import ink_box

HEIGHT_PX = 40  # of the strip
MARGIN_PX = 4  # of paper on every side
HALF = 128  # level from which a pixel is ink
WIDEST_PX = 1280  # a longer line is made smaller as a whole
SKETCH_PX = 64  # height at which recorded strokes are drawn, before they are made smaller
PEN = 0.08  # their width, by the height of the line
LONGEST = 24  # heights, from which a line of strokes is drawn smaller as a whole
OVERSAMPLING = 2


class Strip(NamedTuple):
    """A line's ink at one height, and where it came from."""

    pixels: NDArray[np.uint8]  # (40, W), 0 = paper, 255 = full ink; W from 12 to 1280
    scale: float  # pixels of the strip for each of the picture
    left: float  # of the strip's first column, in the picture
    box: tuple[slice, slice]  # rows and columns of the ink in the picture


def to_strip(image: Image.Image | Pixels) -> NDArray[np.uint8]:
    """Return the line as uint8 (40, W), 0 = paper, 255 = full ink; W from 12 to 1280.

    image: as `preprocess.prepare` takes it, with one line of writing. The ink fills the strip from
    top to bottom but for a margin; the darkest pixel comes out at 255.
    Raises NoInk for a blank sheet, BadDrawing for what is no picture.
    """
    written = ink_of(image)
    return lay_out(written.ink, written.mask).pixels


class Written(NamedTuple):
    """Ink of writing, and where in the picture it lies."""

    ink: NDArray[np.uint8]  # (H, W), 0 = paper, 255 = full ink
    mask: NDArray[np.bool_]  # (H, W), which pixels belong to the writing
    left: float  # of these pixels in the picture, in the picture's own
    top: float
    scale: float  # pixels of the picture for each of these


def ink_of(image: Image.Image | Pixels) -> Written:
    """Return how much ink lies on each pixel, and which pixels belong to the writing.

    Raises NoInk for a blank sheet, BadDrawing for what is no picture.
    """
    pixels = to_pixels(image)
    found = find_ink(pixels)
    if not found.written.any():
        raise NoInk("I see no ink here: write something, or take a picture with more contrast")
    # A large picture is looked at smaller; a phone's may lie on its side, which changes no side.
    sides = image.size if isinstance(image, Image.Image) else np.asarray(image).shape[:2]
    reduced = max(sides) / max(pixels.shape[:2])
    top, left = (side * reduced for side in found.corner)
    return Written(found.ink, found.written, left, top, found.scale * reduced)


def strip_of_ink(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return what `to_strip` does for a canvas of which is known that it holds ink alone.

    ink: uint8 (H, W), 0 = paper, 255 = full ink. Nothing is looked for: neither paper nor a sheet,
    which a large O can be taken for, nor dust. Raises NoInk for a blank one.
    """
    mask = ink >= HALF
    if not mask.any():
        raise NoInk("I see no ink here: write something")
    return lay_out(ink, mask).pixels


def strip_of_strokes(lines: Sequence[Line]) -> NDArray[np.uint8]:
    """Return recorded strokes of one line as a strip: drawn with a round pen of a usual width.

    lines: each (points, 2), y down, any unit; at least one point.
    """
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = (high - low).tolist()
    scale = SKETCH_PX / max(height, width / LONGEST, 1e-6) * OVERSAMPLING
    pen_px = SKETCH_PX * PEN * OVERSAMPLING
    corner = pen_px / 2 + OVERSAMPLING
    sides = np.ceil((high - low) * scale + 2 * corner).astype(int)
    sheet = Image.new("L", (int(sides[0]), int(sides[1])), 0)
    pencil = ImageDraw.Draw(sheet)
    for line in lines:
        draw_line(pencil, (line - low) * scale + corner, pen_px)
    return strip_of_ink(np.asarray(sheet.reduce(OVERSAMPLING)))


def lay_out(ink: NDArray[np.uint8], mask: NDArray[np.bool_]) -> Strip:
    """Return the strip of one line of ink; mask: which pixels are its own, at least one."""
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
    reach = (wide.shape[1] - width) / 2
    return Strip(stretched, scale, box[1].start - reach - left / scale, box)
