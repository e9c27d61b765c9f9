"""What members are searched, trained, weighed and tested on."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from environment import ROOT
from model.datasets.mnist import CLASSES, Digits, load_mnist, split
from model.pen.drawings import load_pen_drawings
from model.synthesis import canvas_images, canvas_rendering, rendering_cache
from model.synthesis.canvas_images import draw_all
from model.synthesis.progress import say_phase
from model.synthesis.rendering_cache import kept, key_of
from model.synthesis.training_images import SOURCES
from model.tuning.grids import BadGrid, Request

CACHE = ROOT / "var" / "renderings"
VALIDATION_SHARE = 0.1
SCANS, DRAWN = "MNIST", "pen digits"


@dataclass(frozen=True)
class Part:
    """Images with their labels."""

    images: NDArray[np.uint8]  # (N, 784), 0 = paper, 255 = full ink
    labels: NDArray[np.int64]  # (N,), 0 to 9

    def __len__(self) -> int:
        """Return how many images there are."""
        return len(self.labels)


@dataclass(frozen=True)
class MemberData:
    """All images of a tuning; of each by name, scans and, where there are any, drawn digits."""

    search: Part  # scans alone
    training: dict[str, Part]
    validation: dict[str, Part]
    test: dict[str, Part]

    @property
    def all_training(self) -> Part:
        """Return everything that winners learn, as one part."""
        parts = list(self.training.values())
        return Part(
            np.concatenate([part.images for part in parts]),
            np.concatenate([part.labels for part in parts]),
        )

    @property
    def sizes(self) -> dict[str, int]:
        """Return how many images of each source winners learn."""
        return {name: len(part) for name, part in self.training.items()}


def gather_for_members(request: Request, data_dir: Path) -> MemberData:
    """Return what a request's members are made and judged with.

    The search takes scans of the training part alone, as many of each class; the drawn digits
    of `DATA_DIR/pen` join for the winners. Raises DatasetError for missing or damaged data, BadGrid
    for a search of more images than there are.
    """
    say_phase("reading MNIST")
    learn, choose = split(load_mnist(data_dir, train=True), request.seed, VALIDATION_SHARE)
    scans, test = _part(learn), _part(load_mnist(data_dir, train=False))
    if request.subset > len(scans):
        raise BadGrid(
            f"the search takes {len(scans):,} images at most, not {request.subset:,}: there are no "
            "more to train on"
        )
    search = _evenly(scans, request.subset, request.seed)
    training = {SCANS: search if request.small else scans}
    most = request.subset // 4 if request.small else None
    say_phase("reading pen strokes")
    drawn = {part: _drawn(data_dir, part, most) for part in ("training", "validation", "test")}
    if not len(drawn["training"]):
        print(
            f"there are no pen strokes in {data_dir / 'pen'}: members learn scans alone, and read "
            "drawn digits less well (README, Pen strokes)",
            file=sys.stderr,
        )
    return MemberData(
        search,
        _with(training, drawn["training"]),
        _with({SCANS: _part(choose)}, drawn["validation"]),
        _with({SCANS: test}, drawn["test"]),
    )


def _with(parts: dict[str, Part], drawn: Part) -> dict[str, Part]:
    return {**parts, DRAWN: drawn} if len(drawn) else parts


def _part(digits: Digits) -> Part:
    return Part(digits.images.numpy().reshape(len(digits), -1), digits.labels.numpy())


def _evenly(part: Part, count: int, seed: int) -> Part:
    """Return `count` images in a random order, with each class's share of the whole."""
    chance = np.random.default_rng([seed, 26])
    order = chance.permutation(len(part))
    # The n-th of its class, over how many of it there are: the first `count` have equal shares.
    ranks = np.empty(len(order))
    for label in range(len(CLASSES)):
        places = np.flatnonzero(part.labels[order] == label)
        ranks[places] = (np.arange(len(places)) + 0.5) / max(len(places), 1)
    chosen = order[np.sort(np.argsort(ranks, kind="stable")[:count])]
    return Part(part.images[chosen], part.labels[chosen])


def _drawn(data_dir: Path, part: str, most: int | None) -> Part:
    """Return the drawn digits of some sites, each once; of `most`, one of every so many."""
    drawings = [it for it in load_pen_drawings(data_dir, part) if it.label in CLASSES]
    if part == "training" and most is not None and len(drawings) > most:
        drawings = drawings[:: -(-len(drawings) // most)]
    if not drawings:
        return Part(np.empty((0, 784), np.uint8), np.empty(0, np.int64))

    def render() -> dict[str, NDArray[np.generic]]:
        drawn = draw_all(drawings)
        labels = np.array([CLASSES.index(label) for label in drawn.labels], np.int64)
        return {"images": drawn.inks[drawn.readable], "labels": labels[drawn.readable]}

    modules = (*SOURCES, canvas_images, canvas_rendering, rendering_cache)
    key = key_of(modules, drawings, [len(drawings)])
    arrays = kept(CACHE / f"members-{key}.npz", render)
    return Part(arrays["images"].reshape(-1, 784), arrays["labels"])
