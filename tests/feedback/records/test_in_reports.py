"""What a report says of a drawing, its author's answer included, goes with the drawing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from feedback.candidates import keep_weights, show_weights
from feedback.records import in_reports
from feedback.store import delete_drawings, delete_session
from tests.feedback.sample_drawings import a_drawing, keep
from tests.feedback.sample_weights import a_report, some_weights


def report_on(right: list[UUID], misread: list[UUID]) -> dict[str, Any]:
    live_test = {
        "digits": 60,
        "newly_right": [str(one) for one in right],
        "newly_misread": [str(one) for one in misread],
        "readings": {str(one): {"label": 3, "was": 5, "is": 3} for one in right + misread},
    }
    return a_report() | {"live_test": live_test}


@pytest.mark.parametrize("few", [20, 0])
@pytest.mark.parametrize("is_whole_session", [False, True])
def test_a_report_says_nothing_of_a_deleted_drawing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, few: int, is_whole_session: bool
):
    monkeypatch.setattr(in_reports, "FEW", few)
    right, left, other = (a_drawing() for _ in range(3))
    misread = a_drawing(session_id=right.session_id)
    keep(engine, [(drawing, 3) for drawing in (right, misread, left, other)])
    stored = some_weights(report=report_on([right.id, left.id], [misread.id]))
    keep_weights(engine, stored, [])

    if is_whole_session:
        delete_session(engine, right.session_id)
    else:
        delete_drawings(engine, [right.id, misread.id, other.id], session_id=None)

    assert show_weights(engine, stored.version).report == report_on([left.id], [])


@pytest.mark.parametrize("report", [None, a_report(), a_report() | {"live_test": "none"}])
def test_a_report_that_names_no_drawing_stays_as_it_is(engine: Engine, report: Any):
    drawing = a_drawing()
    keep(engine, [(drawing, 3)])
    stored = some_weights(report=report)
    keep_weights(engine, stored, [])

    delete_drawings(engine, [drawing.id], session_id=None)

    assert show_weights(engine, stored.version).report == report
