"""What `run_model.py` left about the weights in use: a report, figures, the training plot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPORT = "classification_report.json"
HISTORY = "history.json"
HISTORY_PLOT = "training_history.png"
ABLATIONS = "ablations.json"
SEEDS = "seeds.json"
LEARNING, LEARNING_CURVE = "learning.json", "learning.png"
SEED_KEYS = {"figures", "names", "seeds", "weights"}
ABLATION_KEYS = {"figures", "rows", "seeds", "epochs", "images_per_epoch"}
LEARNING_KEYS = {"sites", "seeds", "answers", "ways", "before"}
REPORT_KEYS = {"weights", "test"}
TEST_KEYS = {"images", "correct", "accuracy", "loss", "roc_auc", "expected_calibration_error",
             "sure", "classes"}  # fmt: skip


class NoReport(Exception):
    """There are no figures for these weights; the message says why and how to make them."""


@dataclass(frozen=True)
class Report:
    """An evaluation of the weights in use.

    content: as in `classification_report.json`. figures: pictures that exist, by file name.
    """

    content: Mapping[str, Any]
    figures: Mapping[str, Path]


def read_report(results: Path, version: str) -> Report:
    """Return the evaluation in the folder `results`, made with the weights `version`.

    Raises NoReport when there is none, or one of other weights: wrong figures are worse than none.
    """
    content = _read_json(results / REPORT)
    if content is None:
        raise NoReport("These weights have not been evaluated here.")
    test = content.get("test")
    if (
        not content.keys() >= REPORT_KEYS
        or not isinstance(test, dict)
        or not test.keys() >= TEST_KEYS
    ):
        raise NoReport(f"The report {REPORT} is not complete.")
    evaluated = _version_in(content["weights"], "version")
    if evaluated != version:
        raise NoReport(
            f"The figures in `results/` belong to other weights ({evaluated or 'unknown'}), so "
            "they are not shown."
        )
    names = [name for name in content.get("figures") or () if isinstance(name, str)]
    # Only the name counts, so that no report can point at a file outside its own folder.
    places = {Path(name).name: results / Path(name).name for name in names}
    return Report(content, {name: place for name, place in places.items() if place.is_file()})


def read_training_plot(plots: Path, version: str) -> tuple[Mapping[str, Any], Path] | None:
    """Return the record and the plot of the training that made the weights `version`, or None."""
    history = _read_json(plots / HISTORY)
    plot = plots / HISTORY_PLOT
    if history is None or history.get("weights_version") != version or not plot.is_file():
        return None
    return history, plot


def read_ablations(results: Path) -> Mapping[str, Any] | None:
    """Return what each choice of the recipe was worth, or None where that was not measured."""
    content = _read_json(results / ABLATIONS)
    return content if content and content.keys() >= ABLATION_KEYS else None


def read_seeds(results: Path, version: str) -> Mapping[str, Any] | None:
    """Return what trainings with several seeds came to, the weights `version` among them."""
    content = _read_json(results / SEEDS)
    if not content or not content.keys() >= SEED_KEYS or version not in content["weights"]:
        return None
    return content


def read_learning(results: Path) -> tuple[Mapping[str, Any], Path] | None:
    """Return what answers brought at sites left out, and its curve; None where not measured."""
    content, curve = _read_json(results / LEARNING), results / LEARNING_CURVE
    if not content or not content.keys() >= LEARNING_KEYS or not curve.is_file():
        return None
    return content, curve


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _version_in(content: object, key: str) -> str | None:
    value = content.get(key) if isinstance(content, dict) else None
    return value if isinstance(value, str) else None
