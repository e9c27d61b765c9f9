"""What weights are judged on before anyone uses them, and what is fitted on that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from model.datasets.mnist import CLASSES, Digits
from model.pen.drawings import load_pen_drawings
from model.reading.calibration import (
    SURE_ACCURACY,
    find_digit_threshold,
    find_sure_threshold,
    fit_temperature,
)
from model.reading.metrics import summarise
from model.reading.softmax import calibrated, digit_scores
from model.synthesis.canvas_images import draw_all
from model.training.epoch import predict_logits


@dataclass(frozen=True)
class Calibration:
    """What makes a network's logits mean something, fitted on validation, as its card has it."""

    temperature: float
    sure_threshold: float
    digit_threshold: float | None  # None: it refuses nothing
    figures: dict[str, float]  # on validation, by name; 0..1 unless the name says otherwise


def parts_to_validate(scans: Digits, data_dir: Path) -> dict[str, Digits]:
    """Return what is validated on, by name: these scans and, where there are any, pen digits.

    Raises DatasetError for a damaged file of pen strokes.
    """
    parts = {"MNIST": scans}
    digits = [d for d in load_pen_drawings(data_dir, "validation") if d.label in CLASSES]
    if digits:
        drawn = draw_all(digits)
        labels = np.array([CLASSES.index(label) for label in drawn.labels], np.int64)
        parts["pen"] = Digits(
            torch.from_numpy(drawn.inks[drawn.readable]), torch.from_numpy(labels[drawn.readable])
        )
    return parts


def calibrate(
    network: nn.Module,
    validation: Mapping[str, Digits],
    *,
    refuses: bool,
    classes: int = len(CLASSES),
    sure_accuracy: float = SURE_ACCURACY,
) -> Calibration:
    """Return temperature, thresholds and figures of a network on the CPU.

    validation: by name, parts that count the same; refuses: whether the network's branch for what
    is no digit has learnt anything, so that it may refuse; classes: how many it tells apart;
    sure_accuracy: how often what is called sure must be right, on every part.
    """
    logits = {name: predict_logits(network, part).numpy() for name, part in validation.items()}
    labels = {name: part.labels.numpy() for name, part in validation.items()}
    temperature = fit_temperature(*((logits[name][:, :classes], labels[name]) for name in labels))
    shares = {name: calibrated(part[:, :classes], temperature) for name, part in logits.items()}
    accepted = {name: np.ones(len(part), bool) for name, part in labels.items()}
    digit_threshold = None
    if refuses:
        scores = {name: digit_scores(part, classes) for name, part in logits.items()}
        digit_threshold = find_digit_threshold(*scores.values())
        accepted = {name: score >= digit_threshold for name, score in scores.items()}
    # Sure has to be right often enough on scans and on drawings, not on average over both.
    threshold = max(
        find_sure_threshold(
            shares[name][accepted[name]], labels[name][accepted[name]], sure_accuracy
        )
        for name in labels
    )
    figures: dict[str, float] = {}
    for name in labels:
        summary = summarise(shares[name], labels[name], threshold, accepted[name])
        prefix = f"{name} " if len(labels) > 1 else ""
        figures |= {
            f"{prefix}accuracy": summary["accuracy"],
            f"{prefix}loss_nats": summary["loss"],
            f"{prefix}expected_calibration_error": summary["expected_calibration_error"],
            f"{prefix}sure_share": summary["sure"]["share"],
            f"{prefix}sure_accuracy": summary["sure"]["accuracy"] or 0.0,
        }
    return Calibration(temperature, threshold, digit_threshold, figures)
