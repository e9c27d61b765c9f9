"""Testing: weights and the test set in, a report and figures out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from model import charts, figures
from model.augment import random_maps, warp
from model.data import Digits, load_mnist, split, to_ink
from model.metrics import describe_classes, summarise
from model.pen import score_pen_digits
from model.recogniser import BATCH, Recogniser

REPORT = "classification_report.json"


def evaluate(weights: Path, data_dir: Path, results_dir: Path, seed: int = 0) -> dict[str, Any]:
    """Score weights on MNIST's test set and on pen digits; write the report and its figures.

    The probabilities are those that `Recogniser` gives, calibration included. `seed` picks the
    samples that the figures show, and the pen digits. The report's keys are those of
    `classification_report.json`; shares are 0..1, losses in nats.
    Raises WeightsError, DatasetError, or OSError where the results cannot be written.
    """
    recogniser = Recogniser.load(weights)
    test = load_mnist(data_dir, train=False)
    training, validation = split(load_mnist(data_dir, train=True), recogniser.card.seed)
    probabilities = predict_probabilities(recogniser, test)
    report: dict[str, Any] = {
        "weights": _describe_weights(recogniser, weights),
        "test": {
            "name": "MNIST test set",
            **summarise(probabilities, test.labels.numpy(), recogniser.card.sure_threshold),
            **describe_classes(probabilities, test.labels.numpy(), recogniser.card.classes),
        },
        "pen": score_pen_digits(recogniser, data_dir, seed),
    }
    results_dir.mkdir(parents=True, exist_ok=True)
    sets = {"training": training, "validation": validation, "test": test}
    report["figures"] = _draw_figures(results_dir, report, sets, probabilities, seed)
    text = json.dumps(report, indent=1, ensure_ascii=False)
    (results_dir / REPORT).write_text(text + "\n", encoding="utf-8")
    return report


def predict_probabilities(recogniser: Recogniser, digits: Digits) -> NDArray[np.float64]:
    """Return calibrated probabilities, float64 (N, classes), of digits that are 28 x 28 already."""
    inks = digits.images.numpy()
    parts = [
        recogniser.probabilities(inks[start : start + BATCH])
        for start in range(0, len(inks), BATCH)
    ]
    return np.concatenate(parts)


def _describe_weights(recogniser: Recogniser, path: Path) -> dict[str, Any]:
    card = recogniser.card
    return {
        "file": path.name,
        "version": card.version,
        "architecture": card.architecture,
        "parameters": card.parameters,
        "epochs": card.epochs,
        "seed": card.seed,
        "temperature": card.temperature,
    }


def _draw_figures(
    folder: Path,
    report: dict[str, Any],
    sets: dict[str, Digits],
    probabilities: NDArray[np.float64],
    seed: int,
) -> list[str]:
    """Write every figure of the test; return their names, the most telling first."""
    chance = torch.Generator().manual_seed(seed)
    test, training = sets["test"], sets["training"]
    some = torch.randperm(len(test), generator=chance)[:8].numpy()
    figures.save_test_predictions(folder / "test_predictions.png", test, probabilities, some)
    charts.save_confusion_matrix(
        folder / "confusion_matrix.png", report["test"], report["weights"]["version"]
    )
    figures.save_misclassified(folder / "misclassified.png", test, probabilities)
    charts.save_class_distribution(folder / "class_distribution.png", sets)
    figures.save_sample_images(folder / "sample_images.png", _samples(training, 10, chance))
    originals = _samples(training, 1, chance)[:, 0]  # (10, 28, 28)
    repeated = to_ink(originals.repeat_interleave(8, dim=0))
    changed = warp(repeated, random_maps(len(repeated), chance)).view(-1, 8, 28, 28)
    figures.save_augmented_sample(folder / "augmented_sample.png", originals, changed)
    return [
        "test_predictions.png",
        "confusion_matrix.png",
        "misclassified.png",
        "class_distribution.png",
        "sample_images.png",
        "augmented_sample.png",
    ]


def _samples(digits: Digits, count: int, chance: torch.Generator) -> torch.Tensor:
    """Return `count` random digits of each class: uint8 (classes, count, 28, 28)."""
    rows = []
    for label in range(10):
        places = torch.nonzero(digits.labels == label)[:, 0]
        chosen = places[torch.randperm(len(places), generator=chance)[:count]]
        rows.append(digits.images[chosen])
    return torch.stack(rows)


def format_report(report: dict[str, Any]) -> str:
    """Return the report as a table for the terminal."""
    test = report["test"]
    lines = [
        f"{test['name']}: {report['weights']['version']}, {test['images']:,} digits",
        f"  accuracy           {test['accuracy']:.2%}  ({test['correct']:,} right)",
        f"  loss               {test['loss']:.4f} nats",
        f"  ROC AUC            {test['roc_auc']:.5f}",
        f"  calibration error  {test['expected_calibration_error']:.2%}",
        f"  sure               {_describe_sure(test['sure'])}",
        "",
        "  digit  precision  recall      F1  ROC AUC  images",
    ]
    for name, row in test["classes"].items():
        area = "" if row["roc_auc"] is None else f"{row['roc_auc']:.5f}"
        lines.append(
            f"  {name:>5}  {row['precision']:9.2%} {row['recall']:7.2%} {row['f1']:7.2%}"
            f"  {area:>7} {row['images']:7,}"
        )
    macro = test["macro"]
    lines.append(
        f"   mean  {macro['precision']:9.2%} {macro['recall']:7.2%} {macro['f1']:7.2%}"
        f"  {test['roc_auc']:.5f} {test['images']:7,}"
    )
    return "\n".join([*lines, *_format_pen(report["pen"], test["accuracy"])])


def _format_pen(pen: dict[str, Any] | None, test_accuracy: float) -> list[str]:
    if pen is None:
        return []
    lines = ["", f"Pen digits: {pen['images']:,} from {' and '.join(pen['sources'])}"]
    for name, row in {"all": pen, **pen["sources"]}.items():
        read = f"{row['accuracy']:.2%} right"
        if "sure" in row:
            read += (
                f", calibration error {row['expected_calibration_error']:.2%}, "
                f"sure of {_describe_sure(row['sure'])}"
            )
        lines.append(f"  {name:<10} {read}, {row['not_read']} not read")
    points = 100 * (test_accuracy - pen["accuracy"])
    comparison = f"{abs(points):.2f} points {'below' if points > 0 else 'above'} the test set"
    return [*lines, f"  That is {comparison}. {pen['note']}"]


def _describe_sure(sure: dict[str, Any]) -> str:
    if not sure["images"]:
        return "none"
    return f"{sure['share']:.1%} of them, {sure['accuracy']:.2%} of those right"
