"""The embedded store is one file, whole, whenever nobody writes to it."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, text

from feedback.connection.embedded import let_go
from feedback.store import Filters, count_drawings, record_answer, record_drawing
from tests.feedback.sample_drawings import a_drawing


def answers_in_a_copy(engine: Engine, folder: Path) -> int:
    """Copy the store's one file, as a person would, and count what is in it."""
    folder.mkdir(exist_ok=True)
    copy = Path(shutil.copy(str(engine.url.database), folder / "copy.sqlite3"))
    with closing(sqlite3.connect(copy)) as connection:
        return int(connection.execute("SELECT count(*) FROM answers").fetchone()[0])


def test_a_store_that_is_let_go_is_whole_in_its_one_file(sqlite_engine, tmp_path):
    for number in range(10):
        record_answer(sqlite_engine, a_drawing(), number)
    before = answers_in_a_copy(sqlite_engine, tmp_path / "before")

    let_go(sqlite_engine)

    assert before == 0  # what this is about: all of it was beside the file
    assert answers_in_a_copy(sqlite_engine, tmp_path / "after") == 10


def test_a_store_that_is_let_go_has_nothing_beside_it(sqlite_engine):
    record_answer(sqlite_engine, a_drawing(), 3)

    let_go(sqlite_engine)

    file = Path(str(sqlite_engine.url.database))
    assert not file.with_name(file.name + "-wal").exists()


def test_a_store_that_was_let_go_is_used_again(engine):
    record_drawing(engine, a_drawing())
    let_go(engine)

    record_drawing(engine, a_drawing())

    assert count_drawings(engine, Filters()) == 2


def test_a_reader_does_not_hold_up_letting_go_for_long(sqlite_engine, tmp_path):
    record_answer(sqlite_engine, a_drawing(), 3)
    with sqlite_engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM drawings"))
        started = time.monotonic()

        let_go(sqlite_engine)

        took_s = time.monotonic() - started
    assert took_s < 3
    assert count_drawings(sqlite_engine, Filters()) == 1


def test_letting_go_of_a_store_that_was_never_used_makes_no_file(sqlite_engine, tmp_path):
    file = Path(str(sqlite_engine.url.database))
    file.unlink()

    let_go(sqlite_engine)

    assert not file.exists()
