"""Lessons for the branch that refuses: drawings that are none, and what it must go on telling."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from model.datasets.mnist import CLASSES, Digits
from model.finetuning.answered import NO_DIGIT, AnsweredDrawing
from model.finetuning.lessons import Dealt, Lessons, dealt, shuffled_together, teach
from model.finetuning.ways import Way
from model.ink.pen_lines import Line, to_lines
from model.pen.drawings import PenDrawing, load_pen_drawings
from model.synthesis.outlier_exposure import ALLOWED_LETTERS, nondigit
from model.synthesis.training_images import DIGITS_TO_SPOIL, sketch_all
from model.synthesis.workers import spread
from model.training.options import Recipe

POOL = 1_500  # renderings of each kind that replay takes from


def no_digit_lessons(
    drawings: Sequence[AnsweredDrawing],
    scans: Digits,
    data_dir: Path,
    *,
    steps: int,
    way: Way,
    seed: int,
    recipe: Recipe,
) -> Lessons:
    """Return batches of answers, half of them of no digit where there are any, and of replay.

    Replayed are scans and scribbles and, where pen strokes are there, digits and letters of the
    training sites. Raises DatasetError for a damaged file.
    """
    of_digits = [drawing for drawing in drawings if drawing.label != NO_DIGIT]
    of_none = [drawing for drawing in drawings if drawing.label == NO_DIGIT]
    groups = [some for some in (of_digits, of_none) if some]
    taught = [
        teach(some, steps * share, way, seed + place, recipe.pen_strength)
        for place, (some, share) in enumerate(
            zip(groups, _shares(groups, way.answers_per_step), strict=True)
        )
    ]
    kinds = _replayed(scans, data_dir, min(POOL, steps * way.replay_per_step), seed)
    replay: list[Dealt] = []
    for place, (kind, share) in enumerate(
        zip(kinds, _shares(kinds, way.replay_per_step), strict=True)
    ):
        strength = 1.0 if kind is scans else recipe.pen_strength
        if share:
            replay.append(dealt(kind, steps * share, seed + place, strength))
    return Lessons(
        shuffled_together(taught, steps),
        shuffled_together(replay, steps),
        steps,
        recipe.branch_variation,
        seed,
    )


def _shares(kinds: Sequence[Sequence[object] | Digits], images: int) -> list[int]:
    """Return how many of a batch's images are of each kind: as many of each that there is."""
    there = [place for place, kind in enumerate(kinds) if len(kind)]
    shares = [0] * len(kinds)
    for number in range(images):
        shares[there[number % len(there)]] += 1
    return shares


def _replayed(scans: Digits, data_dir: Path, count: int, seed: int) -> list[Digits]:
    """Return scans, scribbles, pen digits and letters; the last two empty without pen strokes."""
    recorded = load_pen_drawings(data_dir, "training")
    digits = _some([d for d in recorded if d.label in CLASSES], DIGITS_TO_SPOIL, seed)
    letters = _some([d for d in recorded if d.label in ALLOWED_LETTERS], count, seed)
    spoilt = [(drawing.label, to_lines(drawing.strokes)) for drawing in digits]
    scribble_jobs = [(spoilt, [seed, 3, place]) for place in range(count)]
    scribbles = list(spread(_scribble, scribble_jobs, "scribbling"))
    return [
        scans,
        _stacked(scribbles),
        _stacked(sketch_all(digits[:count], [seed, 4], "drawing digits")),
        _stacked(sketch_all(letters, [seed, 5], "drawing letters")),
    ]


def _some(drawings: list[PenDrawing], count: int, seed: int) -> list[PenDrawing]:
    order = np.random.default_rng([seed, 6]).permutation(len(drawings))
    return [drawings[place] for place in order[:count]]


def _scribble(job: tuple[list[tuple[str, list[Line]]], list[int]]) -> NDArray[np.uint8]:
    digits, seed = job
    return nondigit(digits, np.random.default_rng(seed))


def _stacked(images: Sequence[NDArray[np.uint8] | None]) -> Digits:
    """Return what could be drawn; its labels, which replay does not look at, are all `NO_DIGIT`."""
    readable = [image for image in images if image is not None]
    stacked = np.stack(readable) if readable else np.empty((0, 28, 28), np.uint8)
    return Digits(torch.from_numpy(stacked), torch.full((len(stacked),), NO_DIGIT))
