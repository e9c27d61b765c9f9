"""Writing is kept as digits are: one row however often it was read, and what stands of it."""

from __future__ import annotations

import dataclasses
import itertools
import uuid
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, func, select

from feedback.records.checking import check_writable
from feedback.records.writing_schema import writing_answers, writing_characters, writing_log
from feedback.store import (
    NOT_A_DIGIT,
    AnswerOutcome,
    Filters,
    RowRefused,
    Writing,
    count_drawings,
    count_writings,
    find_writing,
    list_words,
    list_writings,
    read_answer,
    record_answer,
    record_drawing,
    record_words,
    withdraw_answer,
)
from tests.feedback.sample_drawings import a_drawing, words
from tests.feedback.sample_writings import a_character, a_writing

SAVED, OVERTAKEN = AnswerOutcome.SAVED, AnswerOutcome.OVERTAKEN


def kept(engine: Engine, writing: Writing) -> Writing:
    """Return the writing as the store holds it."""
    row = find_writing(engine, writing.id)
    return Writing(**{name: getattr(row, name) for name in Writing.__dataclass_fields__})


def size(engine: Engine, table) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("changes", [{}, {"strokes": None, "pens_px": None}, {"is_writing": False}])
def test_writing_comes_back_as_it_was_sent(engine: Engine, changes):
    writing = a_writing("two\nrows 12", **changes)

    record_drawing(engine, writing)

    assert kept(engine, writing) == writing
    assert count_drawings(engine, Filters()) == 0


def test_a_single_character_comes_back_with_its_likeliest_ten(engine: Engine):
    shares = {label: 0.5 / (place + 1) for place, label in enumerate("O0oQDCGUaec")}
    writing = a_writing("O", kind="character", characters=(a_character("O", probabilities=shares),))

    record_drawing(engine, writing)

    (character,) = kept(engine, writing).characters
    assert list(character.probabilities.items()) == list(shares.items())[:10]


def test_a_newer_revision_brings_its_own_characters(engine: Engine):
    first = a_writing("Hello", revision=1)
    second = dataclasses.replace(
        a_writing("Hi", id=first.id, session_id=first.session_id), revision=2
    )

    record_drawing(engine, first)
    record_drawing(engine, second)
    record_drawing(engine, first)

    assert kept(engine, first) == second
    assert size(engine, writing_characters) == 2


def test_numbers_out_of_arrays_are_numbers(engine: Engine):
    half = np.float32(0.5)
    character = a_character(
        "7", confidence=half, probabilities={"7": half}, box=(half, half, half, half)
    )
    writing = a_writing(
        "7", characters=(character,), confidence=half, is_writing=np.bool_(True), sure=np.bool_(0)
    )

    record_drawing(engine, writing)

    found = kept(engine, writing)
    assert (found.confidence, found.is_writing, found.sure) == (0.5, True, False)
    assert found.characters[0].box == (0.5, 0.5, 0.5, 0.5)


def test_another_session_cannot_overwrite_writing_or_answer_it(engine: Engine):
    writing = a_writing()
    record_drawing(engine, writing)
    other = dataclasses.replace(writing, revision=9, session_id=uuid.uuid4())

    for refused in (
        lambda: record_drawing(engine, other),
        lambda: record_words(engine, other, words("Hello")),
        lambda: withdraw_answer(engine, writing.id, other.session_id),
    ):
        with pytest.raises(RowRefused, match="another session"):
            refused()

    assert kept(engine, writing) == writing
    assert size(engine, writing_log) == 0


def test_characters_that_are_not_the_texts_are_refused(engine: Engine):
    with pytest.raises(RowRefused, match="those of its text"):
        record_drawing(engine, dataclasses.replace(a_writing("Hello"), text="Hallo"))

    assert count_writings(engine, Filters()) == 0


def test_an_answer_tells_what_the_characters_are(engine: Engine):
    writing = a_writing("He11o")

    outcome = record_answer(engine, writing, " Hello ")

    row = find_writing(engine, writing.id)
    assert outcome is SAVED
    assert row is not None
    assert (row.answer, row.truths) == ("Hello", tuple("Hello"))
    with engine.connect() as connection:
        edits, kind = connection.execute(
            select(writing_answers.c.edits, writing_answers.c.text_kind)
        ).one()
    assert (edits, kind) == (2, "capitalised")


