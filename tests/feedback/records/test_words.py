"""An author may say something else, and take it back: all is logged, the last word stands."""

from __future__ import annotations

import dataclasses
import itertools
import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from feedback.errors import DrawingDeleted
from feedback.records.schema import answer_log
from feedback.statistics import read_statistics
from feedback.store import (
    NOT_A_DIGIT,
    Answer,
    AnswerOutcome,
    Filters,
    RowRefused,
    Word,
    count_drawings,
    delete_drawings,
    delete_session,
    list_drawings,
    list_words,
    read_answer,
    record_answer,
    record_drawing,
    record_words,
    withdraw_answer,
)
from tests.feedback.sample_drawings import a_drawing, words

SAVED, OVERTAKEN = AnswerOutcome.SAVED, AnswerOutcome.OVERTAKEN


def log_size(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(answer_log)) or 0


def test_another_answer_takes_the_place_of_the_first(engine: Engine):
    drawing = a_drawing()
    first, second = words(7, 1)

    outcomes = [record_words(engine, drawing, [word]) for word in (first, second)]

    assert outcomes == [SAVED, SAVED]
    (row,) = list_drawings(engine, Filters(), limit=2)
    assert (row.answer, row.answered_at) == (1, second.said_at)


def test_an_answer_that_is_taken_back_is_as_if_it_had_not_been_given(engine: Engine):
    drawing = a_drawing()
    record_words(engine, drawing, words(7, None))

    (row,) = list_drawings(engine, Filters(), limit=2)

    assert (row.answer, row.answered_at) == (None, None)
    assert read_answer(engine, drawing.id) is None


def test_everything_that_was_said_is_kept_with_its_time(engine: Engine):
    drawing, said = a_drawing(), words(7, NOT_A_DIGIT, None, 0)

    for word in said:
        record_words(engine, drawing, [word])

    assert list_words(engine, drawing.id) == list(said)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("said", [(7, 1, None), (7, None, 1), (7, None, NOT_A_DIGIT)])
def test_the_last_word_by_its_time_stands_in_whatever_order_they_arrive(
    sqlite_engine: Engine, said: tuple[Answer | None, ...], order: tuple[int, ...]
):
    drawing, said_in_order = a_drawing(), words(*said)

    for place in order:
        record_words(sqlite_engine, drawing, [said_in_order[place]])

    assert read_answer(sqlite_engine, drawing.id) == said[-1]
    assert list_words(sqlite_engine, drawing.id) == list(said_in_order)


def test_a_word_that_comes_too_late_is_logged_and_changes_nothing(engine: Engine):
    drawing = a_drawing()
    earlier, later = words(7, 1)
    record_words(engine, drawing, [later])

    outcome = record_words(engine, drawing, [earlier])

    (row,) = list_drawings(engine, Filters(), limit=2)
    assert outcome is OVERTAKEN
    assert (row.answer, row.answered_at) == (1, later.said_at)
    assert list_words(engine, drawing.id) == [earlier, later]


def test_taking_back_too_late_leaves_the_later_answer(engine: Engine):
    drawing = a_drawing()
    earlier, later = words(None, 1)
    record_words(engine, drawing, [later])

    outcome = withdraw_answer(
        engine, drawing.id, drawing.session_id, earlier.said_at, word_id=earlier.id
    )

    assert outcome is OVERTAKEN
    assert read_answer(engine, drawing.id) == 1
    assert list_words(engine, drawing.id) == [earlier, later]


def test_a_word_that_is_sent_again_counts_once(engine: Engine):
    drawing, said = a_drawing(), words(7, 1, None)
    for word in (*said, *said, said[2]):
        record_words(engine, drawing, [word])

    again = record_words(engine, drawing, said)

    assert again is SAVED
    assert log_size(engine) == 3
    assert read_answer(engine, drawing.id) is None


def test_several_words_in_one_write_are_all_kept(engine: Engine):
    drawing, said = a_drawing(), words(7, 1, NOT_A_DIGIT)

    outcome = record_words(engine, drawing, tuple(reversed(said)))

    assert outcome is SAVED
    assert list_words(engine, drawing.id) == list(said)
    assert read_answer(engine, drawing.id) is NOT_A_DIGIT


def test_a_drawing_that_is_not_there_yet_comes_with_its_word(engine: Engine):
    drawing = a_drawing()

    record_words(engine, drawing, words(None))

    (row,) = list_drawings(engine, Filters(), limit=2)
    assert (row.id, row.answer) == (drawing.id, None)


def test_a_word_refused_by_the_rules_keeps_none_of_its_write(engine: Engine):
    drawing = a_drawing()

    with pytest.raises(RowRefused):
        record_words(engine, drawing, words(7, 11))

    assert (count_drawings(engine, Filters()), log_size(engine)) == (0, 0)


