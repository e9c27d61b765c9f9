"""What is counted of writing is what its authors said of it, in both databases."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Engine

from feedback.queries.writing_statistics import rate_interval
from feedback.statistics import (
    WritingVerdict,
    read_statistics,
    read_writing_statistics,
    wilson_interval,
)
from feedback.store import (
    NOT_A_DIGIT,
    Filters,
    export_writing_rows,
    record_answer,
    record_drawing,
)
from tests.feedback.sample_drawings import a_drawing
from tests.feedback.sample_writings import a_writing


def answered(engine: Engine, *pairs, **changes):
    for read, right in pairs:
        record_answer(engine, a_writing(read, **changes), right)


def test_texts_are_counted_by_what_became_of_them(engine: Engine):
    answered(engine, ("Hello", "Hello"), ("He11o", "Hello"), ("scribble", NOT_A_DIGIT))
    answered(engine, ("cat", "cat"), ("x", NOT_A_DIGIT), is_writing=False, sure=False)
    record_drawing(engine, a_writing("open", sure=False))

    counted = read_writing_statistics(engine, Filters())

    assert (counted.drawings, counted.refused, counted.sure) == (6, 2, 3)
    assert counted.verdicts == dict.fromkeys(WritingVerdict, 1)
    assert (counted.answers, counted.named, counted.read_right) == (5, 3, 1)
    assert (counted.sure_answered, counted.sure_right) == (3, 1)
    assert (counted.edits, counted.characters) == (2, 10)  # what was refused was not read


def test_kinds_of_drawings_do_not_mix(engine: Engine):
    answered(engine, ("Hello", "Hello"))
    answered(engine, ("O", "0"), kind="character")
    record_answer(engine, a_drawing(predicted=7), 7)

    texts = read_writing_statistics(engine, Filters())
    characters = read_writing_statistics(engine, Filters(), "character")
    digits = read_statistics(engine, Filters())

    assert (texts.drawings, texts.read_right) == (1, 1)
    assert (characters.drawings, characters.read_right) == (1, 0)
    assert (digits.drawings, digits.read_right) == (1, 1)


def test_texts_are_grouped_by_kind_and_length(engine: Engine):
    answered(engine, ("12", "12"), ("345", "346"), ("Hello", "Hello"), ("A1b2c3d4e5", "A1b2c3d4e5"))

    counted = read_writing_statistics(engine, Filters())

    assert counted.by_kind == (("number", 2, 1), ("capitalised", 1, 1), ("code", 1, 1))
    assert counted.by_length == (("1 to 3", 2, 1), ("4 to 6", 1, 1), ("10 or more", 1, 1))


def test_the_worst_pairs_come_first_each_with_how_often_it_was_written(engine: Engine):
    answered(engine, ("O1", "01"), ("O", "0"), ("0", "0"), ("l", "1"))
    answered(engine, ("O", "0"), is_writing=False)

    counted = read_writing_statistics(engine, Filters())

    assert counted.worst == (("0", "O", 2, 3), ("1", "l", 1, 2))


def test_an_empty_store_counts_nothing(engine: Engine):
    counted = read_writing_statistics(engine, Filters())

    assert (counted.drawings, counted.answers, counted.error_rate) == (0, 0, None)
    assert (counted.error_interval, counted.by_kind, counted.worst) == (None, (), ())


def test_the_reliability_counts_each_answered_text_that_was_read(engine: Engine):
    answered(engine, ("a", "a"), ("b", "c"), confidence=0.95)
    answered(engine, ("a", "a"), confidence=1.0)

    bins = read_writing_statistics(engine, Filters()).reliability

    assert [(row.accepted, row.read_right) for row in bins if row.accepted] == [(3, 2)]
    assert bins[-1].mean_confidence == pytest.approx(2.9 / 3)


def test_the_interval_of_the_error_rate_is_wider_where_mistakes_come_together():
    # Ten texts of ten characters with ten mistakes: one each, or all in one text.
    apart = rate_interval(10, 100, 10, (10.0, 100.0, 1000.0))
    together = rate_interval(10, 100, 10, (100.0, 100.0, 1000.0))

    assert apart is not None
    assert together is not None
    assert apart[0] < 0.1 < apart[1]
    assert together[1] - together[0] > apart[1] - apart[0]
    assert 0 <= together[0] < 0.1 < together[1] <= 1


def test_the_interval_without_a_mistake_is_that_of_as_many_characters_as_texts():
    assert rate_interval(0, 100, 10, (0.0, 0.0, 1000.0)) == pytest.approx(wilson_interval(0, 10))


def test_every_text_is_a_row_of_the_export(engine: Engine):
    writing = a_writing("=1\n2")
    record_answer(engine, writing, "=1 3")
    record_answer(engine, a_writing("zz"), NOT_A_DIGIT)

    rows = {row["text"]: row for row in export_writing_rows(engine, Filters())}

    row = rows["=1\n2"]
    assert (row["answer"], row["answered_with"], row["verdict"]) == ("=1 3", "text", "misread")
    assert [one["truth"] for one in json.loads(row["characters"])] == ["=", "1", "3"]
    assert str(writing.session_id) not in str(row)
    assert rows["zz"]["answered_with"] == "no writing"
