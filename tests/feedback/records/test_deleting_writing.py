"""Deleted writing is gone with its characters and words, and stays so."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from feedback.errors import DrawingDeleted
from feedback.records.writing_schema import writing_characters, writing_log
from feedback.store import (
    Filters,
    count_writings,
    delete_drawings,
    delete_session,
    forget_before,
    list_writings,
    record_answer,
    record_words,
    withdraw_answer,
)
from tests.feedback.sample_drawings import words
from tests.feedback.sample_writings import a_writing


def size(engine: Engine, table) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("how", ["drawing", "session", "age"])
def test_deleting_takes_writing_with_all_that_is_of_it_and_lets_none_in_again(
    engine: Engine, how: str
):
    moment = datetime.now(UTC)
    writing = a_writing(created_at=moment)
    record_words(engine, writing, words("Hello", None, "Hallo"))
    other = a_writing(created_at=moment + timedelta(days=1))
    record_answer(engine, other, "Hello")

    deleted = {
        "drawing": lambda: delete_drawings(engine, [writing.id], session_id=writing.session_id),
        "session": lambda: delete_session(engine, writing.session_id),
        "age": lambda: forget_before(engine, moment + timedelta(seconds=1)),
    }[how]()

    assert deleted == 1
    assert [row.id for row in list_writings(engine, Filters(), limit=9)] == [other.id]
    assert size(engine, writing_log) == 1
    assert size(engine, writing_characters) == len(other.characters)
    with pytest.raises(DrawingDeleted):
        record_words(engine, writing, words(None))
    with pytest.raises(DrawingDeleted):
        withdraw_answer(engine, writing.id, writing.session_id)


def test_another_sessions_writing_is_not_deleted(engine: Engine):
    writing = a_writing()
    record_answer(engine, writing, "Hello")

    assert delete_drawings(engine, [writing.id], session_id=uuid.uuid4()) == 0
    assert count_writings(engine, Filters()) == 1
