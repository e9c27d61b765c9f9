"""What a tab says it holds is checked as a stranger's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from drawing.held import check_held, to_hold, visitor_mark
from feedback.store import NOT_A_DIGIT
from model.errors import BadDrawing

VISITOR, DRAWING = uuid4(), uuid4()
BEGUN = datetime.now(UTC) - timedelta(minutes=3)
STROKES = [{"x": [10, 20.5], "y": [30, 40], "pen": 18}]


def held(answer=None, *, is_saved=False, **changes):
    parts = to_hold(VISITOR, DRAWING, BEGUN, 4, answer, is_saved=is_saved)
    return {"strokes": STROKES, **parts, **changes}


@pytest.mark.parametrize("answer", [None, 7, 0, NOT_A_DIGIT])
def test_a_drawing_comes_back_under_its_own_name_with_its_answer(answer):
    found = check_held(held(answer, is_saved=True), VISITOR)

    assert (found.id, found.created_at, found.revision) == (DRAWING, BEGUN, 4)
    assert (found.answer, found.is_saved) == (answer, True)
    assert found.strokes[0].points.tolist() == [[10, 30], [20.5, 40]]


def test_another_visitors_drawing_is_a_new_one():
    found = check_held(held(3), uuid4())

    assert (found.id, found.answer, len(found.strokes)) == (None, None, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "7"},
        {"id": None},
        {"createdAt": "yesterday"},
        {"createdAt": "2026-01-01T00:00:00"},  # of no time zone
        {"createdAt": "1999-01-01T00:00:00+00:00"},
        {"createdAt": "9999-12-31T23:59:59+00:00"},
        {"revision": 0},
        {"revision": True},
        {"revision": 10**9},
        {"revision": "4"},
        {"answer": 12},
        {"answer": True},
        {"answer": "seven"},
        {"answer": [1]},
    ],
)
def test_a_name_that_makes_no_sense_is_left_out_and_the_strokes_stay(changes):
    found = check_held(held() | changes, VISITOR)

    assert (found.id, found.revision, found.answer) == (None, 0, None)
    assert len(found.strokes) == 1


@pytest.mark.parametrize(
    "forged", [None, 7, [], "drawing", {"strokes": None}, {"strokes": [{"x": [1], "y": []}]}]
)
def test_what_holds_no_strokes_is_refused(forged):
    with pytest.raises(BadDrawing):
        check_held(forged, VISITOR)


def test_the_mark_of_a_visitor_leads_nowhere_back():
    mark = visitor_mark(VISITOR)

    assert mark == visitor_mark(VISITOR) != visitor_mark(uuid4())
    assert mark not in VISITOR.hex
    assert VISITOR.hex[:8] not in mark
