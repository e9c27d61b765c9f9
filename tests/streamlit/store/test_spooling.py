"""What waits for longer than a moment lies on the disk, and outlives the process."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

import pytest

from feedback.connection.embedded import let_go
from feedback.store import (
    NOT_A_DIGIT,
    Filters,
    count_drawings,
    list_drawings,
    list_words,
    read_answer,
    record_drawing,
)
from store.receipt import State
from store.waiting import Waiting, Write
from tests.feedback.sample_drawings import a_drawing, words
from tests.streamlit.store.writers import (
    LONG_S,
    Away,
    lines_in,
    spooling_writer,
    until,
)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "spool"


def test_what_waits_while_the_store_is_away_is_on_the_disk_in_a_moment(sqlite_engine, folder):
    writer = Away(sqlite_engine).writer(folder)
    for label in range(3):
        writer.keep(a_drawing(), label)

    assert until(lambda: lines_in(folder) == 3)
    writer.close()


def test_what_a_slow_database_does_not_take_at_once_is_on_the_disk(sqlite_engine, folder):
    goes_on = threading.Event()

    def slow(drawing):
        goes_on.wait(LONG_S)
        record_drawing(sqlite_engine, drawing)

    writer = spooling_writer(sqlite_engine, folder, record_drawing=slow)
    receipts = [writer.keep(a_drawing()) for _ in range(3)]  # one of them in hand

    assert until(lambda: lines_in(folder) == 3)
    goes_on.set()
    assert [receipt.wait(LONG_S) for receipt in receipts] == [State.SAVED] * 3
    writer.close()


def test_nothing_is_spooled_where_all_goes_well(sqlite_engine, folder):
    writer = spooling_writer(sqlite_engine, folder)
    for _ in range(5):
        writer.keep(a_drawing()).wait(LONG_S)

    writer.close()

    assert list(folder.glob("*")) == []


def test_stopping_with_answers_waiting_loses_none(engine, folder):
    away = Away(engine)
    first = away.writer(folder)
    drawings = [a_drawing() for _ in range(3)]
    for label, drawing in enumerate(drawings):
        first.keep(drawing, label)
    ending = first.close()

    second = spooling_writer(engine, folder)

    assert (ending.spooled, ending.lost) == (3, 0)
    assert until(lambda: count_drawings(engine, Filters()) == 3)
    assert [read_answer(engine, drawing.id) for drawing in drawings] == [0, 1, 2]
    assert until(lambda: list(folder.glob("*")) == [])
    second.close()


def test_stopping_with_several_words_on_one_drawing_waiting_loses_none(engine, folder):
    first = Away(engine).writer(folder)
    drawing, said = a_drawing(), words(3, None, 4, NOT_A_DIGIT, None)
    for word in said[:3]:
        first.say(drawing, word)
    assert until(lambda: lines_in(folder) >= 1)
    for word in said[3:]:  # after what is on the disk already
        first.say(drawing, word)
    first.close()

    second = spooling_writer(engine, folder)

    assert until(lambda: list(folder.glob("*")) == [])
    assert list_words(engine, drawing.id) == list(said)
    assert read_answer(engine, drawing.id) is None
    second.close()


def test_the_end_says_in_the_log_how_many_wait_and_where(sqlite_engine, folder, caplog):
    writer = Away(sqlite_engine).writer(folder)
    for _ in range(3):
        writer.keep(a_drawing(), 3)

    writer.close()

    (said,) = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert said.startswith("3 drawings are not in the store (the database is away)")
    assert str(folder) in said


def test_without_a_folder_to_write_to_the_end_says_how_many_are_lost(
    sqlite_engine, tmp_path, caplog
):
    (tmp_path / "file").touch()
    writer = Away(sqlite_engine).writer(tmp_path / "file")
    for _ in range(3):
        writer.keep(a_drawing(), 3)

    ending = writer.close()

    assert (ending.spooled, ending.lost) == (0, 3)
    assert "3 drawings are lost" in caplog.text
    assert "Give SPOOL_DIR a folder" in caplog.text


def test_an_answer_given_while_the_server_ends_is_spooled(sqlite_engine, folder):
    writer = Away(sqlite_engine).writer(folder)
    writer.close()

    writer.keep(a_drawing(), 3)

    assert lines_in(folder) == 1


def test_a_newer_reading_of_what_is_on_the_disk_is_put_there_too(sqlite_engine, folder):
    writer = Away(sqlite_engine).writer(folder)
    drawing = a_drawing()
    writer.keep(drawing)
    assert until(lambda: lines_in(folder) == 1)
    newer = a_drawing(id=drawing.id, session_id=drawing.session_id, revision=2, predicted=4)
    writer.keep(newer, 4)
    writer.close()

    second = spooling_writer(sqlite_engine, folder)
    assert until(lambda: list(folder.glob("*")) == [])
    second.close()

    (row,) = list_drawings(sqlite_engine, Filters(), limit=9)
    assert (row.predicted, row.answer) == (4, 4)


def test_the_disk_that_was_full_is_tried_again(sqlite_engine, folder):
    folder.parent.mkdir(exist_ok=True)
    folder.touch()  # a file where the folder should be
    writer = Away(sqlite_engine).writer(folder)
    writer.keep(a_drawing(), 3)
    writer.keep(a_drawing(), 4)
    assert until(lambda: writer.waiting == 2)
    folder.unlink()

    assert until(lambda: lines_in(folder) == 2)
    writer.close()


def test_writes_of_one_drawing_become_one_wherever_the_first_waits():
    waiting = Waiting()
    drawing = a_drawing()
    waiting.add(Write(drawing, (), []))
    waiting.take()
    waiting.add(Write(a_drawing(id=drawing.id, revision=2), words(3, None), []))
    waiting.set_aside()

    assert len(waiting) == 1
    waiting.add(Write(a_drawing(id=drawing.id, revision=3), words(4), []))

    (write,) = waiting.all()
    assert (write.drawing.revision, waiting.has_turn) == (3, True)
    assert [word.answer for word in write.words] == [3, None, 4]


def test_the_store_is_let_go_when_nobody_has_written_for_a_while(sqlite_engine, folder):
    writer = spooling_writer(sqlite_engine, folder, rest=partial(let_go, sqlite_engine), idle_s=0.2)
    writer.keep(a_drawing(), 3).wait(LONG_S)
    beside = Path(f"{sqlite_engine.url.database}-wal")
    was_beside = beside.exists()

    assert was_beside
    assert until(lambda: not beside.exists())
    writer.close()


def test_after_a_rest_writing_goes_on_and_rests_again(sqlite_engine, folder):
    rests: list[int] = []
    writer = spooling_writer(
        sqlite_engine, folder, rest=lambda: rests.append(writer.written), idle_s=0.1
    )
    for _ in range(2):
        writer.keep(a_drawing(), 3).wait(LONG_S)
        count = writer.written
        assert until(lambda count=count: count in rests)

    writer.close()

    assert rests[-2:] == [1, 2]
