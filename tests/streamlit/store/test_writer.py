"""The background writer over a real store."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import URL, Engine

from feedback.connection.engine import open_engine
from feedback.migrate import migrate
from feedback.store import (
    Filters,
    check_connection,
    count_drawings,
    list_drawings,
    list_words,
    read_answer,
    record_drawing,
    record_words,
)
from store.receipt import State
from store.writer import Writer
from tests.feedback.sample_drawings import a_drawing, words
from tests.postgres import settings_of
from tests.postgres_server import PostgresServer
from tests.streamlit.store.writers import Away

LONG_S = 10.0


def writer_of(engine: Engine, *, check_every_s: float = 0.05, migrates: bool = False) -> Writer:
    return Writer(
        check=partial(migrate if migrates else check_connection, engine),
        record_drawing=partial(record_drawing, engine),
        record_words=partial(record_words, engine),
        check_every_s=check_every_s,
    )


@pytest.fixture
def writer(engine: Engine) -> Iterator[Writer]:
    made = writer_of(engine)
    yield made
    made.close()


def test_a_saved_drawing_is_in_the_store(engine, writer):
    drawing = a_drawing()

    state = writer.keep(drawing).wait(LONG_S)

    assert state is State.SAVED
    assert [row.id for row in list_drawings(engine, Filters(), limit=9)] == [drawing.id]


def test_a_saved_answer_is_in_the_store(engine, writer):
    drawing = a_drawing()

    state = writer.keep(drawing, 3).wait(LONG_S)

    assert state is State.SAVED
    assert read_answer(engine, drawing.id) == 3


def test_another_answer_takes_the_place_of_the_first(engine, writer):
    drawing = a_drawing()
    writer.keep(drawing, 3).wait(LONG_S)

    state = writer.keep(drawing, 4).wait(LONG_S)

    assert state is State.SAVED
    assert read_answer(engine, drawing.id) == 4


def test_an_answer_that_is_taken_back_stands_no_more(engine, writer):
    drawing = a_drawing()
    said = words(3, None)
    writer.say(drawing, said[0]).wait(LONG_S)

    state = writer.say(drawing, said[1]).wait(LONG_S)

    assert state is State.SAVED
    assert read_answer(engine, drawing.id) is None
    assert list_words(engine, drawing.id) == list(said)


def test_what_was_said_before_something_that_stands_is_kept_and_said_to_be_overtaken(
    engine, writer
):
    drawing = a_drawing()
    earlier, later = words(3, 4)
    writer.say(drawing, later).wait(LONG_S)

    receipt = writer.say(drawing, earlier)

    assert receipt.wait(LONG_S) is State.OVERTAKEN
    assert receipt.is_kept
    assert read_answer(engine, drawing.id) == 4
    assert list_words(engine, drawing.id) == [earlier, later]


def test_what_the_store_s_rules_refuse_is_said_and_blocks_nobody(engine, writer):
    refused = writer.keep(a_drawing(confidence=1.5))
    other = writer.keep(a_drawing())

    assert other.wait(LONG_S) is State.SAVED
    assert refused.wait(LONG_S) is State.REFUSED
    assert refused.problem


def test_the_first_write_finds_a_migrated_store(tmp_path):
    url = URL.create("sqlite+pysqlite", database=str(tmp_path / "new.sqlite3"))
    engine = open_engine(settings_of(url))
    writer = writer_of(engine, migrates=True)

    state = writer.keep(a_drawing()).wait(LONG_S)

    assert state is State.SAVED
    writer.close()
    engine.dispose()


@pytest.fixture
def away(sqlite_engine: Engine) -> Away:
    return Away(sqlite_engine)


@pytest.fixture
def paused(away: Away) -> Iterator[Writer]:
    """A writer that found its store away, and looks again only when asked to."""
    made = Writer(
        check=away.check,
        record_drawing=away.record,
        record_words=away.record,
        check_every_s=3600,
    )
    made.keep(a_drawing()).wait(LONG_S)
    yield made
    made.close()


def test_after_a_failure_nothing_is_sent_until_a_check_succeeds(away, paused):
    receipts = [paused.keep(a_drawing()) for _ in range(20)]

    assert {receipt.wait(0) for receipt in receipts} == {State.UNSAVED}
    assert {receipt.problem for receipt in receipts} == {"the database is away"}
    assert away.writes == 0


def test_all_that_waited_is_saved_once_the_store_is_back(away, paused):
    receipts = [paused.keep(a_drawing(), label) for label in range(10)]
    away.is_away = False

    problem = paused.check_now(LONG_S)

    paused.close(LONG_S)
    assert problem is None
    assert {receipt.state for receipt in receipts} == {State.SAVED}
    assert count_drawings(away.engine, Filters()) == 11


def test_a_check_that_fails_again_says_what_is_wrong(away, paused):
    assert paused.check_now(LONG_S) == "the database is away"


def test_of_one_drawing_only_the_newest_reading_waits(away, paused):
    drawing = a_drawing()
    for revision in (1, 3, 2):
        paused.keep(a_drawing(id=drawing.id, revision=revision, predicted=revision))
    away.is_away = False
    paused.check_now(LONG_S)
    paused.close()

    kept = {row.id: row for row in list_drawings(away.engine, Filters(), limit=9)}

    assert kept[drawing.id].predicted == 3
    assert away.writes == 2


def test_all_that_was_said_while_the_store_was_away_is_kept_in_order(away, paused):
    drawing, said = a_drawing(), words(5, 6, None, 7)
    paused.keep(drawing)
    receipts = [paused.say(drawing, word) for word in said]
    away.is_away = False
    paused.check_now(LONG_S)
    paused.close()

    assert {receipt.state for receipt in receipts} == {State.SAVED}
    assert list_words(away.engine, drawing.id) == list(said)
    assert read_answer(away.engine, drawing.id) == 7


def test_a_word_that_is_sent_again_waits_once(away, paused):
    drawing, (word,) = a_drawing(), words(5)
    for _ in range(200):
        paused.say(drawing, word)
    away.is_away = False
    paused.check_now(LONG_S)
    paused.close()

    assert list_words(away.engine, drawing.id) == [word]


def test_more_than_anybody_says_of_one_drawing_is_refused_while_it_waits(paused):
    drawing = a_drawing()

    receipts = [paused.say(drawing, word) for word in words(*[1, None] * 51)]

    assert [receipt.state for receipt in receipts[:100]] == [State.UNSAVED] * 100
    assert [receipt.state for receipt in receipts[100:]] == [State.REFUSED] * 2


def test_checks_go_on_by_themselves(sqlite_engine):
    away = Away(sqlite_engine)
    writer = Writer(
        check=away.check,
        record_drawing=away.record,
        record_words=away.record,
        check_every_s=0.02,
    )
    receipt = writer.keep(a_drawing())
    receipt.wait(LONG_S)
    away.is_away = False

    deadline = time.monotonic() + LONG_S
    while not receipt.is_kept and time.monotonic() < deadline:
        time.sleep(0.01)

    assert receipt.state is State.SAVED
    assert writer.problem is None
    writer.close()


def test_closing_writes_what_still_waits(sqlite_engine):
    writer = writer_of(sqlite_engine)
    receipts = [writer.keep(a_drawing()) for _ in range(30)]

    writer.close(LONG_S)

    assert {receipt.state for receipt in receipts} == {State.SAVED}
    assert count_drawings(sqlite_engine, Filters()) == 30


def test_many_sessions_may_write_at_once(engine, writer):
    receipts: list = []

    def draw() -> None:
        receipts.extend(writer.keep(a_drawing()) for _ in range(10))

    threads = [threading.Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    states = {receipt.wait(LONG_S) for receipt in receipts}

    assert states == {State.SAVED}
    assert count_drawings(engine, Filters()) == 80


def test_a_server_killed_and_restarted_loses_no_answer():
    server = PostgresServer(durable=True)
    server.start()
    engine = open_engine(settings_of(server.url()))
    migrate(engine)
    writer = writer_of(engine)
    drawings = [a_drawing() for _ in range(6)]
    try:
        before = [writer.keep(drawing, 1).wait(LONG_S) for drawing in drawings[:3]]
        server.kill()
        during = [writer.keep(drawing, 2).wait(LONG_S) for drawing in drawings[3:]]
        server.start()
        problem = writer.check_now(LONG_S)
        writer.close(LONG_S)

        assert before == [State.SAVED] * 3
        assert during == [State.UNSAVED] * 3
        assert problem is None
        assert [read_answer(engine, d.id) for d in drawings] == [1, 1, 1, 2, 2, 2]
    finally:
        writer.close()
        engine.dispose()
        server.close()
