"""How weights read digits that people drew with a pen, which MNIST's scans are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from model.data import CLASSES, Digits
from model.errors import BadDrawing
from model.metrics import Labels, Probabilities, summarise
from model.pen_strokes import PenDrawing, load_pen_drawings, read_pen_drawings
from model.preprocess import prepare
from model.recogniser import Recogniser
from model.render import render

DRAWINGS_PER_FILE = 1000
NOTE = (
    "Recorded strokes of a pen, as they arrive from the dashboard's canvas. "
    "The baseline was trained on MNIST's scans alone and reads pen strokes less well."
)


def score_pen_digits(
    recogniser: Recogniser, data_dir: Path, seed: int = 0
) -> dict[str, Any] | None:
    """Return how well a fixed choice of pen digits is read, or None where there are none.

    data_dir: `pen/*.ndjson.gz` in it holds recorded strokes; of each file's digits 1,000 are drawn
    from `seed`, and so are their size, place and pen. A drawing that preparation refuses counts as
    wrong; it has no confidence, so loss and calibration are about the others.
    Raises DatasetError for a damaged file.
    """
    files = sorted((data_dir / "pen").glob("*.ndjson.gz"))
    chosen = {
        file.name.split(".")[0]: _choose(file, recogniser.card.classes, seed) for file in files
    }
    total = sum(map(len, chosen.values()))
    if not total:
        return None
    sources, parts, refused = {}, [], 0
    with tqdm(total=total, desc="pen digits", unit=" digits", leave=False, disable=None) as bar:
        for name, drawings in chosen.items():
            probabilities, labels = _read(recogniser, drawings, seed, bar)
            not_read = len(drawings) - len(labels)
            sources[name] = _summary(probabilities, labels, not_read, recogniser)
            parts.append((probabilities, labels))
            refused += not_read
    probabilities = np.concatenate([part[0] for part in parts])
    labels = np.concatenate([part[1] for part in parts])
    return {
        "note": NOTE,
        "seed": seed,
        **_summary(probabilities, labels, refused, recogniser),
        "sources": sources,
    }


def prepare_pen_digits(data_dir: Path, part: str, seed: int = 0) -> Digits:
    """Return the pen digits of a part of the sites, each drawn once as on the dashboard's canvas.

    part: `validation` or `test`. What preparation refuses is left out.
    Raises DatasetError for a damaged file.
    """
    drawings = [d for d in load_pen_drawings(data_dir, part) if d.label in CLASSES]
    inks, labels = [], []
    for number, drawing in enumerate(
        tqdm(drawings, desc=f"{part} digits", leave=False, disable=None)
    ):
        try:
            inks.append(prepare(render(drawing.strokes, np.random.default_rng([seed, number]))))
        except BadDrawing:
            continue
        labels.append(CLASSES.index(drawing.label))
    return Digits(torch.from_numpy(np.stack(inks)), torch.tensor(labels))


def _choose(file: Path, classes: tuple[str, ...], seed: int) -> list[PenDrawing]:
    digits = [drawing for drawing in read_pen_drawings(file) if drawing.label in classes]
    order = np.random.default_rng(seed).permutation(len(digits))
    return [digits[place] for place in order[:DRAWINGS_PER_FILE]]


def _read(
    recogniser: Recogniser, drawings: list[PenDrawing], seed: int, bar: tqdm[Any]
) -> tuple[Probabilities, Labels]:
    inks: list[NDArray[np.uint8]] = []
    labels: list[int] = []
    for number, drawing in enumerate(drawings):
        try:
            inks.append(prepare(render(drawing.strokes, np.random.default_rng([seed, number]))))
        except BadDrawing:
            continue
        finally:
            bar.update()
        labels.append(recogniser.card.classes.index(drawing.label))
    if not inks:
        return np.empty((0, len(recogniser.card.classes))), np.empty(0, np.int64)
    return recogniser.probabilities(np.stack(inks)), np.array(labels, np.int64)


def _summary(
    probabilities: Probabilities, labels: Labels, not_read: int, recogniser: Recogniser
) -> dict[str, Any]:
    if not len(labels):
        return {"images": not_read, "correct": 0, "accuracy": 0.0, "not_read": not_read}
    summary = summarise(probabilities, labels, recogniser.card.sure_threshold)
    images = summary["images"] + not_read
    summary["sure"]["share"] = summary["sure"]["images"] / images
    return summary | {
        "images": images,
        "accuracy": summary["correct"] / images,
        "not_read": not_read,
    }
