"""A site that no weights have seen: networks trained without it, and its drawings in two halves.

What answers and what is read are drawings of other writers. Sites are training sites alone:
validation sites stand for what must not be forgotten, test sites are never looked at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from environment import ROOT
from model.datasets.mnist import CLASSES, Digits, load_mnist, split
from model.finetuning.answered import AnsweredDrawing
from model.finetuning.lessons import hardest
from model.networks.registry import SIX_CONVOLUTIONS, build_network
from model.pen.drawings import PenDrawing, load_pen_drawings
from model.synthesis.canvas_images import draw_all
from model.synthesis.training_images import sketch_all
from model.training.data import ScansAndStrokes
from model.training.loop import fit
from model.training.options import RECIPES, Mixture, Recipe, TrainingOptions
from model.training.validation import parts_to_validate

FOLDER = ROOT / "var" / "learning"
# Each is a device of its own: what one laboratory recorded with one kind of tablet.
SITES = {"pendigits": ("pendigits",), "syn": ("syn",), "apb-app": ("apb", "app")}
MOST_READ = 2_500  # drawings of each kind that are read
NEW_WRITERS = 0.1  # share of the other sites' writers that no weights see either
ROUNDS = 2  # renderings of each drawing that a network is trained on
EPOCHS = 3


@dataclass(frozen=True)
class Schedule:
    """How long networks are trained; a smoke run has the smallest of everything."""

    epochs: int = EPOCHS
    scans: int = 20_000  # images of an epoch, as the next
    strokes: int = 20_000
    rounds: int = ROUNDS

    @property
    def name(self) -> str:
        """Return a word that files of this schedule have in their names."""
        return f"{self.epochs}x{(self.scans + self.strokes) // 1000}k"


@dataclass(frozen=True, kw_only=True)
class Unseen(TrainingOptions):
    """Options of a training without a site, with a recipe of its own."""

    own: Recipe

    @property
    def recipe(self) -> Recipe:
        """Return how this network is trained."""
        return self.own


@dataclass(frozen=True)
class Parts:
    """Who does what with the drawings of one site, or of new writers of the other sites."""

    answering: list[PenDrawing]  # drawings that may be answered, in random order
    own: list[PenDrawing]  # other drawings of the same writers
    others: list[PenDrawing]  # drawings of the other half of the writers


def writer_of(drawing: PenDrawing) -> str:
    """Return a name that no writer of another site has."""
    return f"{drawing.source}/{drawing.writer}"


def halve(drawings: Sequence[PenDrawing], answers: int, seed: int) -> Parts:
    """Return these drawings in parts: half of their writers answer, the other half is read.

    answers: how many drawings may be answered at most; at least as many of the same writers are
    kept apart, to be read, as far as there are any.
    """
    chance = np.random.default_rng([seed, 10])
    writers = sorted({writer_of(drawing) for drawing in drawings})
    half = {writers[place] for place in chance.permutation(len(writers))[: len(writers) // 2]}
    mixed = [drawings[place] for place in chance.permutation(len(drawings))]
    theirs = [drawing for drawing in mixed if writer_of(drawing) in half]
    others = [drawing for drawing in mixed if writer_of(drawing) not in half]
    most = min(answers, len(theirs) * 2 // 3)
    return Parts(theirs[:most], theirs[most:][:MOST_READ], others[:MOST_READ])


def training_digits(data_dir: Path) -> list[PenDrawing]:
    """Return the digits of the training sites; raises DatasetError for a damaged file."""
    return [d for d in load_pen_drawings(data_dir, "training") if d.label in CLASSES]


def unseen(digits: Sequence[PenDrawing], site: str, seed: int) -> tuple[set[int], set[int]]:
    """Return the places of a site's digits, and of those of new writers at the other sites."""
    of_site = {place for place, d in enumerate(digits) if d.source in SITES[site]}
    rest = sorted({writer_of(d) for place, d in enumerate(digits) if place not in of_site})
    order = np.random.default_rng([seed, 11]).permutation(len(rest))
    new = {rest[place] for place in order[: max(round(len(rest) * NEW_WRITERS), 2)]}
    return of_site, {place for place, d in enumerate(digits) if writer_of(d) in new}


def to_answers(drawings: Sequence[PenDrawing], seed: int) -> list[AnsweredDrawing]:
    """Return drawings as the store would keep them: as a canvas held them, with their strokes."""
    drawn = draw_all(drawings, seed)
    return [
        AnsweredDrawing(ink, CLASSES.index(drawing.label), drawing.strokes, writer_of(drawing))
        for ink, drawing, is_readable in zip(drawn.inks, drawings, drawn.readable, strict=True)
        if is_readable
    ]


