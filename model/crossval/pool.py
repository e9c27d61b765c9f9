"""Everything that folds are made of, rendered once, with the fold and the writer of each image."""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from model.crossval.folds import Folds, grouped, stratified
from model.datasets.mnist import CLASSES, Digits, load_mnist
from model.ink.pen_lines import Line, to_lines
from model.pen.drawings import PenDrawing, load_pen_drawings
from model.synthesis import canvas_images, canvas_rendering, training_images
from model.synthesis.canvas_images import draw_all
from model.synthesis.outlier_exposure import ALLOWED_LETTERS, nondigit
from model.synthesis.training_images import DIGITS_TO_SPOIL, NO_DIGIT, SOURCES, sketch_all
from model.synthesis.workers import spread
from model.training import run
from model.training.options import TrainingOptions


@dataclass(frozen=True)
class Pictures:
    """Images of one kind; every array has a row for an image."""

    images: NDArray[np.uint8]  # (N, 28, 28)
    labels: NDArray[np.int64]  # (N,), 0..9, or NO_DIGIT
    folds: Folds  # (N,)
    writers: NDArray[np.int64]  # (N,), a number for each hand; -1 where nobody drew it

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.labels)

    def take(self, places: NDArray[np.bool_]) -> Digits:
        """Return the images for which `places`, (N,), is true, for training."""
        return Digits(torch.from_numpy(self.images[places]), torch.from_numpy(self.labels[places]))


@dataclass(frozen=True)
class Pool:
    """All images of a cross-validation."""

    scans: Pictures  # of MNIST's training set
    strokes: Pictures  # pen digits as training has them, each in several renderings
    letters: Pictures  # likewise, of what is no digit
    scribbles: Pictures  # made up of digits of their fold
    drawn: Pictures  # pen digits as they arrive from a canvas, each once, to be scored on


def make_pool(data_dir: Path, options: TrainingOptions, folds: int) -> Pool:
    """Return the images for a number of folds, from the seed of the options; the test sets' none.

    Pen drawings of the sites that train and of those that usually validate take part. They are
    rendered on all cores at the first call, and kept. Raises DatasetError for missing or damaged
    data, BadOption for more folds than writers.
    """
    mnist = load_mnist(data_dir, train=True)
    labels = mnist.labels.numpy()
    scans = Pictures(
        mnist.images.numpy(), labels, stratified(labels, folds, options.seed), _nobody(len(labels))
    )
    if not options.recipe.mixture:
        return Pool(scans, *([_no_pictures()] * 4))
    drawings = [
        drawing
        for part in ("training", "validation")
        for drawing in load_pen_drawings(data_dir, part)
        if drawing.label in CLASSES or drawing.label in ALLOWED_LETTERS
    ]
    path = run.CACHE / f"folds-{_key(drawings, folds, options.seed)}.npz"
    parts = _read(path)
    if parts is None:
        parts = _render(drawings, folds, options.seed)
        try:
            _write(path, parts)
        except OSError as error:
            print(f"renderings are not kept in {path}: {error.strerror}", file=sys.stderr)
    return Pool(scans, **parts)


