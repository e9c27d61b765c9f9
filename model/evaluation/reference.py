"""How weights read what they were made for: the reference that is frozen with their version."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.datasets.mnist import CLASSES
from model.pen.drawings import load_pen_drawings
from model.reading.drift import Window, freeze
from model.reading.frozen import Reference
from model.reading.recogniser import Recogniser
from model.synthesis.canvas_images import draw_all


def make_reference(recogniser: Recogniser, data_dir: Path) -> Reference | None:
    """Return how a recogniser reads the pen digits of the validation sites, drawn on a canvas.

    None where there are no pen strokes. Raises DatasetError for a damaged file of them.
    """
    digits = [d for d in load_pen_drawings(data_dir, "validation") if d.label in CLASSES]
    if not digits:
        return None
    drawn = draw_all(digits)
    inks, writers = drawn.inks[drawn.readable], set(drawn.writers[drawn.readable].tolist())
    made_of = f"{len(inks):,} pen digits of {len(writers):,} writers"
    return reference_on(recogniser, inks, made_of)


def reference_on(recogniser: Recogniser, inks: NDArray[np.uint8], made_of: str) -> Reference:
    """Return how a recogniser reads digits, as the reference of its version.

    inks: uint8 (N, 28, 28); made_of: what they are, in words.
    """
    shares = recogniser.probabilities(inks)
    window = Window(
        visitors=np.arange(len(inks)),
        taken=recogniser.accepts(inks),
        confidence=shares.max(axis=1),
        digits=shares.argmax(axis=1),
    )
    return freeze(recogniser.card.version, made_of, recogniser.card.sure_threshold, window)
