"""How fast training is, and how soon it reads MNIST: `python -m benchmarks.training`.

Rates are those of the shipped recipe: rendering pen strokes on all cores, varying batches, and
whole steps of training on digits. Time to an accuracy is that of MNIST alone, on a schedule made
for it: the seconds are of training without any look at the test images, which are read once, at its
end.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import torch
from tqdm import tqdm

from benchmarks.research.trials import Trial
from environment import ROOT, data_dir, read_environment
from model.datasets.idx import DatasetError
from model.datasets.mnist import CLASSES, Digits, load_mnist, split
from model.networks.six_convolutions import SixConvolutionNetwork, is_of_branch
from model.pen.drawings import PenDrawing, load_pen_drawings
from model.synthesis.augment import Variation
from model.synthesis.training_images import sketch_all
from model.training.data import ScansAndStrokes
from model.training.epoch import predict_logits, train_epoch, train_step
from model.training.loop import begin
from model.training.options import RECIPES, Mixture, TrainingOptions, has_fast_bfloat16
from model.training.run import gather

REPORT = ROOT / "results" / "training_benchmark.json"
ROUNDS, STEPS, DRAWINGS = 3, 60, 12_000
OPTIONS = TrainingOptions(device="cpu")
EMPTY = Digits(torch.empty(0, 28, 28, dtype=torch.uint8), torch.empty(0, dtype=torch.int64))


@dataclass(frozen=True)
class Race:
    """A training that is as short as an accuracy allows; chosen on MNIST's validation part."""

    accuracy: float
    seeds: int
    epochs: int
    images: int  # in each epoch
    averaging: float
    variation: Variation


RACES = (
    Race(
        accuracy=0.990,
        seeds=10,
        epochs=1,
        images=45_000,
        averaging=0.98,
        variation=Variation(rotation_deg=5, scaling=0.04, stretch=0.04, shear=0.08, bend=0.02),
    ),
    Race(
        accuracy=0.995,
        seeds=1,
        epochs=7,
        images=54_000,
        averaging=0.998,
        variation=Variation(),
    ),
)


def rates() -> dict[str, float]:
    """Return images a second of rendering, varying and training: medians of some rounds."""
    folder = data_dir(read_environment())
    training, _ = gather(OPTIONS, folder)
    drawings = [d for d in load_pen_drawings(folder, "training") if d.label in CLASSES]
    rounds = [
        {
            "rendered_per_s": _rendered_per_s(drawings[:DRAWINGS]),
            "varied_per_s": _images_per_s(training, is_trained=False),
            "trained_per_s": _images_per_s(training, is_trained=True),
        }
        for _ in tqdm(range(ROUNDS), desc="rates", disable=None)
    ]
    return {name: round(statistics.median(row[name] for row in rounds)) for name in rounds[0]}


def _rendered_per_s(drawings: Sequence[PenDrawing]) -> float:
    start = time.perf_counter()
    sketch_all(drawings, [OPTIONS.seed, 0], "rendering digits")
    return len(drawings) / (time.perf_counter() - start)


def _images_per_s(training: Any, *, is_trained: bool) -> float:
    """Return how fast batches are made, and trained on; the first is not timed."""
    device = torch.device("cpu")
    state = begin(OPTIONS, device)
    assert isinstance(state.network, SixConvolutionNetwork)
    state.network.train()
    smoothing = OPTIONS.recipe.label_smoothing
    is_mixed = OPTIONS.recipe.is_mixed and has_fast_bfloat16(device)
    stream = iter(training.batches(OPTIONS, 1))
    next(stream)
    seen, start = 0, time.perf_counter()
    for images, labels in islice(stream, STEPS):
        if is_trained:
            train_step(
                state.network.read_digits, images, labels, state.optimizer, smoothing,
                is_mixed=is_mixed,
            )  # fmt: skip
            state.follow(lambda name: not is_of_branch(name))
        seen += len(labels)
    return seen / (time.perf_counter() - start)


def run(race: Race, seed: int, training: Digits, test: Digits) -> dict[str, float]:
    """Train once; return the seconds that it took and the share of `test` read right after it."""
    recipe = replace(
        RECIPES[OPTIONS.network],
        mixture=Mixture(scans=race.images, strokes=0),
        branch_mixture=None,
        averaging=race.averaging,
        variation=race.variation,
    )
    trial = Trial(epochs=race.epochs, seed=seed, device="cpu", own=recipe)
    scans = ScansAndStrokes(training, EMPTY, EMPTY, EMPTY, recipe)
    start = time.perf_counter()
    state = begin(trial, torch.device("cpu"))
    for epoch in range(1, race.epochs + 1):
        train_epoch(state, scans, trial, epoch)
    seconds = time.perf_counter() - start
    read = predict_logits(state.judged, test)[:, : len(CLASSES)].argmax(dim=1)
    return {"seconds": seconds, "accuracy": float((read == test.labels).double().mean())}


def main(argv: Sequence[str] | None = None) -> None:
    """Measure the rates, run the races; write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--validate",
        action="store_true",
        help="race to MNIST's validation part with one seed each, as when the races were chosen; "
        "writes no report",
    )
    is_validation = parser.parse_args(argv).validate
    try:
        folder = data_dir(read_environment())
        training, validation = split(load_mnist(folder, train=True), 0, 0.1)
        test = validation if is_validation else load_mnist(folder, train=False)
        measured: dict[str, Any] = {} if is_validation else rates()
    except DatasetError as error:
        sys.exit(str(error))
    races = []
    for race in RACES:
        seeds = range(1 if is_validation else race.seeds)
        runs = [run(race, seed, training, test) for seed in tqdm(seeds, desc="races")]
        accuracies = [one["accuracy"] for one in runs]
        races.append(
            {
                "accuracy": race.accuracy,
                "seeds": len(runs),
                "epochs": race.epochs,
                "median_s": round(statistics.median(one["seconds"] for one in runs), 1),
                "mean_accuracy": statistics.fmean(accuracies),
                "lowest_accuracy": min(accuracies),
                "seeds_that_reach_it": sum(one >= race.accuracy for one in accuracies),
            }
        )
        print(
            f"to {race.accuracy:.1%}: {races[-1]['median_s']} s; {len(runs)} seeds read "
            f"{races[-1]['mean_accuracy']:.2%} on average, the worst {min(accuracies):.2%}",
            flush=True,
        )
    if is_validation:
        return
    report = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "network": OPTIONS.network,
        "batch_size": OPTIONS.batch_size,
        **measured,
        "races": races,
    }
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
