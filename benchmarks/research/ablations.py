"""What each choice in the recipe is worth: `python -m benchmarks.research.ablations`.

Every row changes one thing and is trained on a short schedule with 3 seeds: the same number of
digits for all, and of what is no digit where the row has any. Rows
are compared on validation sites and on MNIST's validation part; no test set is looked at here.
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
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import logsumexp
from tqdm import tqdm

from benchmarks.research.trials import IMAGES, RECIPE, ROWS, SEEDS, Distilled, Trial, teacher_path
from environment import ROOT, data_dir, read_environment
from model.datasets.idx import DatasetError
from model.datasets.mnist import CLASSES, Digits
from model.networks.registry import SIX_CONVOLUTIONS
from model.pen.drawings import load_pen_drawings
from model.reading.calibration import (
    expected_calibration_error,
    find_digit_threshold,
    fit_temperature,
)
from model.reading.softmax import calibrated, digit_scores
from model.synthesis.canvas_images import draw_all
from model.synthesis.outlier_exposure import ALLOWED_LETTERS
from model.synthesis.training_images import sketch_all
from model.training.data import ScansAndStrokes, TrainingSet
from model.training.epoch import predict_logits
from model.training.loop import fit
from model.training.options import TrainingOptions
from model.training.run import ROUNDS, gather

REPORT = ROOT / "results" / "ablations.json"
TABLE = REPORT.with_suffix(".txt")
EPOCHS = 1
LETTERS = 1500  # of the validation sites, to be refused
FIGURES = {
    "mnist": "MNIST, validation",
    "pen": "drawn, validation sites",
    "calibration": "calibration error, drawn",
    "letters": "letters refused, validation sites",
}


def run(job: tuple[str, int]) -> dict[str, float]:
    """Train one row with one seed on one core; return its figures, shares of 0..1."""
    name, seed = job
    torch.set_num_threads(1)
    change = ROWS[name]
    trial = Trial(
        network=change.network,
        epochs=EPOCHS,
        learning_rate=change.learning_rate,
        seed=seed,
        device="cpu",
        own=change.recipe,
    )
    training, validation, letters = _data(seed)
    strokes = training.strokes.take(torch.arange(len(training.strokes) * change.rounds // ROUNDS))
    if not change.has_habits:
        strokes = _without_habits(seed)
    changed: TrainingSet = ScansAndStrokes(
        training.scans, strokes, training.letters, training.scribbles, trial.recipe
    )
    if change.wrap:
        changed = change.wrap(changed)
    started = time.perf_counter()
    network = fit(changed, validation, trial).network
    seconds = time.perf_counter() - started
    if name == RECIPE:
        teacher_path(seed).parent.mkdir(parents=True, exist_ok=True)
        torch.save(network.state_dict(), teacher_path(seed))
    logits = {key: predict_logits(network, part).numpy() for key, part in validation.items()}
    labels = {key: part.labels.numpy() for key, part in validation.items()}
    strange = predict_logits(network, letters).numpy()
    if not change.learns_refusal:  # what is said of no digit was never learnt
        logits = {key: part[:, : len(CLASSES)] for key, part in logits.items()}
        strange = strange[:, : len(CLASSES)]
    return {**_judge(logits, labels, strange), "seconds": seconds}


@cache
def _data(seed: int) -> tuple[ScansAndStrokes, dict[str, Digits], Digits]:
    """Return what a seed trains on, digits to validate on, and letters of the same sites."""
    folder = data_dir(read_environment())
    training, validation = gather(TrainingOptions(network=SIX_CONVOLUTIONS, seed=seed), folder)
    assert isinstance(training, ScansAndStrokes)
    found = [d for d in load_pen_drawings(folder, "validation") if d.label in ALLOWED_LETTERS]
    chosen = np.random.default_rng(seed).permutation(len(found))[:LETTERS]
    drawn = draw_all([found[place] for place in chosen], seed)
    inks = torch.from_numpy(drawn.inks[drawn.readable])
    return training, validation, Digits(inks, torch.zeros(len(inks), dtype=torch.int64))


def _without_habits(seed: int) -> Digits:
    """Return each recorded digit once, drawn without habits; one core renders them in a minute."""
    drawings = load_pen_drawings(data_dir(read_environment()), "training")
    digits = [drawing for drawing in drawings if drawing.label in CLASSES]
    inks = sketch_all(digits, [seed, 0], "rendering", has_habits=False)
    readable = [place for place, ink in enumerate(inks) if ink is not None]
    return Digits(
        torch.from_numpy(np.stack([ink for ink in inks if ink is not None])),
        torch.tensor([CLASSES.index(digits[place].label) for place in readable]),
    )


def _judge(
    logits: dict[str, NDArray[np.float32]],
    labels: dict[str, NDArray[np.int64]],
    strange: NDArray[np.float32],
) -> dict[str, float]:
    classes = len(CLASSES)
    temperature = fit_temperature(*((logits[key][:, :classes], labels[key]) for key in labels))
    threshold = find_digit_threshold(*(_scores(part) for part in logits.values()))
    right = {key: part[:, :classes].argmax(axis=1) == labels[key] for key, part in logits.items()}
    pen = calibrated(logits["pen"][:, :classes], temperature)
    return {
        "mnist": float(right["MNIST"].mean()),
        "pen": float(right["pen"].mean()),
        "calibration": expected_calibration_error(pen, labels["pen"]),
        "letters": float((_scores(strange) < threshold).mean()),
    }


def _scores(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return how much speaks for a digit; where no class is for the rest, the energy: (N,)."""
    if logits.shape[1] > len(CLASSES):
        return digit_scores(logits, len(CLASSES))
    energies: NDArray[np.float64] = logsumexp(logits.astype(np.float64), axis=1)
    return energies