def _render(drawings: Sequence[PenDrawing], folds: int, seed: int) -> dict[str, Pictures]:
    names = np.array([f"{drawing.source}/{drawing.writer}" for drawing in drawings], str)
    kinds = np.array([d.label if d.label in CLASSES else "letter" for d in drawings], str)
    of_hand = grouped(kinds, names, folds, seed) if drawings else np.empty(0, np.int64)
    _, hands = np.unique(names, return_inverse=True)
    is_digit = kinds != "letter"
    labels = np.array([NO_DIGIT if k == "letter" else CLASSES.index(k) for k in kinds], np.int64)

    def pictures(images: Sequence[NDArray[np.uint8] | None], places: NDArray[np.int64]) -> Pictures:
        there = [place for place, image in enumerate(images) if image is not None]
        if not there:
            return _no_pictures()
        places = places[there]
        kept = np.stack([image for image in images if image is not None])
        return Pictures(kept, labels[places], of_hand[places], hands[places])

    def sketched(places: NDArray[np.int64], kind: int, words: str) -> Pictures:
        return pictures(
            sketch_all([drawings[p] for p in places.tolist()], [seed, kind], words), places
        )

    digits, letters = np.flatnonzero(is_digit), np.flatnonzero(~is_digit)
    drawn = draw_all([drawings[it] for it in digits.tolist()], seed)
    inks = [
        ink if is_there else None for ink, is_there in zip(drawn.inks, drawn.readable, strict=True)
    ]
    return {
        "strokes": sketched(np.tile(digits, run.ROUNDS), 0, "rendering digits"),
        "letters": sketched(np.tile(letters, run.LETTER_ROUNDS), 1, "rendering letters"),
        "scribbles": _scribbles(
            [drawings[it] for it in digits.tolist()], of_hand[digits], folds, seed
        ),
        "drawn": pictures(inks, digits),
    }


def _scribbles(digits: Sequence[PenDrawing], of_hand: Folds, folds: int, seed: int) -> Pictures:
    """Return what is no digit, as much for each fold's training as a training has.

    It is made of digits too, so each is of one fold's, and goes where these go.
    """
    count = run.SCRIBBLES * folds // (folds - 1)
    of_scribble = np.arange(count) % folds
    spoilt: list[list[tuple[str, list[Line]]]] = []
    for fold in range(folds):
        own = [digit for digit, place in zip(digits, of_hand, strict=True) if place == fold]
        some = own[:: max(len(own) // DIGITS_TO_SPOIL, 1)]
        spoilt.append([(digit.label, to_lines(digit.strokes)) for digit in some])
    jobs = [(spoilt[fold], [seed, 2, place]) for place, fold in enumerate(of_scribble)]
    images = np.stack(list(spread(_scribble, jobs, "scribbling")))
    return Pictures(images, np.full(count, NO_DIGIT), of_scribble, _nobody(count))


def _scribble(job: tuple[list[tuple[str, list[Line]]], list[int]]) -> NDArray[np.uint8]:
    digits, seed = job
    return nondigit(digits, np.random.default_rng(seed))


def _no_pictures() -> Pictures:
    none = np.empty(0, np.int64)
    return Pictures(np.empty((0, 28, 28), np.uint8), none, none, none)


def _nobody(count: int) -> NDArray[np.int64]:
    return np.full(count, -1)


def _key(drawings: Sequence[PenDrawing], folds: int, seed: int) -> str:
    """Return a name for what all pictures depend on, MNIST aside."""
    digest = hashlib.sha256()
    own = inspect.getmodule(_key), inspect.getmodule(grouped)
    for module in (*SOURCES, training_images, canvas_images, canvas_rendering, *own):
        assert module is not None
        digest.update(inspect.getsource(module).encode())
    for drawing in drawings:
        row = [drawing.label, drawing.source, drawing.writer, drawing.strokes]
        digest.update(json.dumps(row).encode())
    sizes = [run.ROUNDS, run.LETTER_ROUNDS, run.SCRIBBLES, folds, seed]
    digest.update(json.dumps(sizes).encode())
    return digest.hexdigest()[:16]


def _read(path: Path) -> dict[str, Pictures] | None:
    """Return what is kept; None where there is nothing, or a file that is damaged."""
    names = [part.name for part in fields(Pool) if part.name != "scans"]
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            return {
                name: Pictures(**{it.name: arrays[f"{name}.{it.name}"] for it in fields(Pictures)})
                for name in names
            }
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def _write(path: Path, parts: dict[str, Pictures]) -> None:
    """Keep pictures, whole or not at all; raises OSError."""
    arrays = {
        f"{name}.{it.name}": getattr(part, it.name)
        for name, part in parts.items()
        for it in fields(Pictures)
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
