"""A drawing on paper of one colour: the part of the picture that is not bare paper.

Most of a canvas is. What is left out here need not be looked at by the rest of preparation, which
gives the same result in half the time.
"""

from __future__ import annotations

import math
import sys
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.ink.images import Pixels

BORDER = 50  # the border is this part of the picture's short side deep
# A grey, opaque pixel is its red level times this, and full opacity: a byte for each channel.
GREY, OPAQUE = np.uint32(0x010101), np.uint32(0xFF000000)


class Part(NamedTuple):
    """A part of a picture; around it there is nothing but paper."""

    planes: Pixels  # (1 or 3, height, width): its channels; one where the picture is grey
    paper: NDArray[np.uint8]  # (1 or 3,): the paper's colour
    top: int  # where it lies in the picture, in pixels
    left: int
    sheet: tuple[int, ...]  # height and width of the picture

    @property
    def around(self) -> int:
        """Return how many pixels of the picture it leaves out."""
        return math.prod(self.sheet) - int(self.planes[0].size)


def border_depth(sheet: tuple[int, ...]) -> int:
    """Return how deep the border is that shows what paper is, in pixels."""
    return max(min(sheet) // BORDER, 1)


def part_on_plain_paper(pixels: Pixels) -> Part | None:
    """Return the part of a picture outside which all is of one colour, as most of its border is.

    None where there is no such border, nothing at all on the paper, or transparency.
    pixels: uint8 (H, W), (H, W, 3) or (H, W, 4).
    """
    height, width = sheet = pixels.shape[:2]
    words = _as_words(pixels)
    flat = pixels.reshape(height, -1) if words is None else words
    channels = flat.shape[1] // width
    corner = flat[0, :channels]
    differs = flat != (corner if channels == 1 else np.tile(corner, width))
    rows = np.flatnonzero(differs.any(axis=1))
    if not len(rows):
        return None
    of_columns = np.bitwise_or.reduce(differs[rows[0] : rows[-1] + 1].view(np.uint8), axis=0)
    columns = np.flatnonzero(of_columns.reshape(width, channels).any(axis=1))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    depth = border_depth(sheet)
    if min(top, left, height - bottom, width - right) < depth and not _is_bare(
        differs.reshape(height, width, channels), depth
    ):
        return None
    box = slice(top, bottom), slice(left, right)
    planes = _planes(pixels, box) if words is None else _planes_of_words(words, box)
    if planes is None:
        return None
    paper = pixels[0, 0].reshape(-1)[: len(planes)]
    return Part(planes, paper, int(top), int(left), sheet)


def _is_bare(differs: NDArray[np.bool_], depth: int) -> bool:
    """Tell whether three quarters of the border are of the corner's colour: noise is measured so.

    differs: (H, W, channels), what does not.
    """
    edges = (differs[:depth], differs[-depth:], differs[:, :depth], differs[:, -depth:])
    marked = sum(np.count_nonzero(edge.any(axis=2)) for edge in edges)
    return bool(marked <= 0.25 * 2 * depth * sum(differs.shape[:2]))


def _as_words(pixels: Pixels) -> NDArray[np.uint32] | None:
    """Return red, green, blue and opacity as one number a pixel, (H, W), where they lie so."""
    if pixels.ndim == 3 and pixels.shape[2] == 4 and sys.byteorder == "little":
        return np.ascontiguousarray(pixels).view(np.uint32)[:, :, 0]
    return None


def _planes_of_words(words: NDArray[np.uint32], box: tuple[slice, slice]) -> Pixels | None:
    """Return the channels of the box, one where all is grey; None where anything is transparent."""
    inside = words[box]
    red = inside & np.uint32(0xFF)
    corner = int(words[0, 0])
    if corner == (corner & 0xFF) * int(GREY) + int(OPAQUE) and np.array_equal(
        red * GREY + OPAQUE, inside
    ):
        return red.astype(np.uint8)[None]
    if corner < OPAQUE or inside.min() < OPAQUE:
        return None
    return np.stack([(inside >> np.uint32(shift)).astype(np.uint8) for shift in (0, 8, 16)])


def _planes(pixels: Pixels, box: tuple[slice, slice]) -> Pixels | None:
    inside = pixels[box]
    if pixels.ndim == 2:
        return inside[None]
    if pixels.shape[2] == 4:
        return None
    red, green, blue = (inside[:, :, channel] for channel in range(3))
    corner = pixels[0, 0]
    if (corner == corner[0]).all() and np.array_equal(red, green) and np.array_equal(red, blue):
        return np.ascontiguousarray(red)[None]
    return np.stack((red, green, blue))