@pytest.mark.parametrize(("said", "revision"), [((7,), 1), ((7, None), 2)])
def test_a_drawing_is_closed_for_as_long_as_an_answer_stands(
    engine: Engine, said: tuple[Answer | None, ...], revision: int
):
    drawing = a_drawing(revision=1, predicted=7)
    record_words(engine, drawing, words(*said))

    record_drawing(engine, dataclasses.replace(drawing, revision=2, predicted=1))

    (row,) = list_drawings(engine, Filters(), limit=2)
    assert row.revision == revision


def test_a_word_on_a_newer_revision_brings_it_though_an_older_answer_stands(engine: Engine):
    drawing = a_drawing(revision=1, predicted=7)
    first, taken_back, last = words(7, None, 1)
    newer = dataclasses.replace(drawing, revision=2, predicted=1)
    record_words(engine, drawing, [first])

    record_words(engine, newer, [last])
    record_words(engine, drawing, [taken_back])

    (row,) = list_drawings(engine, Filters(), limit=2)
    assert (row.revision, row.predicted, row.answer) == (2, 1, 1)


def test_an_answer_says_now_unless_it_is_told_when(engine: Engine):
    drawing, before = a_drawing(), datetime.now(UTC)
    record_answer(engine, drawing, 3)
    told = before - timedelta(days=1)

    record_answer(engine, drawing, 4, said_at=told, word_id=uuid.uuid4())

    earlier, later = list_words(engine, drawing.id)
    assert (earlier.answer, earlier.said_at) == (4, told)
    assert later.answer == 3
    assert before <= later.said_at <= datetime.now(UTC)


def test_taking_back_needs_no_more_than_the_drawings_id(engine: Engine):
    drawing = a_drawing()
    record_answer(engine, drawing, 3)

    outcome = withdraw_answer(engine, drawing.id, drawing.session_id)

    assert outcome is SAVED
    assert read_answer(engine, drawing.id) is None
    assert [word.answer for word in list_words(engine, drawing.id)] == [3, None]


def test_what_another_session_answered_cannot_be_taken_back(engine: Engine):
    drawing = a_drawing()
    record_answer(engine, drawing, 3)

    with pytest.raises(RowRefused, match="another session"):
        withdraw_answer(engine, drawing.id, uuid.uuid4())
    with pytest.raises(RowRefused, match="another session"):
        record_words(engine, dataclasses.replace(drawing, session_id=uuid.uuid4()), words(None))

    assert read_answer(engine, drawing.id) == 3
    assert log_size(engine) == 1


def test_what_is_not_there_cannot_be_taken_back(engine: Engine):
    with pytest.raises(RowRefused, match="no such drawing"):
        withdraw_answer(engine, uuid.uuid4(), uuid.uuid4())


@pytest.mark.parametrize("by_session", [False, True])
def test_deleting_takes_all_words_with_it_and_lets_none_in_again(engine: Engine, by_session: bool):
    drawing, other = a_drawing(created_at=datetime.now(UTC)), a_drawing()
    record_words(engine, drawing, words(7, None, 1))
    record_words(engine, other, words(7))

    if by_session:
        delete_session(engine, drawing.session_id)
    else:
        delete_drawings(engine, [drawing.id], session_id=drawing.session_id)

    assert list_words(engine, drawing.id) == []
    assert log_size(engine) == 1
    with pytest.raises(DrawingDeleted):
        record_words(engine, drawing, words(None))
    with pytest.raises(DrawingDeleted):
        withdraw_answer(engine, drawing.id, drawing.session_id)
    assert log_size(engine) == 1


def test_statistics_count_the_last_word_of_each_author(engine: Engine):
    right, misread, taken_back = (a_drawing(predicted=7) for _ in range(3))
    record_words(engine, right, words(1, 7))
    late, last = words(7, 1)
    record_words(engine, misread, [last])
    record_words(engine, misread, [late])
    record_words(engine, taken_back, words(7, None))

    counted = read_statistics(engine, Filters())

    assert (counted.drawings, counted.answers) == (3, 2)
    assert (counted.read_right, counted.misread) == (1, 1)


def test_of_many_words_at_once_all_are_logged_and_the_last_stands(engine: Engine):
    drawing, said = a_drawing(), words(*range(9), None, 4)
    refused: list[Exception] = []

    def say(word: Word) -> None:
        try:
            record_words(engine, drawing, [word])
        except Exception as error:
            refused.append(error)

    threads = [threading.Thread(target=say, args=(word,)) for word in said]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == []
    assert list_words(engine, drawing.id) == list(said)
    assert read_answer(engine, drawing.id) == 4
