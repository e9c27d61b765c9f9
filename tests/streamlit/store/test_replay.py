"""What ended processes left is written once, and what is deleted does not return with it."""

from __future__ import annotations

import uuid

import pytest

from feedback.spool.spool import Spool
from feedback.store import (
    Filters,
    Word,
    count_drawings,
    delete_drawings,
    delete_session,
    list_drawings,
    list_words,
    read_answer,
    record_drawing,
    record_words,
)
from store.receipt import State
from tests.feedback.sample_drawings import a_drawing, words
from tests.streamlit.store.writers import (
    LONG_S,
    STORE,
    Away,
    lines_in,
    spooling_writer,
    until,
)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "spool"


def test_what_was_left_behind_is_written_before_what_is_new(sqlite_engine, folder):
    left = a_drawing()
    spool = Spool(folder, STORE)
    spool.append([(left, words(3))])
    spool.close()
    order: list[uuid.UUID] = []

    def record(drawing, said):
        order.append(drawing.id)
        return record_words(sqlite_engine, drawing, said)

    new = a_drawing()
    writer = Away(sqlite_engine).writer(folder, record_words=record, check=lambda: None)
    writer.keep(new, 4).wait(LONG_S)
    writer.close()

    assert order == [left.id, new.id]


def test_whoever_is_there_already_writes_what_an_ended_process_left(engine, folder):
    running = spooling_writer(engine, folder)
    running.keep(a_drawing()).wait(LONG_S)
    spool = Spool(folder, STORE)
    left = a_drawing()
    spool.append([(left, words(3))])

    spool.close()

    assert until(lambda: read_answer(engine, left.id) == 3)
    running.close()


def test_a_replay_of_what_is_in_the_store_changes_nothing(engine, folder):
    drawing = a_drawing(revision=2)
    newer = a_drawing(id=drawing.id, session_id=drawing.session_id, revision=3, predicted=4)
    answered = a_drawing()
    record_drawing(engine, newer)
    said = words(6, None, 5)
    record_words(engine, answered, said)
    spool = Spool(folder, STORE)
    spool.append([(drawing, ()), (answered, said[:2]), (answered, said)])
    spool.close()

    writer = spooling_writer(engine, folder)
    assert until(lambda: list(folder.glob("*")) == [])
    writer.close()

    rows = {row.id: row for row in list_drawings(engine, Filters(), limit=9)}
    assert len(rows) == 2
    assert rows[drawing.id].predicted == 4
    assert rows[answered.id].answer == 5
    assert list_words(engine, answered.id) == list(said)


def test_what_two_processes_left_is_ordered_by_when_it_was_said(engine, folder):
    drawing = a_drawing()
    first, second, last = words(7, 1, None)
    for said in ([first, last], [second]):  # the one that ended first is replayed first
        spool = Spool(folder, STORE)
        spool.append([(drawing, tuple(said))])
        spool.close()

    writer = spooling_writer(engine, folder)
    assert until(lambda: list(folder.glob("*")) == [])
    writer.close()

    assert list_words(engine, drawing.id) == [first, second, last]
    assert read_answer(engine, drawing.id) is None


def test_a_replay_that_is_cut_off_by_the_store_goes_on_when_it_is_back(sqlite_engine, folder):
    away = Away(sqlite_engine)
    spool = Spool(folder, STORE)
    spool.append([(a_drawing(), words(3)) for _ in range(10)])
    spool.close()

    def fails_in_the_middle(drawing, said):
        if away.writes == 5:
            away.is_away = True
        return away.record(drawing, said)

    away.is_away = False
    writer = away.writer(folder, record_words=fails_in_the_middle)
    assert until(lambda: writer.problem is not None)
    assert lines_in(folder) == 10
    away.writes, away.is_away = 100, False

    assert until(lambda: count_drawings(sqlite_engine, Filters()) == 10)
    assert until(lambda: list(folder.glob("*")) == [])
    writer.close()


def test_a_row_that_the_store_refuses_does_not_keep_the_others_from_being_replayed(
    sqlite_engine, folder, caplog
):
    spool = Spool(folder, STORE)
    spool.append([(a_drawing(confidence=1.5), words(3)), (a_drawing(), words(4))])
    spool.close()

    writer = spooling_writer(sqlite_engine, folder)
    assert until(lambda: count_drawings(sqlite_engine, Filters()) == 1)
    assert until(lambda: list(folder.glob("*")) == [])
    writer.close()

    assert "1 written, 0 deleted in the meantime, 1 refused" in caplog.text


def test_what_is_deleted_does_not_return_from_the_queue(engine, folder):
    away = Away(engine)
    writer = away.writer(folder, check_every_s=3600)
    drawing = a_drawing()
    writer.keep(a_drawing()).wait(LONG_S)
    receipt = writer.keep(drawing, 3)
    writer.say(drawing, Word(None))
    delete_drawings(engine, [drawing.id], session_id=drawing.session_id)
    away.is_away = False

    writer.check_now(LONG_S)

    assert until(lambda: receipt.state is State.DELETED)
    assert until(lambda: writer.waiting == 0)
    assert drawing.id not in [row.id for row in list_drawings(engine, Filters(), limit=9)]
    writer.close()


def test_what_is_deleted_does_not_return_from_the_spool(engine, folder, caplog):
    drawing, kept = a_drawing(), a_drawing()
    spool = Spool(folder, STORE)
    spool.append([(drawing, words(3, None, 4)), (kept, words(4))])
    spool.close()
    delete_session(engine, drawing.session_id)

    writer = spooling_writer(engine, folder)
    assert until(lambda: list(folder.glob("*")) == [])
    writer.close()

    assert [row.id for row in list_drawings(engine, Filters(), limit=9)] == [kept.id]
    assert "1 written, 1 deleted in the meantime, 0 refused" in caplog.text
