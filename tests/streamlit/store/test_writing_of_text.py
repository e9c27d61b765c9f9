"""Writing goes the way of digits: by the same writer, over outages, and through the spool."""

from __future__ import annotations

import dataclasses

from feedback.store import (
    Filters,
    Word,
    count_drawings,
    count_writings,
    find_writing,
    list_words,
    read_answer,
)
from store.receipt import State
from tests.feedback.sample_drawings import a_drawing, words
from tests.feedback.sample_writings import a_writing
from tests.streamlit.store.writers import LONG_S, Away, lines_in, spooling_writer, until


def test_writing_and_what_is_said_of_it_are_saved(engine, tmp_path):
    writer = spooling_writer(engine, tmp_path / "spool")
    writing = a_writing("He11o")

    kept = writer.keep(writing).wait(LONG_S)
    answered = writer.say(writing, Word("Hello")).wait(LONG_S)
    read = find_writing(engine, writing.id)
    taken_back = writer.say(writing, Word(None)).wait(LONG_S)

    writer.close()
    assert (kept, answered, taken_back) == (State.SAVED,) * 3
    assert read is not None
    assert (read.answer, read.truths) == ("Hello", tuple("Hello"))
    assert [word.answer for word in list_words(engine, writing.id)] == ["Hello", None]


def test_an_answer_that_is_too_long_is_refused_in_words(sqlite_engine, tmp_path):
    writer = spooling_writer(sqlite_engine, tmp_path / "spool")

    receipt = writer.say(a_writing(), Word("a" * 65))

    assert receipt.wait(LONG_S) is State.REFUSED
    writer.close()
    assert "at most 64 characters" in receipt.problem


def test_writing_waits_for_a_store_that_is_away_with_digits(sqlite_engine, tmp_path):
    away = Away(sqlite_engine)
    writer = away.writer(tmp_path / "spool")
    writing, digit = a_writing("Hallo"), a_drawing()
    receipts = [
        writer.keep(writing),
        writer.keep(digit, 7),
        writer.say(dataclasses.replace(writing, revision=2), *words("Hello")),
    ]
    assert [receipt.wait(LONG_S) for receipt in receipts] == [State.UNSAVED] * 3
    assert until(lambda: lines_in(tmp_path / "spool") >= 2)

    away.is_away = False

    assert until(lambda: all(receipt.is_kept for receipt in receipts))
    writer.close()
    assert (read_answer(sqlite_engine, writing.id), read_answer(sqlite_engine, digit.id)) == (
        "Hello",
        7,
    )


def test_writing_that_a_killed_process_left_is_written_by_the_next(sqlite_engine, tmp_path):
    away = Away(sqlite_engine)
    first = away.writer(tmp_path / "spool")
    writing = a_writing("Hallo")
    first.say(writing, *words("Hello", "Hullo"))
    assert until(lambda: lines_in(tmp_path / "spool") == 1)
    first.close()
    assert count_writings(sqlite_engine, Filters()) == 0

    second = spooling_writer(sqlite_engine, tmp_path / "spool")

    assert until(lambda: read_answer(sqlite_engine, writing.id) == "Hullo")
    second.close()
    assert count_drawings(sqlite_engine, Filters()) == 0
    assert lines_in(tmp_path / "spool") == 0
