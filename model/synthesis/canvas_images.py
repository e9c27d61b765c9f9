"""Recorded drawings as the network gets them: drawn on the dashboard's canvas, then prepared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.ink.pen_strokes import SIDE_PX as CANVAS_PX
from model.ink.preprocess import SIDE_PX, prepare_any
from model.pen.drawings import PenDrawing, Strokes
from model.synthesis.canvas_rendering import PEN_PX, SHARE_OF_SIDE, render
from model.synthesis.workers import spread


@dataclass(frozen=True)
class Drawn:
    """Prepared drawings and what is known of each; every array has one row for a drawing."""

    inks: NDArray[np.uint8]  # (N, 28, 28); all paper where it is not readable
    readable: NDArray[np.bool_]  # False: preparation refused it, as it does a single dot
    labels: NDArray[np.str_]
    sites: NDArray[np.str_]
    writers: NDArray[np.str_]  # unique among all sites
    pens_px: NDArray[np.float64]  # width of the pen on a canvas of 280 px
    complete: NDArray[np.bool_]  # False: the recording is a fragment (`PenDrawing.is_fragment`)

    def __len__(self) -> int:
        """Return how many drawings there are."""
        return len(self.labels)

    def take(self, places: NDArray[np.bool_]) -> Drawn:
        """Return the drawings for which `places`, (N,), is true."""
        return Drawn(**{field.name: getattr(self, field.name)[places] for field in fields(self)})


def draw_all(drawings: Sequence[PenDrawing], seed: int = 0) -> Drawn:
    """Return the drawings, each once on a canvas; size, place and pen are drawn from the seed."""
    jobs = [(drawing.strokes, [seed, number]) for number, drawing in enumerate(drawings)]
    inks = list(spread(_draw_one, jobs, "drawing"))
    return Drawn(
        inks=stack(inks),
        readable=np.array([ink is not None for ink in inks], bool),
        labels=np.array([drawing.label for drawing in drawings], str),
        sites=np.array([drawing.source for drawing in drawings], str),
        writers=np.array([f"{drawing.source}/{drawing.writer}" for drawing in drawings], str),
        # The pen is the first thing that `render` draws from its generator.
        pens_px=np.array([np.random.default_rng(job[1]).uniform(*PEN_PX) for job in jobs], float),
        complete=np.array([not drawing.is_fragment for drawing in drawings], bool),
    )


def paste_all(images: NDArray[np.uint8], seed: int = 0) -> NDArray[np.uint8]:
    """Return scans as if each were pasted somewhere on a canvas, prepared: uint8 (N, 28, 28).

    images: uint8 (N, 28, 28), 0 = paper. Each is enlarged to between 35 and 90 % of the canvas;
    size and place are drawn from the seed. One without ink comes back empty.
    """
    jobs = [(image, [seed, number]) for number, image in enumerate(images)]
    return stack(list(spread(_paste_one, jobs, "pasting")))


def stack(inks: Sequence[NDArray[np.uint8] | None]) -> NDArray[np.uint8]:
    """Return inks as one array, uint8 (N, 28, 28); None becomes paper."""
    paper = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    if not inks:
        return np.empty((0, SIDE_PX, SIDE_PX), np.uint8)
    return np.stack([paper if ink is None else ink for ink in inks])


def _draw_one(job: tuple[Strokes, list[int]]) -> NDArray[np.uint8] | None:
    strokes, seed = job
    return prepare_any(render(strokes, np.random.default_rng(seed)))


def _paste_one(job: tuple[NDArray[np.uint8], list[int]]) -> NDArray[np.uint8] | None:
    image, seed = job
    return prepare_any(paste(image, np.random.default_rng(seed)))


def paste(image: NDArray[np.uint8], chance: np.random.Generator) -> NDArray[np.uint8]:
    """Return a scan, uint8 (28, 28), enlarged and put somewhere on a canvas: uint8 (280, 280)."""
    side = round(chance.uniform(*SHARE_OF_SIDE) * CANVAS_PX)
    left, top = chance.integers(0, CANVAS_PX - side, 2, endpoint=True)
    large = Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC)
    canvas = np.zeros((CANVAS_PX, CANVAS_PX), np.uint8)
    canvas[top : top + side, left : left + side] = np.asarray(large)
    return canvas
