"""The trace that an outage leaves in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest

from store.outages import Outages
from store.writer import Writer
from tests.feedback.sample_drawings import a_drawing
from tests.streamlit.store.writers import LONG_S, Away

WHY = "PostgreSQL db, database inkling: nothing answers at its address"


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outages(clock: Clock, caplog: pytest.LogCaptureFixture) -> Outages:
    caplog.set_level(logging.INFO, "store.outages")
    return Outages(clock)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [f"{record.levelname} {record.getMessage()}" for record in caplog.records]


def test_a_store_that_goes_away_is_one_line_that_says_why(outages, caplog):
    for _ in range(10):
        outages.away(WHY, 3)

    assert lines(caplog) == [f"ERROR the store is away: {WHY}; 3 drawings wait"]


def test_an_outage_is_a_line_a_minute(outages, clock, caplog):
    outages.away(WHY, 1)
    for _ in range(90):  # as the writer checks: every 2 s, for three minutes
        clock.now_s += 2
        outages.away("it did not answer in time", 2)

    assert lines(caplog)[1:] == [
        f"WARNING the store has been away for {s} s: it did not answer in time; 2 drawings wait"
        for s in (60, 120, 180)
    ]


def test_a_store_that_is_back_is_one_line_once_what_waited_is_written(outages, clock, caplog):
    outages.away(WHY, 2)
    clock.now_s += 75
    outages.answers(2)
    outages.settled(is_written=True)
    before = len(caplog.records)
    outages.settled(is_written=True)
    outages.settled(is_written=True)  # one that did not wait
    outages.answers(0)

    assert before == 1
    assert lines(caplog)[1:] == ["INFO the store is back after 75 s; 2 drawings were written"]


def test_what_the_store_refuses_is_not_counted_as_written(outages, caplog):
    outages.away(WHY, 2)
    outages.answers(2)
    outages.settled(is_written=False)
    outages.settled(is_written=True)

    assert lines(caplog)[1:] == ["INFO the store is back after 0 s; 1 drawing was written"]


def test_a_store_that_answers_and_takes_nothing_has_not_been_back(outages, clock, caplog):
    for _ in range(20):
        outages.away(WHY, 1)
        outages.answers(1)
        clock.now_s += 2

    assert len(caplog.records) == 1


def test_a_second_outage_is_told_anew(outages, caplog):
    for _ in range(2):
        outages.away(WHY, 0)
        outages.answers(0)

    assert [line.split()[0] for line in lines(caplog)] == ["ERROR", "INFO", "ERROR", "INFO"]


def test_a_store_that_was_never_away_leaves_no_line(outages, caplog):
    outages.answers(5)
    outages.settled(is_written=True)

    assert caplog.records == []


@pytest.fixture
def away(sqlite_engine) -> Away:
    return Away(sqlite_engine)


@pytest.fixture
def open_writer(away: Away, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], Writer]]:
    """A function that opens one in the test itself, whose log then has its first check."""
    caplog.set_level(logging.INFO)
    made: list[Writer] = []

    def opened() -> Writer:
        made.append(
            Writer(
                check=away.check,
                record_drawing=away.record,
                record_words=away.record,
                check_every_s=3600,
            )
        )
        return made[-1]

    yield opened
    for writer in made:
        writer.close()


def test_the_writer_s_outage_is_in_the_log_without_a_drawing_or_a_session(
    away, open_writer, caplog
):
    writer = open_writer()
    drawings = [a_drawing() for _ in range(3)]
    writer.check_now(LONG_S)
    for drawing in drawings:
        writer.keep(drawing, 3).wait(LONG_S)
    away.is_away = False
    writer.check_now(LONG_S)
    writer.close(LONG_S)

    assert [line.rpartition(" after ")[0] or line for line in lines(caplog)] == [
        "ERROR the store is away: the database is away; 0 drawings wait",
        "INFO the store is back",
    ]
    assert lines(caplog)[-1].endswith("; 3 drawings were written")
    assert writer.written == 3
    for drawing in drawings:
        assert str(drawing.id) not in caplog.text
        assert str(drawing.session_id) not in caplog.text


def test_a_look_finds_a_store_that_went_away_while_nobody_drew(away, open_writer, monkeypatch):
    writer = open_writer()
    monkeypatch.setattr("store.writer.FRESH_S", 0.0)
    away.is_away = False
    first = writer.check_now(LONG_S)
    away.is_away = True

    assert first is None
    assert writer.look(LONG_S) == "the database is away"
    assert writer.problem == "the database is away"


def test_a_look_asks_the_store_no_more_often_than_every_two_seconds(away, open_writer):
    writer = open_writer()
    away.is_away = False
    writer.check_now(LONG_S)
    checks = away.checks

    assert [writer.look(LONG_S) for _ in range(50)] == [None] * 50
    assert away.checks == checks


def test_a_drawing_that_the_store_refuses_is_not_named_in_the_log(sqlite_engine, caplog):
    away = Away(sqlite_engine)
    away.is_away = False
    drawing = a_drawing(confidence=1.5)
    writer = Writer(check=away.check, record_drawing=away.record, record_words=away.record)

    writer.keep(drawing).wait(LONG_S)
    writer.close(LONG_S)

    assert "a drawing is not kept: the store refuses this row" in caplog.text
    assert str(drawing.id) not in caplog.text
    assert str(drawing.session_id) not in caplog.text


def test_an_unknown_failure_is_in_the_log_without_its_words(caplog):
    def fail(*_: object) -> None:
        raise RuntimeError("sec" + "ret")  # a traceback shows this line, and not what it makes

    writer = Writer(check=lambda: None, record_drawing=fail, record_words=fail)

    writer.keep(a_drawing()).wait(LONG_S)
    writer.close(LONG_S)

    assert "a drawing is not kept: RuntimeError" in caplog.text
    assert "test_outages.py" in caplog.text  # where
    assert "secret" not in caplog.text
