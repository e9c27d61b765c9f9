"""Where the network that sees a line looked: what it loses when a patch of the ink is covered.

Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014, part 4.2. Asked of
the strip of ink alone, by which every writing is read, whether or not there are strokes as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from model.ink.pen_lines import Line
from model.line_ink.line_strip import MARGIN_PX, PEN, strip_of_strokes
from model.line_ink.part_rows import part_rows
from model.writing.paths import place
from model.writing.placed_characters import Box
from model.writing.reader import Reader, Reading, Strokes, to_lines

PATCH_PX = 12, 10  # of the strip, high and wide
STEP_PX = 8, 6
INK = 64  # level from which a patch holds ink that could be covered
LEAST = 0.02  # nats that a character must lose by a patch for that place to have spoken for it


@dataclass(frozen=True)
class Look:
    """Where the network looked for one row of writing.

    heat: (characters, h, w), 0 to 1: how much of a character's probability went with the ink there,
    the most of each character being 1; all 0 where nothing in particular spoke for it. box: what
    of the drawing the heat lies over, in its unit. first: place of the first character in the text.
    """

    heat: NDArray[np.float32]
    box: Box
    first: int


def look_at_strokes(reader: Reader, strokes: Strokes, reading: Reading) -> list[Look]:
    """Return where the network looked, row by row, for a reading of these strokes.

    Raises BadDrawing as `Reader.read` does; a reading of other strokes gives nothing of sense.
    """
    lines = to_lines(strokes)
    boxes = np.array([[*line.min(axis=0), *line.max(axis=0)] for line in lines])
    rows, _ = part_rows(boxes)
    texts = reading.text.split("\n")
    if len(texts) != len(rows):  # read as one row, although it might be several
        rows, texts = [list(range(len(lines)))], [reading.text]
    looks, first = [], 0
    for row, text in zip(rows, texts, strict=True):
        own = [lines[number] for number in row]
        looks.append(Look(_heat(reader, strip_of_strokes(own), text), _around(own), first))
        first += len(text.replace(" ", ""))
    return looks


def _around(lines: Sequence[Line]) -> Box:
    """Return the box of strokes with the pen that they are sketched with."""
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    reach = PEN * float((high - low)[1]) / 2
    return (*(low - reach).tolist(), *(high + reach).tolist())


def _heat(reader: Reader, strip: NDArray[np.uint8], text: str) -> NDArray[np.float32]:
    """Return the heat of each character but spaces over the strip without its margins."""
    labels = [reader.classes.index(character) for character in text]
    kept = [number for number, character in enumerate(text) if character != " "]
    height, width = strip.shape
    corners = [
        (top, left)
        for top in range(0, height, STEP_PX[0])
        for left in range(0, width, STEP_PX[1])
        if (strip[top : top + PATCH_PX[0], left : left + PATCH_PX[1]] >= INK).any()
    ]
    whole = _log_shares(reader, strip, labels)[kept]
    total = np.zeros((len(kept), height, width))
    times = np.zeros((height, width))
    for top, left in corners:
        patch = slice(top, top + PATCH_PX[0]), slice(left, left + PATCH_PX[1])
        covered = strip.copy()
        covered[patch] = 0
        lost = whole - _log_shares(reader, covered, labels)[kept]
        total[:, *patch] += np.maximum(lost, 0)[:, None, None]
        times[patch] += 1
    heat = total / np.maximum(times, 1)
    inner = heat[:, MARGIN_PX : height - MARGIN_PX, MARGIN_PX : max(width - MARGIN_PX, 5)]
    most = inner.max(axis=(1, 2), keepdims=True)
    return np.asarray(inner / np.where(most > LEAST, most, np.inf), np.float32)


def _log_shares(
    reader: Reader, strip: NDArray[np.uint8], labels: Sequence[int]
) -> NDArray[np.float64]:
    """Return the log probability of each character, the rest being right: (characters,)."""
    instead = place(reader.see(strip), labels).instead
    own = instead[np.arange(len(labels)), labels]
    return np.asarray(own - logsumexp(instead[:, 1:-1], axis=1))
