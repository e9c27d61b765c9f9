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
from model.datasets.mnist import CLASSES, Digits, load_mnist, split
from model.errors import WeightsError
from model.figures.charts import save_training_history
from model.ink.preprocess import MNIST_MEAN, MNIST_STD
from model.networks.checkpoint import save_weights
from model.pen.attribution import attribution
from model.pen.drawings import load_pen_drawings
from model.reading.calibration import find_digit_threshold, find_sure_threshold, fit_temperature
from model.reading.metrics import summarise
from model.reading.softmax import calibrated, digit_scores
from model.synthesis.canvas_images import draw_all
from model.synthesis.training_images import render_training
from model.training.data import Scans, ScansAndStrokes, TrainingSet
from model.training.epoch import predict_logits
from model.training.loop import TrainingResult, fit
from model.training.options import TrainingOptions
from model.training.state import state_path
from model.weight_files.card import Card
from model.weight_files.places import pair_of

HISTORY, PLOT = "history.json", "training_history.png"
CACHE = ROOT / "var" / "renderings"
ROUNDS, LETTER_ROUNDS = 8, 3  # how often each pen digit and each letter is rendered
SCRIBBLES = 52_000


def train(
    options: TrainingOptions,
    data_dir: Path,
    weights: Path,
    plots_dir: Path,
    *,
    resume: bool = False,
) -> TrainingResult:
    """Train on MNIST, and leave weights, `history.json` and `training_history.png`.

    weights: either of their two files.
    Interrupted, it leaves the best weights so far, and beside them what `resume` goes on from. What
    is no digit is learnt last: weights of an interrupted training refuse nothing.
    Raises DatasetError, WeightsError, BadOption, or KeyboardInterrupt when stopped before there was
    anything to keep.
    """
    weights = pair_of(weights).tensors
    _check_place(weights)
    training, validation = gather(options, data_dir)
    state = state_path(weights)
    if state.is_file() and not resume:
        print(f"{state} has an unfinished training, which this one replaces (--resume goes on)")
    kept_back = " and ".join(f"{len(part):,} of {name}" for name, part in validation.items())
    print(f"training {options.network} on {_describe(training)}; to validate, {kept_back}")
    result = fit(training, validation, options, keep_state_at=state, resume=resume)
    card, history = _calibrate(result, validation, options, training)
    card = save_weights(weights, result.network, card)
    history = {"network": options.network, "weights_version": card.version} | history
    plots_dir.mkdir(parents=True, exist_ok=True)
    (plots_dir / HISTORY).write_text(json.dumps(history, indent=1) + "\n", encoding="utf-8")
    save_training_history(plots_dir / PLOT, history)
    best = result.records[result.best_epoch - 1].validation_accuracy
    print(
        f"kept epoch {result.best_epoch}, {best:.2%} on validation, as {card.version} in {weights}"
    )
    if result.ended == "interrupted":
        is_untaught = training.for_branch() is not None
        untaught = "; these weights do not refuse what is no digit" if is_untaught else ""
        print(f"interrupted: the same command with --resume goes on{untaught}", file=sys.stderr)
    else:
        state.unlink(missing_ok=True)
    return result


def _describe(training: TrainingSet) -> str:
    for_branch = training.for_branch()
    more = f" and, for what is no digit, {len(for_branch):,} more" if for_branch else ""
    return f"{len(training):,} images{more} in each epoch"


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


def gather(options: TrainingOptions, data_dir: Path) -> tuple[TrainingSet, dict[str, Digits]]:
    """Return what is trained on, and what is validated on, by name.

    Raises DatasetError for missing or damaged data.
    """
    recipe = options.recipe
    mnist = load_mnist(data_dir, train=True)
    scans, scans_to_validate = split(mnist, options.seed, recipe.validation_share)
    validation = {"MNIST": scans_to_validate}
    if not recipe.mixture:
        return Scans(scans), validation
    made = render_training(
        data_dir,
        CACHE,
        rounds=ROUNDS,
        letter_rounds=LETTER_ROUNDS,
        scribbles=SCRIBBLES,
        seed=options.seed,
    )
    if not len(made.digits):
        print(
            f"there are no pen strokes in {data_dir / 'pen'}: training on MNIST and scribbles "
            "alone, which reads drawn digits less well (README, Pen strokes)",
            file=sys.stderr,
        )
        recipe = recipe.without_strokes()
    digits = [d for d in load_pen_drawings(data_dir, "validation") if d.label in CLASSES]
    if digits:
        drawn = draw_all(digits)
        labels = np.array([CLASSES.index(label) for label in drawn.labels], np.int64)
        validation["pen"] = Digits(
            torch.from_numpy(drawn.inks[drawn.readable]), torch.from_numpy(labels[drawn.readable])
        )
    return ScansAndStrokes(scans, made.digits, made.letters, made.scribbles, recipe), validation


def _calibrate(
    result: TrainingResult,
    validation: dict[str, Digits],
    options: TrainingOptions,
    training: TrainingSet,
) -> tuple[Card, dict[str, Any]]:
    """Return the weights' card and the history, both with the figures of the kept epoch."""
    classes = len(CLASSES)
    logits = {
        name: predict_logits(result.network, part).numpy() for name, part in validation.items()
    }
    labels = {name: part.labels.numpy() for name, part in validation.items()}
    temperature = fit_temperature(*((logits[name][:, :classes], labels[name]) for name in labels))
    shares = {name: calibrated(part[:, :classes], temperature) for name, part in logits.items()}
    accepted = {name: np.ones(len(part), bool) for name, part in labels.items()}
    digit_threshold = None
    # A branch comes last: that of an interrupted training knows nothing.
    is_taught = training.for_branch() is None or result.ended != "interrupted"
    if options.recipe.mixture and is_taught:
        scores = {name: digit_scores(part, classes) for name, part in logits.items()}
        digit_threshold = find_digit_threshold(*scores.values())
        accepted = {name: score >= digit_threshold for name, score in scores.items()}
    # Sure has to be right often enough on scans and on drawings, not on average over both.
    threshold = max(
        find_sure_threshold(shares[name][accepted[name]], labels[name][accepted[name]])
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
    card = Card(
        architecture=options.network,
        classes=CLASSES,
        mean=MNIST_MEAN,
        std=MNIST_STD,
        temperature=temperature,
        sure_threshold=threshold,
        digit_threshold=digit_threshold,
        training_data=training.sizes,
        attribution=attribution(training.sizes),
        seed=options.seed,
        epochs=result.best_epoch,
        metrics=figures,
    )
    history = {
        "seed": options.seed,
        "batch_size": options.batch_size,
        "learning_rate": options.learning_rate,
        "training_images": len(training),
        "validation_images": sum(map(len, labels.values())),
        "best_epoch": result.best_epoch,
        "ended": result.ended,
        "temperature": temperature,
        "sure_threshold": threshold,
        "digit_threshold": digit_threshold,
        "validation": figures,
        "epochs": [asdict(record) for record in result.records],
    }
    return card, history
