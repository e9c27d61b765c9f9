"""What is no writing, made up: scribbles, shapes and spots, one or several in a row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.composition.line_images import sketch_line
from model.errors import BadDrawing
from model.ink.pen_lines import Line
from model.line_ink.line_strip import strip_of_ink
from model.line_training.samples import LineSamples
from model.line_training.spelling import NO_WRITING
from model.synthesis.outlier_exposure import DRAWERS, PAINTERS, SYMBOLS
from model.synthesis.workers import spread

LETTER_LIKE = (
    5,
    6,
    10,
)  # places in SYMBOLS: a cross is an x, a plus a t, two dashes are an l on its side
PAINTED = 0.25  # share of those whose ink no pen drew
MOST_IN_A_ROW = 4


def make_no_writing(count: int, seed: int) -> LineSamples:
    """Return so many lines that are no writing, all with the same text, `NO_WRITING`."""
    made = spread(_make, [[seed, 2, place] for place in range(count)], "scribbling")
    kept = [one for one in made if one is not None]
    strokes = [[np.asarray(line, np.float32) for line in lines] for lines, _ in kept]
    return LineSamples([NO_WRITING] * len(kept), strokes, [strip for _, strip in kept])


def _make(seed: list[int]) -> tuple[list[Line], NDArray[np.uint8]] | None:
    chance = np.random.default_rng(seed)
    lines = scribble_in_a_row(chance)
    try:
        if chance.random() < PAINTED:
            shares = np.array([share for _, share in PAINTERS])
            painter = PAINTERS[int(chance.choice(len(PAINTERS), p=shares / shares.sum()))][0]
            return lines, strip_of_ink(painter(chance).astype(np.uint8) * 255)
        return lines, sketch_line([line.T.tolist() for line in lines], chance)
    except BadDrawing:
        return None


def scribble_in_a_row(chance: np.random.Generator) -> list[Line]:
    """Return scribbles or shapes, one or up to four side by side, as lines of a pen."""
    count = 1 if chance.random() < 0.6 else int(chance.integers(2, MOST_IN_A_ROW + 1))
    shares = np.array([share for _, share in DRAWERS])
    right, lines = 0.0, []
    for _ in range(count):
        drawer = DRAWERS[int(chance.choice(len(DRAWERS), p=shares / shares.sum()))][0]
        if drawer.__name__ == "symbol":
            allowed = [place for place in range(len(SYMBOLS)) if place not in LETTER_LIKE]
            drawn = [np.array(line, float) for line in SYMBOLS[int(chance.choice(allowed))]]
        else:
            drawn = drawer(chance)
        points = np.concatenate(drawn)
        low, high = points.min(axis=0), points.max(axis=0)
        size = chance.uniform(0.7, 1.3) / max(float((high - low).max()), 1e-6)
        shift = np.array([right, chance.normal(0, 0.15)])
        drawn = [(line - low) * size + shift for line in drawn]
        lines += drawn
        right = max(float(line[:, 0].max()) for line in drawn) + chance.uniform(-0.2, 0.5)
    return [line * 100 for line in lines]