def test_a_later_answer_tells_otherwise_and_what_is_taken_back_tells_nothing(engine: Engine):
    writing, said = a_writing("cot"), words("cat", "cöt", NOT_A_DIGIT, None)
    told = []

    for word in said:
        record_words(engine, writing, [word])
        row = find_writing(engine, writing.id)
        assert row is not None
        told.append((row.answer, row.truths))

    nothing = (None, None, None)
    assert told == [
        ("cat", tuple("cat")),
        ("cöt", tuple("cöt")),
        (NOT_A_DIGIT, nothing),
        (None, ()),
    ]
    assert list_words(engine, writing.id) == list(said)
    assert size(engine, writing_answers) == 0
    with engine.connect() as connection:
        assert set(connection.scalars(select(writing_characters.c.truth))) == {None}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("said", [("a", "b", None), ("a", None, "b"), ("a", None, NOT_A_DIGIT)])
def test_the_last_word_by_its_time_stands_in_whatever_order_they_arrive(
    sqlite_engine: Engine, said, order
):
    writing, in_order = a_writing(), words(*said)

    for place in order:
        record_words(sqlite_engine, writing, [in_order[place]])

    assert read_answer(sqlite_engine, writing.id) == said[-1]
    assert list_words(sqlite_engine, writing.id) == list(in_order)


def test_a_word_that_comes_too_late_changes_nothing(engine: Engine):
    writing = a_writing()
    earlier, later = words("Hallo", "Hello")
    record_words(engine, writing, [later])

    assert record_words(engine, writing, [earlier]) is OVERTAKEN
    assert read_answer(engine, writing.id) == "Hello"


def test_an_answer_closes_writing_until_it_is_taken_back(engine: Engine):
    writing = a_writing("Hello", revision=1)
    newer = a_writing("Jello", id=writing.id, session_id=writing.session_id, revision=2)
    record_answer(engine, writing, "Hello")

    record_drawing(engine, newer)
    closed = kept(engine, writing).text
    withdraw_answer(engine, writing.id, writing.session_id)
    record_drawing(engine, newer)

    assert (closed, kept(engine, writing).text) == ("Hello", "Jello")


def test_an_answer_to_a_newer_revision_is_compared_with_that(engine: Engine):
    writing = a_writing("cot", revision=1)
    newer = a_writing("cat", id=writing.id, session_id=writing.session_id, revision=2)
    record_answer(engine, writing, "cot")

    record_answer(engine, newer, "cat")

    row = find_writing(engine, writing.id)
    assert row is not None
    assert (row.text, row.answer, row.truths) == ("cat", "cat", tuple("cat"))


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("", "at least one character"),
        (" \n\t", "at least one character"),
        ("a" * 65, "at most 64 characters, and this one has 65"),
        ("a\0b", "no control characters"),
        (7, "answered with its text"),
    ],
)
def test_an_answer_that_is_no_text_is_refused_in_words(engine: Engine, answer, why):
    with pytest.raises(RowRefused, match=why):
        record_answer(engine, a_writing(), answer)

    assert (count_writings(engine, Filters()), size(engine, writing_log)) == (0, 0)


def test_a_digit_is_not_answered_with_a_text(engine: Engine):
    with pytest.raises(RowRefused, match="answered with a digit"):
        record_answer(engine, a_drawing(), "7")

    assert count_drawings(engine, Filters()) == 0


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("a" * 64, "a" * 64),
        ("  two \n words\t", "two words"),
        ("cafe\u0301", "café"),
        ("=1+1", "=1+1"),
    ],
)
def test_an_answer_is_kept_as_one_line(engine: Engine, said, held):
    writing = a_writing()

    record_answer(engine, writing, said)

    assert read_answer(engine, writing.id) == held


def test_pages_of_writing_follow_each_other_newest_first(engine: Engine):
    first = a_writing().created_at
    made = [a_writing(created_at=first + timedelta(minutes=n)) for n in range(5)]
    for writing in made:
        record_drawing(engine, writing)
    record_drawing(engine, a_writing("x", kind="character", created_at=first))

    page = list_writings(engine, Filters(), limit=3)
    rest = list_writings(engine, Filters(), limit=9, before=(page[-1].created_at, page[-1].id))

    assert [row.id for row in page] == [one.id for one in made[:1:-1]]
    assert len(rest) == 3
    assert count_writings(engine, Filters(), "character") == 1
    assert len(list_writings(engine, Filters(), limit=9, kind="character")) == 1


def test_a_store_that_takes_writing_says_so(engine: Engine):
    check_writable(engine)

    assert count_writings(engine, Filters()) == 0