def to_read(drawings: Sequence[PenDrawing], seed: int) -> Digits:
    """Return drawings as the network gets them from a canvas."""
    drawn = draw_all(drawings, seed)
    labels = np.array([CLASSES.index(label) for label in drawn.labels], np.int64)
    return Digits(
        torch.from_numpy(drawn.inks[drawn.readable]), torch.from_numpy(labels[drawn.readable])
    )


@dataclass(frozen=True)
class Base:
    """A network that has seen neither a site nor some writers of the others, and its data."""

    network: nn.Module
    pool: Digits  # scans that it is least sure of
    scans: Digits  # all that it was trained on
    validation: dict[str, Digits]  # MNIST, and drawings of the validation sites


def train_without(site: str, seed: int, data_dir: Path, schedule: Schedule) -> Base:
    """Return a network trained without a site; the weights are kept for the next time."""
    mnist = load_mnist(data_dir, train=True)
    scans, kept_back = split(mnist, seed, RECIPES[SIX_CONVOLUTIONS].validation_share)
    validation = validation_parts(kept_back, data_dir)
    path = FOLDER / f"base-{site}-{seed}-{schedule.name}.pt"
    network = build_network(SIX_CONVOLUTIONS)
    if path.is_file():
        network.load_state_dict(torch.load(path, weights_only=True))
    else:
        digits = training_digits(data_dir)
        left_out = set.union(*unseen(digits, site, seed))
        strokes = _strokes(digits, left_out, seed, schedule)
        nothing = Digits(torch.empty(0, 28, 28, dtype=torch.uint8), torch.empty(0).long())
        # The branch for what is no digit is not measured here: it gets a step.
        recipe = replace(
            RECIPES[SIX_CONVOLUTIONS],
            mixture=Mixture(scans=schedule.scans, strokes=schedule.strokes),
            branch_mixture=Mixture(scans=64, strokes=64),
        )
        options = Unseen(epochs=schedule.epochs, seed=seed, device="cpu", own=recipe)
        training = ScansAndStrokes(scans, strokes, nothing, nothing, recipe)
        network = fit(training, validation, options).network
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.save(network.state_dict(), path)
    network.eval()
    return Base(network, hardest(network, scans), scans, validation)


def validation_parts(scans: Digits, data_dir: Path) -> dict[str, Digits]:
    """Return what must not be forgotten; drawings of the validation sites are drawn once."""

    def make() -> dict[str, NDArray[Any]]:
        drawn = parts_to_validate(scans, data_dir)["pen"]
        return {"images": drawn.images.numpy(), "labels": drawn.labels.numpy()}

    arrays = _kept(FOLDER / "validation-sites.npz", make)
    return {
        "MNIST": scans,
        "sites": Digits(torch.from_numpy(arrays["images"]), torch.from_numpy(arrays["labels"])),
    }


def render_strokes(digits: Sequence[PenDrawing], seed: int, schedule: Schedule) -> dict[str, Any]:
    """Return each drawing's renderings, by place; made once for a seed, whatever is left out."""

    def make() -> dict[str, NDArray[Any]]:
        drawn = sketch_all(list(digits) * schedule.rounds, [seed, 12], f"rendering, seed {seed}")
        readable = [place for place, ink in enumerate(drawn) if ink is not None]
        images = np.stack([ink for ink in drawn if ink is not None])
        return {"images": images, "places": np.array(readable) % len(digits)}

    rows = json.dumps([[d.label, d.source, d.writer] for d in digits]).encode()
    key = hashlib.sha256(rows).hexdigest()[:8]
    return _kept(FOLDER / f"strokes-{seed}-{schedule.rounds}-{key}.npz", make)


def _strokes(
    digits: Sequence[PenDrawing], left_out: set[int], seed: int, schedule: Schedule
) -> Digits:
    rendered = render_strokes(digits, seed, schedule)
    seen = ~np.isin(rendered["places"], list(left_out))
    labels = np.array([CLASSES.index(d.label) for d in digits], np.int64)
    return Digits(
        torch.from_numpy(rendered["images"][seen]),
        torch.from_numpy(labels[rendered["places"][seen]]),
    )


def _kept(path: Path, make: Callable[[], dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """Return arrays of a file, made and written where it is not there."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part.npz")
        np.savez(part, **make())  # type: ignore[arg-type]
        part.rename(path)
    with np.load(path) as arrays:
        return dict(arrays)
