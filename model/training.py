"""One whole training: data in; weights, their card, and the training's history out."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from environment import ROOT
from model.calibrate import (
    calibrated,
    digit_scores,
    find_digit_threshold,
    find_sure_threshold,
    fit_temperature,
)
from model.charts import save_training_history
from model.checkpoint import Card, save_weights
from model.data import CLASSES, Digits, load_mnist, split
from model.epoch import predict_logits
from model.errors import WeightsError
from model.metrics import summarise
from model.options import RECIPES, TrainingOptions
from model.preprocess import MNIST_MEAN, MNIST_STD
from model.train import TrainingResult, fit
from model.training_sets import Scans, ScansAndStrokes, TrainingSet
from model.training_state import state_path

HISTORY, PLOT = "history.json", "training_history.png"
CACHE = ROOT / "var" / "renderings"
ROUNDS = 6  # renderings of each pen digit; epochs take them by turns
SCRIBBLES = 24_000


def train(
    options: TrainingOptions,
    data_dir: Path,
    weights: Path,
    plots_dir: Path,
    *,
    resume: bool = False,
) -> TrainingResult:
    """Train on MNIST, and leave weights, `history.json` and `training_history.png`.

    Interrupted, it leaves the best weights so far, and beside them what `resume` goes on from.
    Raises DatasetError, WeightsError, BadOption, or KeyboardInterrupt when stopped before there was
    anything to keep.
    """
    _check_place(weights)
    scans, scans_to_validate = split(load_mnist(data_dir, train=True), options.seed)
    training, parts = _gather(scans, scans_to_validate, options, data_dir)
    validation = Digits(
        torch.cat([part.images for part in parts.values()]),
        torch.cat([part.labels for part in parts.values()]),
    )
    state = state_path(weights)
    if state.is_file() and not resume:
        print(f"{state} has an unfinished training, which this one replaces (--resume goes on)")
    print(
        f"training {options.network} on {len(training):,} images, {len(validation):,} to validate"
    )
    result = fit(training, validation, options, keep_state_at=state, resume=resume)
    card, history = _calibrate(result, parts, options, training)
    card = save_weights(weights, result.network, card)
    history = {"network": options.network, "weights_version": card.version} | history
    plots_dir.mkdir(parents=True, exist_ok=True)
    (plots_dir / HISTORY).write_text(json.dumps(history, indent=1) + "\n", encoding="utf-8")
    save_training_history(plots_dir / PLOT, history)
    best = history["validation"]["accuracy"]
    print(
        f"kept epoch {result.best_epoch}, {best:.2%} on validation, as {card.version} in {weights}"
    )
    if result.ended == "interrupted":
        print("interrupted: the same command with --resume goes on", file=sys.stderr)
    else:
        state.unlink(missing_ok=True)
    return result


def _check_place(weights: Path) -> None:
    """Raise WeightsError now rather than after the training, where weights cannot be written."""
    try:
        weights.parent.mkdir(parents=True, exist_ok=True)
        trial = weights.with_name(f".{weights.name}.trial")
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise WeightsError(
            f"could not write the weights to {weights}: {error.strerror or error}; "
            "choose another place with --out"
        ) from error
    if weights.is_dir():
        raise WeightsError(f"{weights} is a folder: --out takes the name of a file in it")


def _gather(
    scans: Digits, scans_to_validate: Digits, options: TrainingOptions, data_dir: Path
) -> tuple[TrainingSet, dict[str, Digits]]:
    """Return what is trained on, and what is validated on, by name."""
    if not RECIPES[options.network].has_strokes:
        return Scans(scans), {"MNIST": scans_to_validate}
    from model.pen import prepare_pen_digits
    from model.renderings import render_training

    renderings = render_training(
        data_dir, CACHE, rounds=ROUNDS, scribbles=SCRIBBLES, seed=options.seed
    )
    strokes_to_validate = prepare_pen_digits(data_dir, "validation")
    return ScansAndStrokes.of(scans, renderings), {
        "MNIST": scans_to_validate,
        "pen": strokes_to_validate,
    }


def _calibrate(
    result: TrainingResult,
    validation: dict[str, Digits],
    options: TrainingOptions,
    training: TrainingSet,
) -> tuple[Card, dict[str, Any]]:
    """Return the weights' card and the history, both with the figures of the kept epoch."""
    parts = {
        name: predict_logits(result.network, part).numpy() for name, part in validation.items()
    }
    logits = np.concatenate(list(parts.values()))
    labels = np.concatenate([part.labels.numpy() for part in validation.values()])
    classes = len(CLASSES)
    refuses = logits.shape[1] > classes
    temperature = fit_temperature(logits[:, :classes], labels)
    probabilities = calibrated(logits[:, :classes], temperature)
    digit_threshold = None
    accepted = np.ones(len(labels), bool)
    if refuses:
        digit_threshold = find_digit_threshold(
            *(digit_scores(part, classes) for part in parts.values())
        )
        accepted = digit_scores(logits, classes) >= digit_threshold
    threshold = find_sure_threshold(probabilities[accepted], labels[accepted])
    summary = summarise(probabilities, labels, threshold)
    figures = {
        "accuracy": summary["accuracy"],
        "loss": summary["loss"],
        "expected_calibration_error": summary["expected_calibration_error"],
        "sure_share": summary["sure"]["share"],
        "sure_accuracy": summary["sure"]["accuracy"] or 0.0,
    }
    card = Card(
        architecture=options.network,
        classes=CLASSES,
        mean=MNIST_MEAN,
        std=MNIST_STD,
        temperature=temperature,
        sure_threshold=threshold,
        digit_threshold=digit_threshold,
        training_data=training.sizes,
        seed=options.seed,
        epochs=result.best_epoch,
        metrics={("loss_nats" if name == "loss" else name): figures[name] for name in figures},
    )
    history = {
        "seed": options.seed,
        "batch_size": options.batch_size,
        "learning_rate": options.learning_rate,
        "training_images": len(training),
        "validation_images": len(labels),
        "best_epoch": result.best_epoch,
        "ended": result.ended,
        "temperature": temperature,
        "sure_threshold": threshold,
        "digit_threshold": digit_threshold,
        "validation": figures,
        "epochs": [asdict(record) for record in result.records],
    }
    return card, history
