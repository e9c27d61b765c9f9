"""Pen strokes as the images that training takes: many renderings of each drawing, made once.

Every picture goes through `preprocess.prepare`, as a person's drawing does. Rendering runs on all
cores; the result is kept in a cache, named after everything that it depends on.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from model import ink, nondigits, pen_strokes, preprocess, sheet, sketch
from model.data import CLASSES, Digits
from model.errors import BadDrawing
from model.nondigits import ALLOWED_LETTERS, nondigit
from model.pen_strokes import PenDrawing, load_pen_drawings
from model.sketch import Line, to_lines

NO_DIGIT = len(CLASSES)  # the label of what is no digit
DIGITS_FOR_PAIRS = 500  # digits handed to each worker, to put two side by side
CHUNK = 250
# What a cached rendering depends on, besides the drawings and the numbers asked for.
SOURCES = (sketch, nondigits, preprocess, ink, sheet, pen_strokes)


@dataclass(frozen=True)
class Renderings:
    """Images of pen strokes for training; each is (N, 28, 28) uint8 with its labels."""

    digits: tuple[Digits, ...]  # one for each rendering of all the digits
    nondigits: Digits  # letters and scribbles, all labelled NO_DIGIT


def render_training(
    data_dir: Path, cache_dir: Path, *, rounds: int, scribbles: int, seed: int
) -> Renderings:
    """Return the training sites' digits, rendered `rounds` times, and as many letters as there are.

    cache_dir: where the images are kept, some 800 bytes each, and taken from at the next call.
    scribbles: how many things that are neither letter nor digit are made up.
    Raises DatasetError for a damaged file of strokes, ValueError where there are no pen strokes.
    """
    drawings = load_pen_drawings(data_dir, "training")
    if not drawings:
        raise ValueError(f"there are no pen strokes of training sites in {data_dir / 'pen'}")
    digits = [drawing for drawing in drawings if drawing.label in CLASSES]
    letters = [drawing for drawing in drawings if drawing.label in ALLOWED_LETTERS]
    key = _key(digits, letters, rounds, scribbles, seed)
    path = cache_dir / f"renderings-{key}.npz"
    if not path.is_file():
        _write(path, _render(digits, letters, rounds, scribbles, seed))
    with np.load(path) as arrays:
        return Renderings(
            tuple(_to_digits(arrays[f"digits_{k}"], arrays[f"labels_{k}"]) for k in range(rounds)),
            _to_digits(arrays["others"], np.full(len(arrays["others"]), NO_DIGIT)),
        )


def _to_digits(images: NDArray[np.uint8], labels: NDArray[np.integer]) -> Digits:
    return Digits(torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64)))


def _key(
    digits: Sequence[PenDrawing],
    letters: Sequence[PenDrawing],
    rounds: int,
    scribbles: int,
    seed: int,
) -> str:
    digest = hashlib.sha256()
    for module in SOURCES:
        digest.update(inspect.getsource(module).encode())
    digest.update(inspect.getsource(inspect.getmodule(_key) or sketch).encode())
    for drawing in (*digits, *letters):
        digest.update(json.dumps([drawing.label, drawing.strokes]).encode())
    digest.update(json.dumps([rounds, scribbles, seed]).encode())
    return digest.hexdigest()[:16]


def _render(
    digits: Sequence[PenDrawing],
    letters: Sequence[PenDrawing],
    rounds: int,
    scribbles: int,
    seed: int,
) -> dict[str, NDArray[np.generic]]:
    digit_lines = [to_lines(drawing.strokes) for drawing in digits]
    letter_lines = [to_lines(drawing.strokes) for drawing in letters]
    # The generator of each picture depends on the seed, its kind and its place alone, so that the
    # number of workers changes nothing.
    jobs: list[tuple[list[list[Line]], list[list[int]]]] = []
    for round_ in range(rounds):
        jobs += _chunks(digit_lines, [seed, 0, round_])
    jobs += _chunks(letter_lines, [seed, 1])
    pairs = digit_lines[:: max(len(digit_lines) // DIGITS_FOR_PAIRS, 1)]
    scribble_jobs = [
        (pairs, [[seed, 2, place] for place in range(first, min(first + CHUNK, scribbles))])
        for first in range(0, scribbles, CHUNK)
    ]
    total = rounds * len(digits) + len(letters) + scribbles
    inks: list[NDArray[np.uint8] | None] = []
    others: list[NDArray[np.uint8]] = []
    # Fresh processes: a copy of one that runs torch's threads could stand still.
    with (
        ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as workers,
        tqdm(total=total, desc="rendering", unit=" drawings", leave=False, disable=None) as bar,
    ):
        for sketches in workers.map(_sketch_all, *zip(*jobs, strict=True)):
            inks += sketches
            bar.update(len(sketches))
        if scribble_jobs:
            for scribbled in workers.map(_scribble_all, *zip(*scribble_jobs, strict=True)):
                others += scribbled
                bar.update(len(scribbled))
    arrays: dict[str, NDArray[np.generic]] = {}
    labels = np.array([CLASSES.index(drawing.label) for drawing in digits], np.uint8)
    for round_ in range(rounds):
        made = inks[round_ * len(digits) : (round_ + 1) * len(digits)]
        readable = [place for place, image in enumerate(made) if image is not None]
        arrays[f"digits_{round_}"] = _stack([made[place] for place in readable])
        arrays[f"labels_{round_}"] = labels[readable]
    arrays["others"] = _stack([*inks[rounds * len(digits) :], *others])
    return arrays


def _stack(images: Sequence[NDArray[np.uint8] | None]) -> NDArray[np.uint8]:
    readable = [image for image in images if image is not None]
    return np.stack(readable) if readable else np.empty((0, 28, 28), np.uint8)


def _chunks(
    lines: list[list[Line]], seed: list[int]
) -> Iterator[tuple[list[list[Line]], list[list[int]]]]:
    for first in range(0, len(lines), CHUNK):
        part = lines[first : first + CHUNK]
        yield part, [[*seed, first + place] for place in range(len(part))]


def _sketch_all(
    drawings: list[list[Line]], seeds: list[list[int]]
) -> list[NDArray[np.uint8] | None]:
    return [_sketch_one(lines, seed) for lines, seed in zip(drawings, seeds, strict=True)]


def _sketch_one(lines: list[Line], seed: list[int]) -> NDArray[np.uint8] | None:
    try:
        return preprocess.prepare(sketch.sketch(lines, np.random.default_rng(seed)))
    except BadDrawing:
        return None  # a dot where a digit should be


def _scribble_all(digits: list[list[Line]], seeds: list[list[int]]) -> list[NDArray[np.uint8]]:
    return [nondigit(digits, np.random.default_rng(seed)) for seed in seeds]


def _write(path: Path, arrays: dict[str, NDArray[np.generic]]) -> None:
    """Write the cache, whole or not at all; a full disk costs the cache, not the training."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
