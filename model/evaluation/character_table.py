"""The report on the reader of characters as a table for people."""

from __future__ import annotations

from typing import Any

from model.evaluation.table import COLUMN, NAME


def format_characters(report: dict[str, Any]) -> str:
    """Return the report as text; its columns are of 62 characters, and of 47 without case."""
    by_class, letters = report["by_class"], report["letters"]
    lines = [_line(report["weights"]["version"], "62", "47"), *_summary("EMNIST ByClass", by_class)]
    lines.append(f"EMNIST Letters, {letters['images']:,} images")
    lines.append(_line("  right as one of 26, without case", f"{letters['accuracy']:.2%}", ""))
    if report["drawn"]:
        lines += ["", *_summary("drawn at test sites", report["drawn"])]
        lines += _groups(report["drawn"])
    if report["drawn_digits"]:
        lines += ["", *_summary("digits among these", report["drawn_digits"])]
    lines += ["", "no characters, refused"]
    for kind, row in report["refusal"].items():
        lines.append(_line(f"  {kind} ({row['images']:,})", f"{row['refused_share']:.1%}", ""))
    return "\n".join(lines)


def _line(name: str, *cells: str) -> str:
    return (f"{name:<{NAME}}" + "".join(f"{cell:>{COLUMN}}" for cell in cells)).rstrip()


def _summary(title: str, scores: dict[str, Any]) -> list[str]:
    lines = [
        f"{title}, {scores['images']:,} images",
        _line("  accuracy", f"{scores['accuracy']:.2%}", f"{scores['merged_accuracy']:.2%}"),
    ]
    if "sure" not in scores:  # none could be read
        return lines
    sure, merged_sure = scores["sure"]["accuracy"], scores["merged_sure_accuracy"]
    return [
        *lines,
        _line(
            "  calibration error",
            f"{scores['expected_calibration_error']:.4f}",
            f"{scores['merged_calibration_error']:.4f}",
        ),
        _line("  taken for a character", f"{scores['accepted_share']:.2%}", ""),
        _line("  kept: a character, and sure", f"{scores['sure']['share']:.2%}", ""),
        _line(
            "  right when kept", *("none" if s is None else f"{s:.2%}" for s in (sure, merged_sure))
        ),
    ]


def _groups(drawn: dict[str, Any]) -> list[str]:
    lines = []
    for key, title in (("sites", "by site"), ("classes", "by class")):
        lines.append(f"  {title}")
        for name, row in drawn[key].items():
            merged = drawn[f"merged_{key}"][name]["accuracy"]
            lines.append(
                _line(f"    {name} ({row['images']:,})", f"{row['accuracy']:.2%}", f"{merged:.2%}")
            )
    if drawn.get("writers", {}).get("writers"):
        own, merged = drawn["writers"], drawn["merged_writers"]
        lines.append(f"  by writer ({own['writers']} of {own['fewest_digits']} or more)")
        for key in ("worst", "tenth_percentile", "median"):
            words = f"    {key.replace('_', ' ')}"
            lines.append(_line(words, f"{own[key]:.2%}", f"{merged[key]:.2%}"))
    return lines