def main(argv: Sequence[str] | None = None) -> None:
    """Train the rows that are asked for, two at a time; write the report and a readable table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--rows", nargs="+", choices=tuple(ROWS), default=tuple(ROWS), metavar="ROW",
        help="train these alone, and keep what the report has of the others: of no use after a "
        f"change of the recipe (default: all; {', '.join(ROWS)})",
    )  # fmt: skip
    asked = set(parser.parse_args(argv).rows)
    if any(ROWS[name].wrap is Distilled for name in asked):
        asked.add(RECIPE)  # whose networks are the teachers
    rows = sorted(asked, key=list(ROWS).index)
    try:
        for seed in SEEDS:  # renders and caches what the workers will read
            _data(seed)
    except DatasetError as error:
        sys.exit(str(error))
    jobs = [(name, seed) for name in rows for seed in SEEDS]
    figures: dict[str, list[dict[str, float]]] = {name: [] for name in rows}
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as workers:
        results = tqdm(workers.map(run, jobs), total=len(jobs), desc="trainings", disable=None)
        for (name, _), result in zip(jobs, results, strict=True):
            figures[name].append(result)
    measured = {name: summarise(runs) for name, runs in figures.items()}
    kept = json.loads(REPORT.read_text()) if REPORT.is_file() else {"rows": {}}
    merged = kept["rows"] | measured
    report = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, a training on each",
        "torch": torch.__version__,
        "seeds": list(SEEDS),
        "epochs": EPOCHS,
        "images_per_epoch": IMAGES,
        "figures": FIGURES,
        "rows": {name: merged[name] for name in ROWS if name in merged},
    }
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    table = format_table(report)
    TABLE.write_text(table + "\n", encoding="utf-8")
    print(table)


def summarise(runs: Sequence[dict[str, float]]) -> dict[str, Any]:
    """Return the mean and the standard deviation of each figure over a row's seeds."""
    row: dict[str, Any] = {
        key: {
            "mean": statistics.mean(run[key] for run in runs),
            "deviation": statistics.stdev(run[key] for run in runs),
        }
        for key in FIGURES
    }
    return row | {"longest_s": round(max(run["seconds"] for run in runs))}


def format_table(report: dict[str, Any]) -> str:
    """Return the report as a table to read."""
    lines = [
        f"up to {report['epochs'] * report['images_per_epoch']:,} images, "
        f"{len(report['seeds'])} seeds, {report['machine']}",
        "per cent: mean and standard deviation",
        "",
        f"{'':<36}" + "".join(f"{name.split(',')[0]:>20}" for name in FIGURES.values()),
    ]
    for name, row in report["rows"].items():
        cells = (
            f"{100 * row[key]['mean']:.2f} ± {100 * row[key]['deviation']:.2f}" for key in FIGURES
        )
        lines.append(f"{name:<36}" + "".join(f"{cell:>20}" for cell in cells))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
