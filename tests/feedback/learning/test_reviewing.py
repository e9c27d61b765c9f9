"""What an operator decides stands beside the author's answer, and never in its place."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import IntegrityError

from feedback.candidates import (
    LEAVE_OUT,
    NO_DIGIT_DECISION,
    RowRefused,
    list_answered,
    list_reviews,
    record_review,
)
from feedback.records.schema import reviews
from feedback.store import read_answer, record_answer, record_drawing
from tests.feedback.sample_drawings import a_drawing


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(reviews)) or 0


@pytest.mark.parametrize("decision", [0, 9, NO_DIGIT_DECISION, LEAVE_OUT])
def test_a_decision_stands_beside_the_answer(engine: Engine, decision: int):
    drawing = a_drawing()
    record_answer(engine, drawing, 3)

    review = record_review(engine, drawing.id, decision, " Ada  L. ")

    assert list_reviews(engine) == {drawing.id: review}
    assert (review.decision, review.by_name) == (decision, "Ada L.")
    assert read_answer(engine, drawing.id) == 3
    (listed,) = list_answered(engine, limit=9)
    assert (listed.answer, listed.decision) == (3, decision)


def test_the_last_decision_counts_and_all_are_kept(engine: Engine):
    drawing, other = a_drawing(), a_drawing()
    record_answer(engine, drawing, 3)
    record_answer(engine, other, 4)

    for decision in (5, LEAVE_OUT, 8):
        record_review(engine, drawing.id, decision, "Ada")

    assert {key: one.decision for key, one in list_reviews(engine).items()} == {drawing.id: 8}
    assert {row.id: row.decision for row in list_answered(engine, limit=9)} == {
        drawing.id: 8,
        other.id: None,
    }
    assert count(engine) == 3


def test_what_is_undone_does_not_stand(engine: Engine):
    drawing = a_drawing()
    record_answer(engine, drawing, 3)
    record_review(engine, drawing.id, 5, "Ada")

    record_review(engine, drawing.id, None, "Ada")

    assert list_reviews(engine) == {}
    assert [row.decision for row in list_answered(engine, limit=9)] == [None]
    assert count(engine) == 2


@pytest.mark.parametrize("decision", [-1, 12])
def test_another_decision_is_refused(engine: Engine, decision: int):
    drawing = a_drawing()
    record_drawing(engine, drawing)

    with pytest.raises(RowRefused, match="a decision is 0 to 11 or none"):
        record_review(engine, drawing.id, decision, "Ada")

    assert count(engine) == 0


@pytest.mark.parametrize("name", ["", " \n", "n" * 81])
def test_who_decides_says_their_name(engine: Engine, name: str):
    drawing = a_drawing()
    record_drawing(engine, drawing)

    with pytest.raises(RowRefused, match="say who decides, in 1 to 80 characters"):
        record_review(engine, drawing.id, 3, name)


def test_a_drawing_that_its_author_deleted_is_not_reviewed(engine: Engine):
    with pytest.raises(RowRefused, match="its author may have deleted it"):
        record_review(engine, uuid.uuid4(), 3, "Ada")


@pytest.mark.parametrize("change", ["decision = 4", "by_name = 'Bob'", "decision = NULL"])
def test_no_decision_is_ever_changed(engine: Engine, change: str):
    drawing = a_drawing()
    record_answer(engine, drawing, 3)
    review = record_review(engine, drawing.id, 5, "Ada")

    with pytest.raises(IntegrityError, match="what was decided"), engine.begin() as connection:
        connection.execute(text(f"UPDATE reviews SET {change}"))

    assert list_reviews(engine) == {drawing.id: review}
