"""What is deleted stays deleted, whoever still holds it."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select, text

from feedback.errors import DrawingDeleted, RowRefused
from feedback.records.schema import drawings
from feedback.store import (
    Filters,
    count_drawings,
    delete_drawings,
    delete_session,
    list_drawings,
    read_answer,
    record_answer,
    record_drawing,
)
from tests.feedback.sample_drawings import a_drawing, row_of


def test_a_deleted_drawing_is_gone_with_its_answer(engine: Engine):
    drawing, other = a_drawing(), a_drawing()
    record_answer(engine, drawing, 3)
    record_answer(engine, other, 4)

    deleted = delete_drawings(engine, [drawing.id], session_id=None)

    assert deleted == 1
    assert [row.id for row in list_drawings(engine, Filters(), limit=9)] == [other.id]
    assert read_answer(engine, drawing.id) is None


@pytest.mark.parametrize("is_answered", [False, True])
def test_a_late_write_does_not_bring_a_deleted_drawing_back(engine: Engine, is_answered: bool):
    drawing = a_drawing()
    record_drawing(engine, drawing)
    delete_drawings(engine, [drawing.id], session_id=None)
    later = a_drawing(id=drawing.id, session_id=drawing.session_id, revision=2)

    with pytest.raises(DrawingDeleted):
        record_answer(engine, later, 3) if is_answered else record_drawing(engine, later)

    assert count_drawings(engine, Filters()) == 0


def test_a_drawing_deleted_before_it_was_written_is_never_written(engine: Engine):
    drawing = a_drawing()

    deleted = delete_drawings(engine, [drawing.id], session_id=drawing.session_id)

    assert deleted == 0
    with pytest.raises(DrawingDeleted):
        record_drawing(engine, drawing)


def test_a_session_deletes_its_own_drawings_only(engine: Engine):
    mine, anothers = a_drawing(), a_drawing()
    record_drawing(engine, mine)
    record_drawing(engine, anothers)

    deleted = delete_drawings(engine, [mine.id, anothers.id], session_id=mine.session_id)

    assert deleted == 1
    assert [row.id for row in list_drawings(engine, Filters(), limit=9)] == [anothers.id]
    record_answer(engine, anothers, 3)  # not refused either


def test_a_deleted_session_loses_what_it_drew_until_then(engine: Engine):
    session_id, now = uuid.uuid4(), datetime.now(UTC)
    kept_before, waiting = (
        a_drawing(session_id=session_id, created_at=now - timedelta(seconds=s)) for s in (60, 1)
    )
    anothers = a_drawing()
    record_answer(engine, kept_before, 3)
    record_answer(engine, anothers, 4)

    deleted = delete_session(engine, session_id)

    assert deleted == 1
    with pytest.raises(DrawingDeleted):
        record_answer(engine, waiting, 5)
    assert [row.id for row in list_drawings(engine, Filters(), limit=9)] == [anothers.id]


def test_a_deleted_session_may_go_on_drawing(engine: Engine):
    session_id = uuid.uuid4()
    delete_session(engine, session_id)
    drawn_later = a_drawing(
        session_id=session_id, created_at=datetime.now(UTC) + timedelta(seconds=1)
    )

    record_answer(engine, drawn_later, 3)

    assert read_answer(engine, drawn_later.id) == 3


def test_deleting_again_is_success(engine: Engine):
    drawing = a_drawing()
    record_drawing(engine, drawing)
    delete_drawings(engine, [drawing.id], session_id=None)
    delete_session(engine, drawing.session_id)

    again = delete_drawings(engine, [drawing.id], session_id=None)

    assert again == 0
    assert delete_session(engine, drawing.session_id) == 0


def test_more_ids_than_one_statement_takes_are_deleted(engine: Engine):
    ids = [uuid.uuid4() for _ in range(2100)]
    with engine.begin() as connection:
        connection.execute(insert(drawings), [row_of(a_drawing(id=one)) for one in ids[:1500]])

    assert delete_drawings(engine, ids, session_id=None) == 1500
    assert count_drawings(engine, Filters()) == 0


def test_the_database_itself_refuses_what_was_deleted(engine: Engine):
    drawing = a_drawing()
    delete_drawings(engine, [drawing.id], session_id=None)

    with pytest.raises(Exception, match="a deleted drawing stays deleted"), engine.begin() as c:
        c.execute(insert(drawings), [row_of(drawing)])


def test_writing_and_deleting_at_once_leave_nothing(engine: Engine):
    made = [a_drawing() for _ in range(40)]
    refused: list[Exception] = []

    def write() -> None:
        for drawing in made:
            try:
                record_drawing(engine, drawing)
            except RowRefused as error:
                refused.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    for drawing in made:
        delete_drawings(engine, [drawing.id], session_id=None)
    thread.join()

    with engine.connect() as connection:
        assert list(connection.scalars(select(drawings.c.id))) == []
    assert {type(error) for error in refused} <= {DrawingDeleted}


def test_a_session_that_is_being_written_is_deleted_after_that(postgres_engine: Engine):
    drawing = a_drawing(created_at=datetime.now(UTC) - timedelta(seconds=5))
    writing = postgres_engine.connect()
    key = text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:key, 0))")
    writing.execute(key, {"key": f"session {drawing.session_id}"})
    writing.execute(insert(drawings), [row_of(drawing)])
    deleting = threading.Thread(target=delete_session, args=(postgres_engine, drawing.session_id))

    deleting.start()
    deleting.join(0.3)
    waits = deleting.is_alive()
    writing.commit()
    writing.close()
    deleting.join(10)

    assert waits
    assert count_drawings(postgres_engine, Filters()) == 0
