"""What both weights read beside the live test: what must not be forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.datasets.mnist import load_mnist, split
from model.pen.drawings import load_pen_drawings
from model.promotion.comparison import Part
from model.synthesis.canvas_images import draw_all
from model.synthesis.outlier_exposure import MEASURED_LETTERS, nondigit
from model.synthesis.workers import spread
from model.training.options import RECIPES
from model.training.validation import parts_to_validate
from model.weight_files.card import Card

PER_LETTER = 40  # at most
SCRIBBLES = 400
SEED = 61  # of what is made up here; no training has it


@dataclass(frozen=True, eq=False)
class Yardsticks:
    """Digits, by part, and what is none, by kind, as inks uint8 (N, 28, 28)."""

    digits: dict[str, Part]
    strangers: dict[str, NDArray[np.uint8]]


def gather(card: Card, data_dir: Path) -> Yardsticks:
    """Return MNIST's validation part, split as for these weights, and what validation sites drew.

    Digits of the validation sites; letters of theirs that are never trained on; scribbles that no
    training had. Without pen strokes there are MNIST and scribbles alone. Raises DatasetError.
    """
    recipe = RECIPES[card.architecture]
    _, scans = split(load_mnist(data_dir, train=True), card.seed, recipe.validation_share)
    digits = {
        name: Part(part.images.numpy(), part.labels.numpy())
        for name, part in parts_to_validate(scans, data_dir).items()
    }
    made = spread(_scribble, list(range(SCRIBBLES)), "scribbling")
    strangers = {"scribbles": np.stack([ink for ink in made if ink is not None])}
    counts = dict.fromkeys(sorted(MEASURED_LETTERS), 0)
    letters = []
    for drawing in load_pen_drawings(data_dir, "validation"):
        if counts.get(drawing.label, PER_LETTER) < PER_LETTER:
            counts[drawing.label] += 1
            letters.append(drawing)
    if letters:
        drawn = draw_all(letters, SEED)
        strangers["letters"] = drawn.inks[drawn.readable]
    return Yardsticks(digits, strangers)


def _scribble(number: int) -> NDArray[np.uint8] | None:
    return nondigit([], np.random.default_rng([SEED, number]))
