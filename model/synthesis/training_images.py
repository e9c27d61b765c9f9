"""Pen strokes as the images that training takes: many renderings of each drawing, made once.

Every picture goes through `preprocess.prepare`, as a person's drawing does. Rendering runs on all
cores; the result is kept in a cache, named after everything that it depends on.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from model.datasets.mnist import CLASSES, Digits
from model.ink import (
    images,
    pen_lines,
    photograph,
    plain_paper,
    preprocess,
    segmentation,
    sheet,
    threshold,
)
from model.ink.pen_lines import Line, to_lines
from model.pen import drawings as pen_drawings
from model.pen.drawings import PenDrawing, load_pen_drawings
from model.synthesis import habits, line_rendering, outlier_exposure, rendering_cache
from model.synthesis.outlier_exposure import ALLOWED_LETTERS, nondigit
from model.synthesis.rendering_cache import kept, key_of
from model.synthesis.workers import spread

NO_DIGIT = len(CLASSES)  # the label of what is no digit
DIGITS_TO_SPOIL = 2000  # digits of which what is no digit is made
# What a cached rendering depends on, besides the drawings and the numbers asked for.
SOURCES = (
    line_rendering,
    pen_lines,
    habits,
    outlier_exposure,
    preprocess,
    segmentation,
    plain_paper,
    sheet,
    threshold,
    photograph,
    images,
    pen_drawings,
)


@dataclass(frozen=True)
class Renderings:
    """Images of pen strokes for training; each is (N, 28, 28) uint8 with its labels."""

    digits: Digits
    letters: Digits  # labelled NO_DIGIT, as the next
    scribbles: Digits


def render_training(
    data_dir: Path, cache_dir: Path, *, rounds: int, letter_rounds: int, scribbles: int, seed: int
) -> Renderings:
    """Return the digits and the allowed letters of the training sites, and scribbles.

    cache_dir: where the images are kept, some 800 bytes each, and taken from at the next call.
    rounds, letter_rounds: how often each digit and each letter is rendered; scribbles: how many
    things that are neither letter nor digit are made up.
    Without pen strokes there are scribbles alone. Raises DatasetError for a damaged file.
    """
    drawings = load_pen_drawings(data_dir, "training")
    digits = [drawing for drawing in drawings if drawing.label in CLASSES] * rounds
    letters = [drawing for drawing in drawings if drawing.label in ALLOWED_LETTERS] * letter_rounds
    modules = (*SOURCES, rendering_cache, sys.modules[__name__])
    key = key_of(modules, (*digits, *letters), [scribbles, seed])
    arrays = kept(
        cache_dir / f"renderings-{key}.npz", lambda: _render(digits, letters, scribbles, seed)
    )
    return Renderings(
        _to_digits(arrays["digits"], arrays["labels"]),
        _to_digits(arrays["letters"], np.full(len(arrays["letters"]), NO_DIGIT)),
        _to_digits(arrays["scribbles"], np.full(len(arrays["scribbles"]), NO_DIGIT)),
    )


def _to_digits(images: NDArray[np.uint8], labels: NDArray[np.integer]) -> Digits:
    return Digits(torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64)))


def _render(
    digits: Sequence[PenDrawing], letters: Sequence[PenDrawing], scribbles: int, seed: int
) -> dict[str, NDArray[Any]]:
    inks = sketch_all(digits, [seed, 0], "rendering digits")
    letter_inks = sketch_all(letters, [seed, 1], "rendering letters")
    some = [
        (drawing.label, to_lines(drawing.strokes))
        for drawing in digits[:: max(len(digits) // DIGITS_TO_SPOIL, 1)]
    ]
    scribble_jobs = [(some, [seed, 2, place]) for place in range(scribbles)]
    scribbled = list(spread(_scribble_one, scribble_jobs, "scribbling"))
    readable = [place for place, image in enumerate(inks) if image is not None]
    labels = np.array([CLASSES.index(drawing.label) for drawing in digits], np.uint8)
    return {
        "digits": stack_readable(inks),
        "labels": labels[readable],
        "letters": stack_readable(letter_inks),
        "scribbles": stack_readable(scribbled),
    }


def sketch_all(
    drawings: Sequence[PenDrawing], seed: list[int], description: str, *, has_habits: bool = True
) -> list[NDArray[np.uint8] | None]:
    """Return each drawing as somebody might have drawn it: (28, 28), or None for a mere dot.

    The generator of each picture depends on the seed and its place alone, so that the number of
    workers changes nothing. description: what the progress bar says. has_habits: whether
    `model.synthesis.habits` changes some of them before.
    """
    jobs = [
        (d.label, to_lines(d.strokes), [*seed, place], has_habits)
        for place, d in enumerate(drawings)
    ]
    return list(spread(_sketch_one, jobs, description))


def stack_readable(images: Sequence[NDArray[np.uint8] | None]) -> NDArray[np.uint8]:
    """Return what could be prepared, uint8 (N, 28, 28); without the others, which are None."""
    readable = [image for image in images if image is not None]
    return np.stack(readable) if readable else np.empty((0, 28, 28), np.uint8)


def _sketch_one(job: tuple[str, list[Line], list[int], bool]) -> NDArray[np.uint8] | None:
    label, lines, seed, has_habits = job
    chance = np.random.default_rng(seed)
    if has_habits:
        lines = habits.with_habit(label, lines, chance)
    return preprocess.prepare_any(line_rendering.sketch(lines, chance))


def _scribble_one(job: tuple[list[tuple[str, list[Line]]], list[int]]) -> NDArray[np.uint8]:
    digits, seed = job
    return nondigit(digits, np.random.default_rng(seed))
