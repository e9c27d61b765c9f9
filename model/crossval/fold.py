"""One fold: trained on the others, its choices made on a part of these, scored on itself."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from model.crossval.folds import grouped, stratified
from model.crossval.pool import Pictures, Pool
from model.datasets.mnist import CLASSES, Digits
from model.networks.checkpoint import save_weights
from model.reading.metrics import describe_classes, summarise
from model.reading.softmax import calibrated, digit_scores
from model.training.data import Scans, ScansAndStrokes, TrainingSet
from model.training.epoch import predict_logits
from model.training.loop import TrainingResult, fit
from model.training.options import Recipe, TrainingOptions
from model.training.run import describe_training
from model.training.state import EpochRecord
from model.weight_files.card import Card
from model.weight_files.places import pair_of

Figures = dict[str, float | int | None]
INNER_FOLDS = 10  # one in so many of what trains is kept back, to choose epoch and thresholds on
_one_at_a_time = threading.Lock()  # torch's random numbers are one process's, not one thread's


@dataclass(frozen=True)
class FoldTask:
    """What is to be trained, apart from the images."""

    fold: int  # from 0
    folds: int
    options: TrainingOptions
    recipe: Recipe  # as it is where the cross-validation was started


@dataclass(frozen=True)
class FoldOutcome:
    """What came of it."""

    fold: int  # from 0
    parts: dict[str, Figures]  # of the fold's own images, by their kind: MNIST, pen
    best_epoch: int
    records: list[EpochRecord]  # of each epoch, on what was kept back
    card: Card
    files: dict[str, bytes]  # of the weights, by suffix
    seconds: float


def train_fold(
    pool: Pool, task: FoldTask, tell: Callable[[EpochRecord], object] | None = None
) -> FoldOutcome:
    """Train and score one fold; the same task gives the same figures, wherever that happens.

    On one thread, for that reason: sums over several depend on how many they are. Nobody who drew
    for the fold has drawn for its training, nor whoever chose its epoch and thresholds.
    tell: gets the figures of each epoch. Raises KeyboardInterrupt where it was broken off.
    """
    with _one_at_a_time:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            return _train(pool, task, tell)
        finally:
            torch.set_num_threads(threads)


def _train(pool: Pool, task: FoldTask, tell: Callable[[EpochRecord], object] | None) -> FoldOutcome:
    started = time.perf_counter()
    training, validation, held_out = divide(pool, task)
    result = fit(training, validation, task.options, tell=tell)
    if result.ended == "interrupted":
        raise KeyboardInterrupt
    card, _ = describe_training(result, validation, task.options, training)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fold.safetensors"
        card = save_weights(path, result.network, card)
        files = {file.suffix: file.read_bytes() for file in pair_of(path)}
    parts = {name: _score(result, card, part) for name, part in held_out.items()}
    seconds = time.perf_counter() - started
    return FoldOutcome(task.fold, parts, result.best_epoch, result.records, card, files, seconds)


def divide(pool: Pool, task: FoldTask) -> tuple[TrainingSet, dict[str, Digits], dict[str, Digits]]:
    """Return what trains, what chooses epoch and thresholds, and what is scored on, by name."""
    seed, fold, recipe = task.options.seed, task.fold, task.recipe
    elsewhere = pool.scans.folds != fold
    chooses = np.zeros(len(pool.scans), bool)
    inner = stratified(pool.scans.labels[elsewhere], INNER_FOLDS, seed)
    chooses[np.flatnonzero(elsewhere)[inner == 0]] = True
    validation = {"MNIST": pool.scans.take(chooses)}
    held_out = {"MNIST": pool.scans.take(~elsewhere)}
    scans = pool.scans.take(elsewhere & ~chooses)
    if not recipe.mixture:
        return Scans(scans), validation, held_out
    choosers = _choosers(pool.drawn, fold, seed)
    for parts, places in [
        (validation, np.isin(pool.drawn.writers, choosers) & (pool.drawn.folds != fold)),
        (held_out, pool.drawn.folds == fold),
    ]:
        if places.any():
            parts["pen"] = pool.drawn.take(places)

    def others(pictures: Pictures) -> Digits:
        return pictures.take((pictures.folds != fold) & ~np.isin(pictures.writers, choosers))

    if not len(pool.strokes):
        recipe = recipe.without_strokes()
    training = ScansAndStrokes(
        scans, others(pool.strokes), others(pool.letters), others(pool.scribbles), recipe
    )
    return training, validation, held_out


def _choosers(drawn: Pictures, fold: int, seed: int) -> Any:
    """Return the writers among a fold's training, whose drawings choose instead: (M,)."""
    elsewhere = drawn.folds != fold
    writers = drawn.writers[elsewhere]
    there = len(np.unique(writers))
    if there < 2:  # a lone writer had better train
        return np.empty(0, np.int64)
    inner = grouped(drawn.labels[elsewhere], writers, min(INNER_FOLDS, there), seed)
    return np.unique(writers[inner == 0])


def _score(result: TrainingResult, card: Card, part: Digits) -> Figures:
    """Return how a fold's own images are read, with what was fitted elsewhere."""
    classes = len(CLASSES)
    logits, labels = predict_logits(result.network, part).numpy(), part.labels.numpy()
    shares = calibrated(logits[:, :classes], card.temperature)
    accepted = np.ones(len(labels), bool)
    if card.digit_threshold is not None:
        accepted = digit_scores(logits, classes) >= card.digit_threshold
    summary = summarise(shares, labels, card.sure_threshold, accepted)
    return {
        "images": summary["images"],
        "correct": summary["correct"],
        "accuracy": summary["accuracy"],
        "f1": describe_classes(shares, labels, CLASSES)["macro"]["f1"],
        "loss_nats": summary["loss"],
        "expected_calibration_error": summary["expected_calibration_error"],
        "accepted_share": summary["accepted_share"],
        "kept_share": summary["sure"]["share"],
        "accuracy_when_kept": summary["sure"]["accuracy"],
    }
