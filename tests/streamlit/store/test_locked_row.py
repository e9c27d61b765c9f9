"""One row that cannot be written holds up nobody else's."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing

import pytest
from sqlalchemy import Engine, text

from feedback.errors import StoreUnavailable
from feedback.store import (
    Filters,
    check_writable,
    count_drawings,
    list_drawings,
    read_answer,
    record_drawing,
    record_words,
)
from store.receipt import State
from tests.feedback.sample_drawings import a_drawing
from tests.streamlit.store.writers import LONG_S, lines_in, spooling_writer, until


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "spool"


class Stubborn:
    """A store in which the drawings that it is told of cannot be written: locked by somebody."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.locked: set[object] = set()
        self.tries: list[object] = []

    def record(self, drawing, words=()):
        self.tries.append(drawing.id)
        if drawing.id in self.locked:
            raise StoreUnavailable("somebody holds this row")
        if not words:
            return record_drawing(self.engine, drawing)
        return record_words(self.engine, drawing, words)


@pytest.fixture
def stubborn(sqlite_engine):
    return Stubborn(sqlite_engine)


@pytest.fixture
def writer(stubborn, folder):
    made = spooling_writer(
        stubborn.engine,
        folder,
        record_drawing=stubborn.record,
        record_words=stubborn.record,
        chores_every_s=3600,
    )
    yield made
    made.close()


def test_others_are_saved_while_one_row_is_locked(postgres_engine, folder):
    locked, others = a_drawing(), [a_drawing() for _ in range(5)]
    record_drawing(postgres_engine, locked)
    writer = spooling_writer(postgres_engine, folder)
    newer = a_drawing(id=locked.id, session_id=locked.session_id, revision=2)
    with postgres_engine.connect() as holder:
        holder.execute(text("SELECT 1 FROM drawings FOR UPDATE"))

        held_up = writer.keep(newer, 3)
        started = time.monotonic()
        receipts = [writer.keep(drawing, 4) for drawing in others]
        states = [receipt.wait(LONG_S) for receipt in receipts]
        took_s = time.monotonic() - started
        problem = writer.problem
        is_set_aside = until(lambda: held_up.state is State.SET_ASIDE)

    assert states == [State.SAVED] * 5
    assert took_s < 3.5  # one try of a second, on a busy machine
    assert problem is None
    assert is_set_aside
    writer.close()


def test_what_was_set_aside_is_written_once_its_row_is_free(postgres_engine, folder):
    locked = a_drawing()
    record_drawing(postgres_engine, locked)
    writer = spooling_writer(postgres_engine, folder)
    newer = a_drawing(id=locked.id, session_id=locked.session_id, revision=2)
    with postgres_engine.connect() as holder:
        holder.execute(text("SELECT 1 FROM drawings FOR UPDATE"))
        receipt = writer.keep(newer, 3)
        assert until(lambda: receipt.state is State.SET_ASIDE)

    assert until(lambda: receipt.state is State.SAVED)
    assert read_answer(postgres_engine, locked.id) == 3
    writer.close()


def test_a_write_that_fails_goes_behind_the_others_and_is_set_aside_after_three_tries(
    stubborn, writer, folder, caplog
):
    locked, others = a_drawing(), [a_drawing() for _ in range(3)]
    stubborn.locked = {locked.id}
    with writer._changed:  # all of them wait before the first is taken
        receipts = [writer.keep(drawing, 3) for drawing in (locked, *others)]

    assert until(lambda: receipts[0].state is State.SET_ASIDE)
    assert stubborn.tries[:4] == [locked.id, *(drawing.id for drawing in others)]
    assert stubborn.tries.count(locked.id) == 3
    assert [receipt.state for receipt in receipts[1:]] == [State.SAVED] * 3
    assert receipts[0].problem == "somebody holds this row"
    # The log follows once the author has been told.
    assert until(lambda: "set aside after 3 tries: somebody holds this row" in caplog.text)
    assert until(lambda: lines_in(folder) == 1)


def test_what_was_set_aside_can_be_tried_again_by_its_author(stubborn, writer, folder):
    locked = a_drawing()
    stubborn.locked = {locked.id}
    receipt = writer.keep(locked, 3)
    assert until(lambda: receipt.state is State.SET_ASIDE)
    stubborn.locked.clear()

    again = writer.keep(locked, 3)

    assert again.wait(LONG_S) is State.SAVED
    assert receipt.state is State.SAVED
    assert until(lambda: list(folder.glob("*")) == [])


def test_what_was_set_aside_outlives_the_server(stubborn, folder, sqlite_engine):
    locked = a_drawing()
    stubborn.locked = {locked.id}
    first = spooling_writer(sqlite_engine, folder, record_words=stubborn.record)
    receipt = first.keep(locked, 3)
    assert until(lambda: receipt.state is State.SET_ASIDE)
    ending = first.close()

    second = spooling_writer(sqlite_engine, folder)

    assert ending.spooled == 1
    assert until(lambda: count_drawings(sqlite_engine, Filters()) == 1)
    second.close()


def test_a_locked_row_in_the_spool_does_not_keep_the_others_there(stubborn, folder, sqlite_engine):
    made = [a_drawing() for _ in range(4)]
    stubborn.locked = {made[0].id}
    first = spooling_writer(sqlite_engine, folder, check=_away)
    for drawing in made:
        first.keep(drawing, 3)
    first.close()

    second = spooling_writer(sqlite_engine, folder, record_words=stubborn.record)
    assert until(lambda: count_drawings(sqlite_engine, Filters()) == 3)
    stubborn.locked.clear()
    assert until(lambda: count_drawings(sqlite_engine, Filters()) == 4)
    second.close()

    assert [stubborn.tries.count(drawing.id) for drawing in made[1:]] == [1, 1, 1]


def _away() -> None:
    raise StoreUnavailable("the database is away")


def test_a_store_that_only_reads_counts_as_away(postgres_engine):
    with postgres_engine.connect() as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        connection.commit()
    postgres_engine.dispose()

    with pytest.raises(StoreUnavailable):
        check_writable(postgres_engine)


def test_a_file_that_another_program_holds_counts_as_away(sqlite_engine, folder):
    writer = spooling_writer(sqlite_engine, folder)
    writer.keep(a_drawing(), 3).wait(LONG_S)
    file = str(sqlite_engine.url.database)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waits = writer.keep(a_drawing(), 4)
        is_away = until(lambda: writer.problem is not None)
        state = waits.state
        other.execute("ROLLBACK")

    assert (is_away, state) == (True, State.UNSAVED)
    assert until(lambda: waits.state is State.SAVED)
    writer.close()


def test_checking_writes_nothing(engine):
    check_writable(engine)

    assert count_drawings(engine, Filters()) == 0


def test_a_drawing_whose_writer_waits_for_a_lock_is_written_once(postgres_engine, folder):
    drawing = a_drawing()
    first = spooling_writer(postgres_engine, folder)
    second = spooling_writer(postgres_engine, folder.with_name("other"))
    threads = [threading.Thread(target=w.keep, args=(drawing, 3)) for w in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first.close(LONG_S)
    second.close(LONG_S)

    assert [row.answer for row in list_drawings(postgres_engine, Filters(), limit=9)] == [3]
