"""A tuning's report as text for people, and as files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

REPORT, TABLE = "tuned_models.json", "tuned_models.txt"
NAME = 9  # characters
COLUMNS = (
    ("MNIST", 8), ("drawn", 8), ("F1", 8), ("ROC AUC", 9), ("calibration", 13),
    ("drawn calib.", 14), ("ms for one", 12), ("MB", 7), ("search s", 10), ("training s", 12),
)  # fmt: skip


def format_tuning(report: Mapping[str, Any]) -> str:
    """Return the table of members and vote, the weights of the vote, and who helps whom."""
    told = report["request"]
    on = "as many" if told["small"] else "all"
    lines = [
        f"grid search on {told['subset']:,} scans, seed {told['seed']}; winners trained on {on}: "
        + ", ".join(f"{count:,} of {name}" for name, count in report["training_data"].items()),
        "",
        f"{'':<{NAME}}" + "".join(f"{head:>{width}}" for head, width in COLUMNS),
    ]
    for name, figures in report["readers"].items():
        mark = "  best on validation" if name == report["best"] else ""
        lines.append(f"{name:<{NAME}}{_cells(figures)}{mark}")
    lines.append("")
    for name, model in report["models"].items():
        if name != "best_model":
            chosen = ", ".join(f"{key} {_value(it)}" for key, it in model["best_params"].items())
            lines.append(f"{name:<{NAME}}{model['accuracy']:.2%} in the search: {chosen}")
    if report["vote"] is not None:
        weights = ", ".join(f"{k} {v:.2f}" for k, v in report["vote"]["weights"].items())
        lines += ["", f"the vote: {weights}; temperature {report['vote']['temperature']:.2f}"]
    for part, confusion in report["right_where_wrong"].items():
        lines += ["", *_format_confusion(part, confusion)]
    lines += ["", f"{report['megabytes']:.1f} MB, {report['seconds'] / 60:.1f} min"]
    return "\n".join(lines)


def _cells(figures: Mapping[str, Any]) -> str:
    scans, drawn = figures["mnist"], figures.get("drawn")
    cells = [
        f"{scans['accuracy']:.2%}",
        f"{drawn['accuracy']:.2%}" if drawn else "none",
        f"{scans['macro_f1']:.4f}",
        f"{scans['roc_auc']:.5f}" if scans["roc_auc"] is not None else "none",
        f"{scans['expected_calibration_error']:.4f}",
        f"{drawn['expected_calibration_error']:.4f}" if drawn else "none",
        f"{figures['ms_for_one']:.2f}",
        f"{figures['megabytes']:.1f}",
        f"{figures['search_s']:.0f}",
        f"{figures['training_s']:.0f}",
    ]
    return "".join(f"{cell:>{width}}" for cell, (_, width) in zip(cells, COLUMNS, strict=True))


def _format_confusion(part: str, confusion: Mapping[str, Any]) -> list[str]:
    names = list(confusion["wrong"])
    heads = "".join(f"{name:>{NAME}}" for name in names)
    title = {"mnist": "MNIST", "drawn": "drawn digits"}[part]
    lines = [f"{title}: of what the one above reads wrong, so many the one on the left reads right"]
    lines.append(f"{'':<{NAME}}{heads}")
    for name in names:
        row = [confusion["rescued"][name].get(other, "") for other in names]
        lines.append(f"{name:<{NAME}}" + "".join(f"{cell!s:>{NAME}}" for cell in row))
    wrong = "".join(f"{count:>{NAME}}" for count in confusion["wrong"].values())
    return [*lines, f"{'wrong':<{NAME}}{wrong}", f"{confusion['nobody']} are read by nobody"]


def _value(value: object) -> str:
    return "null" if value is None else str(value)


def write_report(folder: Path, report: Mapping[str, Any]) -> list[Path]:
    """Write all figures as JSON, and the table, into a folder; return both files."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    (folder / REPORT).write_text(text, encoding="utf-8")
    (folder / TABLE).write_text(format_tuning(report) + "\n", encoding="utf-8")
    return [folder / REPORT, folder / TABLE]
