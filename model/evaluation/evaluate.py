"""Testing: weights and test sets in, a report and figures out, beside those of the baseline."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from model.datasets.mnist import CLASSES, Digits, load_mnist, split, to_ink
from model.evaluation.breakdown import describe_drawn, label_numbers, read_drawn
from model.evaluation.logit_cache import RememberingRecogniser
from model.evaluation.refusal import Strangers, describe_refusal, gather_strangers
from model.evaluation.table import format_report
from model.figures import charts, confidence
from model.figures import digits as digit_figures
from model.pen.drawings import load_pen_drawings
from model.pen.sites import TEST_SITES
from model.reading.metrics import describe_classes, summarise
from model.reading.recogniser import Recogniser
from model.synthesis.augment import random_maps, vary, warp
from model.synthesis.canvas_images import Drawn, draw_all, paste_all
from model.training.options import RECIPES
from model.weight_files.places import BASELINE_WEIGHTS

REPORT, TABLE = "classification_report.json", "evaluation.txt"
TRAINED = 6000  # at most: enough to place ten centres, in a second


@dataclass(frozen=True)
class TestSets:
    """What weights are tested on; none of it was trained on, nor chosen by."""

    scans: Digits  # MNIST's test set
    pasted: NDArray[np.uint8]  # the same, pasted on canvases and prepared again, (N, 28, 28)
    drawn: Drawn | None  # digits of the test sites; None where there are no pen strokes
    strangers: Strangers | None  # what is no digit
    trained: Digits  # some that training had: where the classes lie among a network's features


def gather_test_sets(data_dir: Path, seed: int = 0) -> TestSets:
    """Return the test sets; `seed` places scans and drawings on their canvases.

    Raises DatasetError for missing scans and damaged files.
    """
    drawings = load_pen_drawings(data_dir, "test")
    digits = [drawing for drawing in drawings if drawing.label in CLASSES]
    scans, trained = load_mnist(data_dir, train=False), load_mnist(data_dir, train=True)
    return TestSets(
        scans=scans,
        pasted=paste_all(scans.images.numpy(), seed),
        drawn=draw_all(digits, seed) if digits else None,
        strangers=gather_strangers(drawings, seed) if digits else None,
        trained=trained.take(torch.arange(min(TRAINED, len(trained)))),
    )


def evaluate(weights: Path, data_dir: Path, results_dir: Path, seed: int = 0) -> dict[str, Any]:
    """Score weights on scans and on drawings; write the report, its table and its figures.

    Beside other weights, the baseline's are scored on the same prepared images. `seed` also picks
    the samples that figures show. The report's keys are those of `classification_report.json`;
    shares are 0..1, losses in nats.
    Raises WeightsError, DatasetError, or OSError where the results cannot be written.
    """
    recogniser = RememberingRecogniser.load(weights)
    sets = gather_test_sets(data_dir, seed)
    report = {**score(recogniser, sets), "baseline": None}
    report["weights"]["file"] = weights.name
    if BASELINE_WEIGHTS.is_file():
        baseline = RememberingRecogniser.load(BASELINE_WEIGHTS)
        if baseline.card.version != recogniser.card.version:
            report["baseline"] = score(baseline, sets)
    results_dir.mkdir(parents=True, exist_ok=True)
    report["figures"] = _draw_figures(results_dir, report, recogniser, sets, data_dir, seed)
    text = json.dumps(report, indent=1, ensure_ascii=False)
    (results_dir / REPORT).write_text(text + "\n", encoding="utf-8")
    (results_dir / TABLE).write_text(format_report(report) + "\n", encoding="utf-8")
    return report


def score(recogniser: Recogniser, sets: TestSets) -> dict[str, Any]:
    """Return what the report says about one set of weights."""
    card = recogniser.card
    labels = sets.scans.labels.numpy()
    scans = sets.scans.images.numpy()
    probabilities = recogniser.probabilities(scans)
    right_pasted = recogniser.probabilities(sets.pasted).argmax(axis=1) == labels
    drawn, strangers = sets.drawn, sets.strangers
    return {
        "weights": {
            "version": card.version,
            "architecture": card.architecture,
            "parameters": card.parameters,
            "epochs": card.epochs,
            "seed": card.seed,
            "temperature": card.temperature,
            "digit_threshold": card.digit_threshold,
        },
        "test": {
            "name": "MNIST test set",
            **summarise(probabilities, labels, card.sure_threshold, recogniser.accepts(scans)),
            **describe_classes(probabilities, labels, card.classes),
        },
        "pasted": {
            "images": len(labels),
            "correct": int(right_pasted.sum()),
            "accuracy": float(right_pasted.mean()),
        },
        "pen": None if drawn is None else describe_drawn(recogniser, drawn),
        # The same without what nobody could read, so that faults of recording can be told apart.
        "complete": None
        if drawn is None
        else describe_drawn(recogniser, drawn.take(drawn.complete)),
        "refusal": None
        if drawn is None or strangers is None
        else describe_refusal(recogniser, strangers, drawn.inks[drawn.readable], sets.trained),
    }


def _draw_figures(
    folder: Path,
    report: dict[str, Any],
    recogniser: Recogniser,
    sets: TestSets,
    data_dir: Path,
    seed: int,
) -> list[str]:
    """Write every figure of the test; return their names, the most telling first."""
    chance = torch.Generator().manual_seed(seed)
    recipe = RECIPES[recogniser.card.architecture]
    training, validation = split(
        load_mnist(data_dir, train=True), recogniser.card.seed, recipe.validation_share
    )
    test = sets.scans
    probabilities = recogniser.probabilities(test.images.numpy())
    confidence.save_reliability(folder / "reliability.png", report)
    of_drawings = []
    if sets.drawn is not None:
        of_drawings = ["misread_drawings.png", "refusal.png"]
        _draw_misread(folder / "misread_drawings.png", recogniser, sets.drawn)
        confidence.save_refusal(folder / "refusal.png", report)
    some = torch.randperm(len(test), generator=chance)[:8].numpy()
    digit_figures.save_test_predictions(folder / "test_predictions.png", test, probabilities, some)
    charts.save_confusion_matrix(
        folder / "confusion_matrix.png", report["test"], report["weights"]["version"]
    )
    digit_figures.save_mistakes(folder / "misclassified.png", test, probabilities, "test digits")
    parts = {"training": training, "validation": validation, "test": test}
    charts.save_class_distribution(folder / "class_distribution.png", parts)
    digit_figures.save_sample_images(folder / "sample_images.png", _samples(training, 10, chance))
    originals = _samples(training, 1, chance)[:, 0]  # (10, 28, 28)
    repeated = to_ink(originals.repeat_interleave(8, dim=0))
    if recipe.mixture:
        changed = vary(repeated, torch.ones(len(repeated)), chance, recipe.variation)
        bends = "bends, " if recipe.variation.bend else ""
        what = f"turns, stretches, {bends}thickens and thins it."
    else:
        changed = warp(repeated, random_maps(len(repeated), chance))
        what = "turns, moves, scales and shears it."
    digit_figures.save_augmented_sample(
        folder / "augmented_sample.png", originals, changed.view(-1, 8, 28, 28), what
    )
    return [
        "reliability.png",
        *of_drawings,
        "test_predictions.png",
        "confusion_matrix.png",
        "misclassified.png",
        "class_distribution.png",
        "sample_images.png",
        "augmented_sample.png",
    ]


def _draw_misread(path: Path, recogniser: Recogniser, drawn: Drawn) -> None:
    """Show mistakes in complete recordings: in the others there is nothing to be read."""
    drawn = drawn.take(drawn.complete)
    probabilities, _ = read_drawn(recogniser, drawn)
    readable = drawn.readable
    digits = Digits(
        torch.from_numpy(drawn.inks[readable]),
        torch.from_numpy(label_numbers(recogniser, drawn)[readable]),
    )
    digit_figures.save_mistakes(
        path,
        digits,
        probabilities[readable],
        f"complete recordings of {' and '.join(TEST_SITES)}",
        digit_figures.PEN_ATTRIBUTION,
    )


def _samples(digits: Digits, count: int, chance: torch.Generator) -> torch.Tensor:
    """Return `count` random digits of each class: uint8 (classes, count, 28, 28)."""
    rows = []
    for label in range(10):
        places = torch.nonzero(digits.labels == label)[:, 0]
        chosen = places[torch.randperm(len(places), generator=chance)[:count]]
        rows.append(digits.images[chosen])
    return torch.stack(rows)
