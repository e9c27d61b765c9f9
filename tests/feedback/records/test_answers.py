from __future__ import annotations

import dataclasses
import uuid

import pytest
from sqlalchemy import Engine

from feedback.store import (
    NOT_A_DIGIT,
    Answer,
    AnswerOutcome,
    Filters,
    RowRefused,
    count_drawings,
    list_drawings,
    read_answer,
    record_answer,
    record_drawing,
)
from tests.feedback.sample_drawings import a_drawing


def test_an_answer_is_kept_with_its_drawing(engine: Engine):
    drawing = a_drawing()

    outcome = record_answer(engine, drawing, 4)

    (row,) = list_drawings(engine, Filters(), limit=2)
    assert outcome is AnswerOutcome.SAVED
    assert (row.id, row.answer) == (drawing.id, 4)
    assert row.answered_at is not None
    assert row.answered_at >= row.created_at


def test_a_drawing_that_is_kept_already_is_answered_where_it_is(engine: Engine):
    drawing = a_drawing()
    record_drawing(engine, drawing)

    record_answer(engine, drawing, 4)

    assert count_drawings(engine, Filters()) == 1
    assert read_answer(engine, drawing.id) == 4


def test_an_answer_brings_the_newest_revision_with_it(engine: Engine):
    drawing = a_drawing(revision=1, predicted=1)
    record_drawing(engine, drawing)

    record_answer(engine, dataclasses.replace(drawing, revision=2, predicted=7), 7)

    (row,) = list_drawings(engine, Filters(), limit=1)
    assert (row.revision, row.predicted, row.answer) == (2, 7, 7)


def test_an_answer_to_an_older_revision_keeps_the_newer_one(engine: Engine):
    drawing = a_drawing(revision=2, predicted=7)
    record_drawing(engine, drawing)

    record_answer(engine, dataclasses.replace(drawing, revision=1, predicted=1), 7)

    (row,) = list_drawings(engine, Filters(), limit=1)
    assert (row.revision, row.predicted, row.answer) == (2, 7, 7)


def test_the_same_answer_sent_again_is_success(engine: Engine):
    drawing = a_drawing()

    outcomes = [record_answer(engine, drawing, 4) for _ in range(2)]

    assert outcomes == [AnswerOutcome.SAVED] * 2


@pytest.mark.parametrize("is_digit", [True, False])
def test_the_answer_may_be_that_it_is_not_a_digit(engine: Engine, is_digit: bool):
    drawing = a_drawing(is_digit=is_digit)

    outcome = record_answer(engine, drawing, NOT_A_DIGIT)

    (row,) = list_drawings(engine, Filters(), limit=2)
    assert outcome is AnswerOutcome.SAVED
    assert (row.answer, row.is_digit) == (NOT_A_DIGIT, is_digit)
    assert row.answered_at is not None
    assert read_answer(engine, drawing.id) is NOT_A_DIGIT


@pytest.mark.parametrize(("first", "second"), [(NOT_A_DIGIT, 4), (4, NOT_A_DIGIT)])
def test_not_a_digit_is_an_answer_like_any_other(engine: Engine, first: Answer, second: Answer):
    drawing = a_drawing()

    outcomes = [record_answer(engine, drawing, answer) for answer in (first, first, second)]

    assert outcomes == [AnswerOutcome.SAVED] * 3
    assert read_answer(engine, drawing.id) == second
    assert count_drawings(engine, Filters()) == 1


def test_an_unanswered_drawing_has_no_answer(engine: Engine):
    drawing = a_drawing()
    record_drawing(engine, drawing)

    assert read_answer(engine, drawing.id) is None
    assert read_answer(engine, uuid.uuid4()) is None


@pytest.mark.parametrize("label", [-1, 10, 32768])
def test_an_answer_that_is_no_digit_keeps_neither_answer_nor_drawing(engine: Engine, label: int):
    with pytest.raises(RowRefused):
        record_answer(engine, a_drawing(), label)

    assert count_drawings(engine, Filters()) == 0


@pytest.mark.parametrize("answered", [False, True])
def test_another_sessions_drawing_cannot_be_answered(engine: Engine, answered: bool):
    drawing = a_drawing()
    record_drawing(engine, drawing)
    if answered:
        record_answer(engine, drawing, 4)

    with pytest.raises(RowRefused, match="another session"):
        record_answer(engine, dataclasses.replace(drawing, session_id=uuid.uuid4()), 4)

    assert read_answer(engine, drawing.id) == (4 if answered else None)
