"""Deleting by age takes what was begun before a moment, a part at a time, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from feedback.errors import DrawingDeleted
from feedback.records import by_age
from feedback.records.by_age import count_before, end_of_keeping, forget_before
from feedback.store import Filters, list_drawings, record_answer
from tests.feedback.sample_drawings import a_drawing, keep

END = datetime(2026, 5, 1, tzinfo=UTC)


def test_what_was_begun_before_the_moment_is_deleted_and_no_more(engine: Engine):
    before, at, after = (
        a_drawing(created_at=END + timedelta(microseconds=us)) for us in (-1, 0, 1)
    )
    keep(engine, [(before, 3), (at, 4), (after, None)])

    assert count_before(engine, END) == 1
    assert forget_before(engine, END) == 1

    assert {row.id for row in list_drawings(engine, Filters(), limit=9)} == {at.id, after.id}
    assert forget_before(engine, END) == 0


def test_what_is_deleted_by_age_does_not_return(engine: Engine):
    drawing = a_drawing(created_at=END - timedelta(days=1))
    record_answer(engine, drawing, 3)

    forget_before(engine, END)

    with pytest.raises(DrawingDeleted):
        record_answer(engine, drawing, 3)


def test_much_is_deleted_part_by_part_and_may_be_interrupted(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(by_age, "AT_ONCE", 4)
    made = [a_drawing(created_at=END - timedelta(days=day)) for day in range(1, 11)]
    keep(engine, [(drawing, 3) for drawing in made])
    answers = iter([True, True, False])

    assert forget_before(engine, END, goes_on=lambda: next(answers)) == 8

    left = {row.id for row in list_drawings(engine, Filters(), limit=99)}
    assert left == {drawing.id for drawing in made[:2]}  # the oldest go first
    assert forget_before(engine, END) == 2


def test_the_end_of_keeping_is_as_many_days_ago():
    now = datetime(2026, 3, 31, 12, tzinfo=UTC)

    assert end_of_keeping(30, now) == datetime(2026, 3, 1, 12, tzinfo=UTC)
