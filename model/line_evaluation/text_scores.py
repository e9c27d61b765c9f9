"""How right texts are: exactly and by character, with and without case, and how honestly sure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.datasets.alphabet import merge
from model.line_evaluation.edit_distance import edits
from model.line_training.reader_settings import calibration_error
from model.pen.written_lines import WrittenLine
from model.reading.calibration import BINS
from model.writing.reader import Reading

KIND_WORDS = {
    "printed": "real words, printed",
    "joined": "real words, joined",
    "composed": "composed of single characters",
    "number": "composed numbers, read as numbers",
    "code": "composed codes",
    "rows": "two rows",
}


@dataclass(frozen=True)
class Read:
    """One line that was read, or None where it could not be."""

    line: WrittenLine
    reading: Reading | None


def score(read: Sequence[Read]) -> dict[str, Any]:
    """Return how right readings are: exactly and by character, with and without case."""
    texts = [(one.line.text, one.reading.text if one.reading else "") for one in read]
    right = np.array([a == b for a, b in texts])
    alike = np.array([merge(a) == merge(b) for a, b in texts])
    sure = np.array([bool(one.reading and one.reading.sure) for one in read])
    confidence = np.array([one.reading.confidence if one.reading else 0.0 for one in read])
    writers = _shares(read, alike, lambda line: line.writer)
    shares = sorted(writers.values())
    return {
        "lines": len(read),
        "exact_62": float(right.mean()),
        "exact_47": float(alike.mean()),
        "cer_62": _error_rate(texts),
        "cer_47": _error_rate([(merge(a), merge(b)) for a, b in texts]),
        "sure": float(sure.mean()),
        "right_when_sure_62": float(right[sure].mean()) if sure.any() else None,
        "right_when_sure_47": float(alike[sure].mean()) if sure.any() else None,
        "accepted": float(np.mean([bool(one.reading and one.reading.is_writing) for one in read])),
        "calibration_error": calibration_error(confidence, right),
        "reliability": _levels(confidence, right),
        "by_site": _shares(read, alike, lambda line: line.source),
        "by_length": _shares(read, alike, lambda line: _length(len(line.text))),
        "writers": {
            "count": len(shares),
            "worst": shares[0],
            "tenth": float(np.quantile(shares, 0.1)),
            "median": float(np.median(shares)),
        },
    }


def _shares(
    read: Sequence[Read], right: NDArray[np.bool_], key: Callable[[WrittenLine], str]
) -> dict[str, float]:
    found: dict[str, list[bool]] = {}
    for one, is_right in zip(read, right.tolist(), strict=True):
        found.setdefault(key(one.line), []).append(is_right)
    return {name: float(np.mean(some)) for name, some in sorted(found.items())}


def _length(count: int) -> str:
    return "1 to 3" if count <= 3 else "4 to 6" if count <= 6 else "7 to 9" if count <= 9 else "10+"


def _error_rate(texts: Sequence[tuple[str, str]]) -> float:
    return sum(edits(a, b) for a, b in texts) / max(sum(len(a) for a, _ in texts), 1)


def _levels(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> list[dict[str, Any]]:
    levels = np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
    return [
        {
            "images": int((levels == level).sum()),
            "mean_confidence": float(confidence[levels == level].mean()),
            "accuracy": float(right[levels == level].mean()),
        }
        for level in range(BINS)
        if (levels == level).any()
    ]


def format_writing(report: dict[str, Any]) -> str:
    """Return the report's figures as a table for a person."""
    lines = [
        f"{'':38} {'lines':>6} {'exact 62':>9} {'CER':>6} {'47':>7} {'CER':>6} "
        f"{'sure':>6} {'right':>6} {'ECE':>6}"
    ]
    for way, title in (("strokes", ""), ("pictures", ", as pictures")):
        for name, row in report[way].items():
            right = row["right_when_sure_47"]
            lines.append(
                f"{KIND_WORDS[name] + title:38} {row['lines']:>6} {row['exact_62']:>9.1%} "
                f"{row['cer_62']:>6.1%} {row['exact_47']:>7.1%} {row['cer_47']:>6.1%} "
                f"{row['sure']:>6.1%} {'' if right is None else f'{right:.1%}':>6} "
                f"{row['calibration_error']:>6.3f}"
            )
    refused = ", ".join(f"{name} {share:.1%}" for name, share in report["refused"].items())
    lines += [
        "",
        f"refused as no writing: {refused}",
        "one reading of eight characters, ms: "
        + ", ".join(f"{name} {ms:.1f}" for name, ms in report["milliseconds"].items()),
        f"parameters: {report['weights']['parameters']:,}",
    ]
    for name in ("printed", "composed"):
        if row := report["strokes"].get(name):
            sites = ", ".join(f"{site} {share:.1%}" for site, share in row["by_site"].items())
            lengths = ", ".join(f"{k} {share:.1%}" for k, share in row["by_length"].items())
            who = row["writers"]
            lines.append(
                f"{KIND_WORDS[name]} (47): {sites}; by length {lengths}; {who['count']} writers, "
                f"worst {who['worst']:.1%}, tenth percentile {who['tenth']:.1%}, "
                f"median {who['median']:.1%}"
            )
    return "\n".join(lines)


def metrics_of(report: dict[str, Any]) -> dict[str, float]:
    """Return the figures that a tracked run is told."""
    return {
        f"test/{way}/{name}/{key}": row[key]
        for way in ("strokes", "pictures")
        for name, row in report[way].items()
        for key in ("exact_62", "exact_47", "cer_62", "cer_47", "calibration_error")
    }
