"""How far the figures depend on chance: `python -m benchmarks.research.seeds`.

The shipped weights are those of one seed. The same recipe is trained in full with others, as many
at a time as there are cores; all are scored on the same test sets. Nothing is chosen by what comes
out.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch

from environment import ROOT, data_dir, read_environment
from model.datasets.idx import DatasetError
from model.errors import WeightsError
from model.evaluation.evaluate import gather_test_sets, score
from model.evaluation.logit_cache import RememberingRecogniser
from model.training.options import TrainingOptions
from model.training.run import train
from model.weight_files.places import DEFAULT_WEIGHTS

REPORT = ROOT / "results" / "seeds.json"
TABLE = REPORT.with_suffix(".txt")
FOLDER = ROOT / "var" / "seeds"
OTHER_SEEDS = (1, 2)
NAMES = {
    "mnist": "MNIST, accuracy",
    "mnist_calibration": "MNIST, calibration error",
    "mnist_kept": "MNIST, sure and a digit",
    "mnist_kept_right": "MNIST, right of those",
    "pasted": "MNIST pasted on canvases, accuracy",
    "drawn": "drawn, accuracy",
    "drawn_calibration": "drawn, calibration error",
    "drawn_kept": "drawn, sure and a digit",
    "drawn_kept_right": "drawn, right of those",
    "complete": "complete recordings, accuracy",
    "complete_calibration": "complete, calibration error",
    "complete_kept": "complete, sure and a digit",
    "complete_kept_right": "complete, right of those",
}
PARTS = {"mnist": "test", "drawn": "pen", "complete": "complete"}


def train_one(seed: int, threads: int) -> Path:
    """Train the recipe, unless that was done before; return where the weights are."""
    torch.set_num_threads(threads)
    weights = FOLDER / str(seed) / "six-conv.safetensors"
    if not weights.is_file():
        options = TrainingOptions(seed=seed, device="cpu")
        train(options, data_dir(read_environment()), weights, weights.parent)
    return weights


def figures(report: dict[str, Any]) -> dict[str, float]:
    """Return one seed's figures, shares of 0..1; report: from `model.evaluation.evaluate.score`."""
    found = {"pasted": report["pasted"]["accuracy"]}
    for name, key in PARTS.items():
        part = report[key]
        found |= {
            name: part["accuracy"],
            f"{name}_calibration": part["expected_calibration_error"],
            f"{name}_kept": part["sure"]["share"],
            f"{name}_kept_right": part["sure"]["accuracy"],
        }
    for kind, row in report["refusal"].items():
        found[f"{kind}_refused"] = row["refused_share"]
    return found


def main(argv: Sequence[str] | None = None) -> None:
    """Train, score, and write the report and a readable table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--again",
        action="store_true",
        help=f"train anew what {FOLDER.relative_to(ROOT)} holds: after a change of the recipe",
    )
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=OTHER_SEEDS, metavar="SEED",
        help="besides the shipped weights' own (default: %(default)s)",
    )  # fmt: skip
    arguments = parser.parse_args(argv)
    if arguments.again:
        for seed in arguments.seeds:
            (FOLDER / str(seed) / "six-conv.safetensors").unlink(missing_ok=True)
    cores = os.cpu_count() or 1
    at_once = min(cores, len(arguments.seeds))
    train_on_its_cores = partial(train_one, threads=cores // at_once)
    try:
        with ProcessPoolExecutor(at_once, mp_context=get_context("spawn")) as workers:
            weights = [DEFAULT_WEIGHTS, *workers.map(train_on_its_cores, arguments.seeds)]
        sets = gather_test_sets(data_dir(read_environment()))
        if sets.drawn is None:
            sys.exit("there are no pen strokes to test on (README, Pen strokes)")
        reports = [score(RememberingRecogniser.load(path), sets) for path in weights]
    except (DatasetError, WeightsError) as error:
        sys.exit(str(error))
    by_seed = {report["weights"]["seed"]: figures(report) for report in reports}
    report = {
        "seeds": by_seed,
        "weights": [report["weights"]["version"] for report in reports],
        "names": {name: _in_words(name) for name in next(iter(by_seed.values()))},
        "figures": {
            name: {
                "mean": statistics.mean(row[name] for row in by_seed.values()),
                "deviation": statistics.stdev(row[name] for row in by_seed.values()),
            }
            for name in next(iter(by_seed.values()))
        },
    }
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    table = format_table(report)
    TABLE.write_text(table + "\n", encoding="utf-8")
    print(table)


def _in_words(name: str) -> str:
    return NAMES.get(name, f"{name.removesuffix('_refused')}, refused")


def format_table(report: dict[str, Any]) -> str:
    """Return the report as a table to read."""
    lines = [
        f"per cent; mean and standard deviation over seeds {', '.join(map(str, report['seeds']))}"
    ]
    for name, row in report["figures"].items():
        words = report["names"][name]
        lines.append(f"{words:<36}{100 * row['mean']:>8.2f} ± {100 * row['deviation']:.2f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
