from __future__ import annotations

import json
from dataclasses import replace

import pytest

from model.promotion.gate_report import ERROR, NO_WORSE, SHARE, WORSE, Report, Row
from model.promotion.report_table import format_gate
from tests.model.promotion.judged import A_REPORT


def a_row(was: float | None, now: float | None, limit: float | None, unit: str = SHARE) -> Row:
    return Row(name="a row", unit=unit, images=6000, was=was, now=now, limit=limit)


@pytest.mark.parametrize(
    ("row", "passes"),
    [
        (a_row(0.9950, 0.9945, -0.05), True),  # three of 6,000: exactly what may be lost
        (a_row(5970 / 6000, 5967 / 6000, -0.05), True),
        (a_row(5970 / 6000, 5966 / 6000, -0.05), False),
        (a_row(0.5, 0.5, 0.0), True),
        (a_row(0.5, 0.6, -0.05), True),
        (a_row(0.003, 0.008, 0.005, ERROR), True),
        (a_row(0.003, 0.0081, 0.005, ERROR), False),
        (a_row(0.008, 0.001, 0.005, ERROR), True),
        (a_row(0.9, 0.1, None), True),
        (a_row(None, None, 0.0), True),
    ],
)
def test_a_row_passes_up_to_its_limit_and_no_further(row: Row, passes: bool) -> None:
    assert row.passed is passes


def test_a_report_comes_back_from_json_as_it_was() -> None:
    stored = json.loads(json.dumps(A_REPORT.to_json()))

    assert Report.from_json(stored) == A_REPORT


def test_the_stored_report_has_for_each_row_what_it_was_is_and_whether_it_passed() -> None:
    (row,) = A_REPORT.to_json()["rows"]

    assert row["is"] == 0.9945
    assert row["difference"] == pytest.approx(-0.05)
    assert (row["was"], row["limit"], row["passed"]) == (0.9950, -0.05, True)


@pytest.mark.parametrize("change", [{"format": 9}, {"rows": [{}]}, {"live_test": {}}])
def test_what_is_no_report_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="report"):
        Report.from_json({**A_REPORT.to_json(), **change})
    with pytest.raises(ValueError, match="no report"):
        Report.from_json({"format": 1})


def test_the_table_has_every_row_with_its_limit_and_ends_with_the_verdict() -> None:
    lines = format_gate(A_REPORT).splitlines()

    (row,) = [line.split() for line in lines if line.startswith("MNIST, read right")]
    assert row[3:] == ["99.50%", "99.45%", "-0.05", "-0.05", "or", "better", "yes"]
    assert "10 right before, 16 now: 6 newly right, 0 newly misread (p = 0.0312)" in lines[1]
    assert lines[-2:] == ["better: it may be promoted", "  6 newly right"]


def test_the_table_says_what_each_verdict_allows() -> None:
    assert "with the operator's word" in format_gate(replace(A_REPORT, verdict=NO_WORSE))
    assert "should not be promoted" in format_gate(replace(A_REPORT, verdict=WORSE))
