"""What people said of their drawings, as plain data, whoever kept it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.ink.preprocess import SIDE_PX
from model.pen.drawings import Strokes

NO_DIGIT = 10  # the label of what is called no digit, after those of the ten digits
LEAVE_OUT = 11  # of a review: the drawing is neither learnt from nor tested on


@dataclass(frozen=True, eq=False, kw_only=True)
class Answered:
    """One drawing, what its author says it shows, and what the operator decided about that.

    drawing: its id. visitor: who drew it, the same word for the same person. label: the author's
    last answer, 0 to 9 or `NO_DIGIT`; said_at: when, with its time zone. ink: uint8 (28, 28), as
    the network saw it. strokes: as they were recorded, or None. review: the operator's decision, 0
    to 9, `NO_DIGIT` or `LEAVE_OUT`; None while there is none.
    """

    drawing: str
    visitor: str
    label: int
    said_at: datetime
    ink: NDArray[np.uint8]
    strokes: Strokes | None = None
    review: int | None = None

    @property
    def believed_label(self) -> int:
        """Return what the drawing is taken to show: the operator's word, or else its author's."""
        if self.review is None or self.review == LEAVE_OUT:
            return self.label
        return self.review


def read_ink(png: bytes) -> NDArray[np.uint8] | None:
    """Return the 28 x 28 picture that a store keeps of what the network saw; None where damaged."""
    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
            ink = np.asarray(image.convert("L"))
    except (OSError, SyntaxError, ValueError):  # Pillow's own ways of saying so
        return None
    return ink if ink.shape == (SIDE_PX, SIDE_PX) else None


def stacked(answers: Sequence[Answered]) -> NDArray[np.uint8]:
    """Return the inks of these drawings, uint8 (N, 28, 28), as networks read them."""
    if not answers:
        return np.empty((0, SIDE_PX, SIDE_PX), np.uint8)
    return np.stack([answered.ink for answered in answers])


def number_of(name: str) -> int:
    """Return a large number that is always the same for a name: of its SHA-256."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
