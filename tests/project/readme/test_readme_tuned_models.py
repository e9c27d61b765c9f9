"""What README says of the tuned models is what their tuning reported."""

from __future__ import annotations

import json
from typing import Any

from environment import ROOT
from model.tuning.tuning_table import format_tuning

README = (ROOT / "README.md").read_text()
SECTION = README[
    README.index("## Tune five models") : README.index("## Fine-tune on your own drawings")
]
REPORT: dict[str, Any] = json.loads((ROOT / "results" / "tuned_models.json").read_text())
FIVE = {"fcnn", "xgboost", "rf", "svm", "cnn"}


def row(name: str) -> str:
    """Return a reader's row as README has it."""
    figures = REPORT["readers"][name]
    scans, drawn = figures["mnist"], figures["drawn"]
    mark = "**" if name == REPORT["best"] else ""
    cells = [
        f"{mark}`{name}`{mark}" if name != "vote" else f"{mark}their vote{mark}",
        f"{100 * scans['accuracy']:.2f} %",
        f"{100 * drawn['accuracy']:.2f} %",
        f"{scans['macro_f1']:.4f}",
        f"{scans['roc_auc']:.5f}",
        f"{scans['expected_calibration_error']:.3f}, {drawn['expected_calibration_error']:.3f}",
        f"{figures['ms_for_one']:.2f} ms",
        f"{figures['megabytes']:.1f} MB",
        f"{figures['search_s'] / 60:.1f} min",
        f"{figures['training_s'] / 60:.1f} min",
    ]
    return f"| {' | '.join(cells)} |"


def test_each_reader_of_the_whole_tuning_has_its_row() -> None:
    assert set(REPORT["models"]) == FIVE | {"best_model"}
    for name in REPORT["readers"]:
        assert row(name) in SECTION


def test_readme_says_how_long_it_took_and_how_large_the_members_are() -> None:
    assert f"{REPORT['seconds'] / 60:.0f} minutes on two cores" in SECTION
    assert f"{REPORT['megabytes']:.1f} MB" in SECTION
    for name, weight in REPORT["vote"]["weights"].items():
        assert f"`{name}` {weight:.2f}" in SECTION


def test_trees_and_support_vectors_misread_so_much_more_of_what_is_drawn() -> None:
    wrong = REPORT["right_where_wrong"]["drawn"]["wrong"]
    times = sorted(wrong[name] / wrong["cnn"] for name in ("svm", "xgboost", "rf"))

    assert f"misread {times[0]:.1f} to {times[-1]:.1f} times as much as `cnn`" in SECTION


def test_the_best_is_the_one_that_reads_validation_best() -> None:
    validation = {
        name: figures["validation"]["accuracy"] for name, figures in REPORT["readers"].items()
    }

    assert validation[REPORT["best"]] == max(validation.values())


def test_the_whole_tuning_had_the_usual_grids_and_all_the_data() -> None:
    asked = REPORT["request"]

    assert asked["subset"] == 10_000
    assert not asked["small"]
    assert sum(REPORT["training_data"].values()) > 60_000
    assert {name: len(tried) for name, tried in REPORT["candidates"].items()} == {
        "fcnn": 12,
        "xgboost": 8,
        "rf": 27,
        "svm": 6,
        "cnn": 12,
    }


def test_the_table_in_results_is_of_the_same_report() -> None:
    assert (ROOT / "results" / "tuned_models.txt").read_text().rstrip("\n") == format_tuning(REPORT)
