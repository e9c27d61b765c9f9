"""What came of all folds, in numbers: each, their mean and their deviation, and the best."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from model.crossval.fold import FoldOutcome
from model.training.options import TrainingOptions

COLUMNS = {  # of the table: the report's names
    "accuracy": "accuracy",
    "F1": "f1",
    "calibration error": "expected_calibration_error",
    "kept": "kept_share",
    "right when kept": "accuracy_when_kept",
}
NAME, WIDTH = 12, 19  # characters


def describe_folds(outcomes: Sequence[FoldOutcome], options: TrainingOptions) -> dict[str, Any]:
    """Return the report: every fold's figures on its own images, by their kind, and over folds.

    All shares are 0..1, losses in nats, deviations those of a sample. The best fold, counted from
    1, is that of the highest accuracy, every kind of image counting the same.
    """
    names = list(dict.fromkeys(name for outcome in outcomes for name in outcome.parts))
    return {
        "options": {**asdict(options), "folds": len(outcomes)},
        "best_fold": 1 + max(range(len(outcomes)), key=lambda place: _rank(outcomes[place])),
        "parts": {name: _describe_part(name, outcomes) for name in names},
        "folds": [
            {
                "fold": outcome.fold + 1,
                "version": outcome.card.version,
                "best_epoch": outcome.best_epoch,
                "seconds": outcome.seconds,
                "parts": outcome.parts,
            }
            for outcome in outcomes
        ],
    }


def _rank(outcome: FoldOutcome) -> tuple[float, float]:
    def mean(figure: str) -> float:
        return statistics.fmean(part[figure] or 0.0 for part in outcome.parts.values())

    return mean("accuracy"), -mean("loss_nats")


def _describe_part(name: str, outcomes: Sequence[FoldOutcome]) -> dict[str, Any]:
    """Return mean and deviation of each figure over the folds that have it."""
    parts = [outcome.parts[name] for outcome in outcomes if name in outcome.parts]
    means, deviations = {}, {}
    for figure in parts[0]:
        values = [value for part in parts if (value := part[figure]) is not None]
        if values:
            means[figure] = statistics.fmean(values)
            deviations[figure] = statistics.stdev(values) if len(values) > 1 else 0.0
    return {"folds": len(parts), "mean": means, "deviation": deviations}


def format_folds(report: dict[str, Any]) -> str:
    """Return the report as text for people."""
    told = report["options"]
    lines = [
        f"cross-validation of {told['network']} in {told['folds']} folds, seed {told['seed']}, "
        f"at most {told['epochs']} epochs"
    ]
    for name, part in report["parts"].items():
        heads = "".join(f"{head:>{WIDTH}}" for head in COLUMNS)
        lines += ["", f"{name:<{NAME}}{'images':>{WIDTH // 2}}{heads}"]
        for fold in report["folds"]:
            if name in fold["parts"]:
                figures = fold["parts"][name]
                mark = "  best" if fold["fold"] == report["best_fold"] else ""
                lines.append(
                    _line(f"fold {fold['fold']}", f"{figures['images']:,}", figures) + mark
                )
        lines.append(_line("mean", "", part["mean"]))
        lines.append(_line("deviation", "", part["deviation"]))
    lines += ["", f"the best fold is {report['best_fold']}"]
    return "\n".join(lines)


def _line(name: str, images: str, figures: dict[str, Any]) -> str:
    cells = "".join(f"{_cell(name, figures.get(name)):>{WIDTH}}" for name in COLUMNS.values())
    return f"  {name:<{NAME - 2}}{images:>{WIDTH // 2}}{cells}"


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return "none"
    return f"{value:.4f}" if name == "expected_calibration_error" else f"{value:.2%}"
