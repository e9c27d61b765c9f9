"""How weights read what they were made for: the reference that is frozen with their version."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model.datasets.mnist import CLASSES
from model.pen.drawings import load_pen_drawings
from model.reading.drift import Reference, Window, freeze
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
    inks = drawn.inks[drawn.readable]
    shares = recogniser.probabilities(inks)
    _, writers = np.unique(drawn.writers[drawn.readable], return_inverse=True)
    window = Window(
        visitors=writers,
        taken=recogniser.accepts(inks),
        confidence=shares.max(axis=1),
        digits=shares.argmax(axis=1),
    )
    made_of = f"{len(inks):,} pen digits of {len(set(writers.tolist())):,} writers"
    return freeze(recogniser.card.version, made_of, recogniser.card.sure_threshold, window)
