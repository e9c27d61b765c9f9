"""Scanned digits as people might keep them: in folders, or with their answers in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from model.finetuning.answered import NO_DIGIT, AnsweredDrawing
from model.synthesis.outlier_exposure import nondigit
from tests.model.datasets.scanned_digits import scanned_digits

SEVEN = [[[40, 200, 90], [20, 20, 250]], [[60, 170], [130, 130]]]


def some_drawings(each: int = 3, not_digits: int = 0) -> list[AnsweredDrawing]:
    """Return so many drawings of each digit, without strokes, and so many of no digit."""
    digits = scanned_digits()
    places = [
        n for d in range(10) for n in (digits.labels == d).nonzero().flip(0)[:each, 0].tolist()
    ]
    drawings = [AnsweredDrawing(digits.images[n].numpy(), int(digits.labels[n])) for n in places]
    return drawings + [
        AnsweredDrawing(nondigit([], np.random.default_rng([9, n])), NO_DIGIT)
        for n in range(not_digits)
    ]


def write_folders(folder: Path, drawings: list[AnsweredDrawing], none: str = "none") -> Path:
    """Write drawings as pictures, dark on white, into folders called after what they show."""
    for number, drawing in enumerate(drawings):
        place = folder / (none if drawing.label == NO_DIGIT else str(drawing.label))
        place.mkdir(parents=True, exist_ok=True)
        enlarged = np.kron(255 - drawing.ink, np.ones((4, 4), np.uint8))
        Image.fromarray(enlarged).save(place / f"{number}.png")
    return folder
