"""What sites and seeds came to, in figures over all of them and as a table to read."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

PARTS = {
    "others": "the site's other writers",
    "own": "other drawings of who answered",
    "known": "new writers of known sites",
    "MNIST": "MNIST, validation",
    "sites": "validation sites",
}
LOST = ("MNIST", "sites")  # of which points are counted; of the others, errors that are gone


def summarise(measured: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return figures over all sites and seeds: mean, deviation, and how many they are over.

    measured: from `learning.measure`. `before`: share misread of each part. `ways`: by way, number
    of answers and part: `misread` likewise; `remaining`, misread after by misread before; `points`,
    how many points of accuracy were gained; `loss`, loss after by loss before.
    """
    before = {
        part: _over(result["before"][part][0] / result["before"][part][1] for result in there)
        for part in PARTS
        if (there := [result for result in measured if part in result["before"]])
    }
    names = list(dict.fromkeys(way for result in measured for way in result["after"]))
    counts = list(dict.fromkeys(n for r in measured for of in r["after"].values() for n in of))
    return {
        "parts": PARTS,
        "before": before,
        "ways": {
            way: {count: _compare(measured, way, count) for count in sorted(counts, key=int)}
            for way in names
        },
        "longest_s": max(result.get("seconds", 0) for result in measured),
    }


def _compare(
    measured: Sequence[Mapping[str, Any]], way: str, count: str
) -> dict[str, dict[str, dict[str, float]]]:
    figures = {}
    for part in PARTS:
        pairs = [
            (result["before"][part], after[part])
            for result in measured
            if part in (after := result["after"].get(way, {}).get(count, {}))
        ]
        if not pairs:
            continue
        figures[part] = {
            "misread": _over(wrong / images for _, (wrong, images, _) in pairs),
            "remaining": _over(now[0] / max(was[0], 1) for was, now in pairs),
            "points": _over(100 * (was[0] - now[0]) / now[1] for was, now in pairs),
            "loss": _over(now[2] / was[2] for was, now in pairs),
        }
    return figures


def _over(values: Iterable[float]) -> dict[str, float]:
    found = list(values)
    return {
        "mean": statistics.mean(found),
        "deviation": statistics.stdev(found) if len(found) > 1 else 0.0,
        "runs": len(found),
    }


def format_table(report: Mapping[str, Any]) -> str:
    """Return the report as a table to read."""
    lines = [
        f"sites left out: {', '.join(report['sites'])}; "
        f"seeds {', '.join(map(str, report['seeds']))}; {report['machine']}",
        "mean and standard deviation over sites and seeds",
        "",
        "misread before, per cent: "
        + "; ".join(
            f"{PARTS[part]} {100 * row['mean']:.2f} ± {100 * row['deviation']:.2f}"
            for part, row in report["before"].items()
        ),
    ]
    for part, words in PARTS.items():
        columns = [n for n in _counts(report) if any(part in of.get(n, {}) for of in _ways(report))]
        if not columns:
            continue
        is_lost = part in LOST
        what = "points of accuracy gained" if is_lost else "errors that are gone, per cent"
        lines += ["", f"{words}: {what}"]
        lines.append(f"{'answers':<40}" + "".join(f"{int(n):>16,}" for n in columns))
        for way, of_way in report["ways"].items():
            cells = (
                _cell(of_way[n][part], is_lost=is_lost) if part in of_way[n] else ""
                for n in columns
            )
            lines.append(f"{way:<40}" + "".join(f"{cell:>16}" for cell in cells))
        if part == "known":
            lines.append(f"{'log loss that is gone, per cent':<40}")
            for way, of_way in report["ways"].items():
                cells = (_gone(of_way[n][part]["loss"]) for n in columns if part in of_way[n])
                lines.append(f"  {way:<38}" + "".join(f"{cell:>16}" for cell in cells))
    return "\n".join(lines)


def _counts(report: Mapping[str, Any]) -> list[str]:
    return [str(count) for count in report["answers"]]


def _ways(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(report["ways"].values())


def _cell(row: Mapping[str, Mapping[str, float]], *, is_lost: bool) -> str:
    if is_lost:
        return f"{row['points']['mean']:+.2f} ± {row['points']['deviation']:.2f}"
    return _gone(row["remaining"])


def _gone(remaining: Mapping[str, float]) -> str:
    return f"{100 * (1 - remaining['mean']):.0f} ± {100 * remaining['deviation']:.0f}"
