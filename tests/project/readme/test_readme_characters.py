"""What the README says of the reader of characters is what testing it recorded."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from environment import ROOT
from model.reading.recogniser import Recogniser

README = re.sub(r" ?%", " %", (ROOT / "README.md").read_text())
REPORT: dict[str, Any] = json.loads((ROOT / "results" / "characters" / "report.json").read_text())


def row(name: str, read: Callable[[dict[str, Any]], str]) -> str:
    """A row of the README's table: scans, drawings, the digits among them."""
    cells = [read(REPORT[part]) for part in ("by_class", "drawn", "drawn_digits")]
    return f"| {name} | " + " | ".join(cells) + " |"


def share(value: float | None) -> str:
    return "none" if value is None else f"{value:.1%}"


def figures() -> dict[str, str]:
    """The README's words for each recorded figure."""
    weights, letters, writers = REPORT["weights"], REPORT["letters"], REPORT["drawn"]["writers"]
    merged = REPORT["drawn"]["merged_writers"]

    def people(found: dict[str, float]) -> str:
        names = ("worst", "tenth_percentile", "median")
        return ", ".join(f"{found[name]:.1%}" for name in names)

    return {
        "parameters": f"{weights['parameters']:,} parameters",
        "images": row("images", lambda one: f"{one['images']:,}"),
        "accuracy": row("accuracy, 62 characters", lambda one: share(one["accuracy"])),
        "merged": row("accuracy, 47 without case", lambda one: share(one["merged_accuracy"])),
        "calibration": row(
            "expected calibration error, 62",
            lambda one: f"{one['expected_calibration_error']:.4f}",
        ),
        "accepted": row("taken for a character", lambda one: share(one["accepted_share"])),
        "sure": row("called sure, and a character", lambda one: share(one["sure"]["share"])),
        "right": row("right when sure, 62", lambda one: share(one["sure"]["accuracy"])),
        "letters": f"{share(letters['accuracy'])} of the {letters['images']:,} scans",
        "people": f"{people(writers)} of the 62",
        "people, merged": f"{people(merged)} of the 47",
        **{
            kind: f"| {words} | {REPORT['refusal'][kind]['images']:,} | "
            f"{share(REPORT['refusal'][kind]['refused_share'])} |"
            for kind, words in KINDS.items()
        },
    }


KINDS = {
    "dot": "blank sheets and dots",
    "noise": "noise",
    "blob": "blobs",
    "scribble": "scribbles",
    "shape": "clothes and such shapes",
    "photograph": "photographs",
}


@pytest.mark.parametrize("name", figures())
def test_a_figure_of_characters_in_the_readme_is_the_recorded_one(name: str) -> None:
    part = README[README.index("## Characters") : README.index("## Command line")]

    assert re.sub(r" ?%", " %", figures()[name]) in " ".join(part.split())


def test_the_report_on_characters_is_about_the_shipped_weights() -> None:
    history = ROOT / "model" / "plots" / "characters" / "history.json"
    version = Recogniser.load("characters").card.version

    assert REPORT["weights"]["version"] == version
    assert json.loads(history.read_text())["weights_version"] == version
