"""The test of each reader, by the name that `run_model.py --dataset` has for what it reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from model.evaluation.character_scores import SETS, evaluate_characters
from model.evaluation.character_table import format_characters
from model.evaluation.evaluate import evaluate
from model.evaluation.table import format_report
from model.tracking.tracker import Run

TESTS = {
    "digits": (evaluate, format_report, ("test", "pasted", "pen", "complete")),
    "characters": (evaluate_characters, format_characters, SETS),
}


def score_weights(
    dataset: str, weights: Path, data_dir: Path, results_dir: Path, seed: int, run: Run
) -> dict[str, Any]:
    """Test weights, tell the run and the terminal of it, and leave report, table and figures.

    Raises WeightsError, DatasetError, or OSError where the results cannot be written.
    """
    test, as_text, parts = TESTS[dataset]
    report = test(weights, data_dir, results_dir, seed)
    run.metrics(
        {f"test/{part}/accuracy": report[part]["accuracy"] for part in parts if report[part]}
    )
    run.files((results_dir / name for name in report["figures"]), "figures")
    print(as_text(report))
    print(f"\nreport and figures are in {results_dir}")
    return report
