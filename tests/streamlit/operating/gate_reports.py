"""Reports as the gate writes them of a candidate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from model.promotion.gate_report import LiveTest, Report, Row
from model.weight_files.pair import read_to_predict
from model.weight_files.places import DEFAULT_WEIGHTS

CARD = read_to_predict(DEFAULT_WEIGHTS)[1]
SHIPPED = CARD.version


def a_gate_report(
    parent: str = SHIPPED, newly_right: Sequence[str] = (), verdict: str = "better", **live: Any
) -> dict[str, Any]:
    """Return the report of a candidate; newly_right: ids of drawings that it reads right now."""
    usual: dict[str, Any] = {
        "visitors": 3, "digits": 12, "not_digits": 1, "was_right": 9, "is_right": 11, "p": 0.03,
        "newly_right": tuple(newly_right), "newly_misread": (),
        "readings": {one: {"label": 4, "was": 9, "is": 4} for one in newly_right},
    }  # fmt: skip
    rows = (
        Row(name="MNIST", unit="share", images=1000, was=0.99, now=0.9898, limit=-0.05),
        Row(name="digit 4", unit="share", images=100, was=0.99, now=0.95, limit=-1.0),
    )
    return Report(
        candidate="it", parent=parent, made_at="2026-07-01T12:00:00+00:00", verdict=verdict,
        reasons=("2 drawings newly right",), rows=rows, live_test=LiveTest(**usual | live),
    ).to_json()  # fmt: skip
