"""What the database itself refuses of writing, and the step to 0007 and back."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import URL, Engine, delete, func, insert, null, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from feedback.migrate import migrate
from feedback.records.writing_schema import (
    writing_answers,
    writing_characters,
    writing_log,
    writings,
)
from feedback.store import (
    NOT_A_DIGIT,
    DrawingDeleted,
    Filters,
    count_writings,
    delete_drawings,
    find_writing,
    list_words,
    open_engine,
    read_answer,
    record_answer,
    record_drawing,
    record_words,
)
from tests.feedback.records.test_no_digit_schema import empty_url, rules_of, step
from tests.feedback.sample_drawings import INK_PNG, a_drawing, keep, words
from tests.feedback.sample_writings import a_writing
from tests.postgres import settings_of

__all__ = ["empty_url"]  # a fixture

NOT_A_NUMBER = float("nan")
MOMENT = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("source", "fax"),
        ("kind", "poem"),
        ("kind", "character"),  # of more than one
        ("alphabet", "runes"),
        ("weights_version", ""),
        ("revision", -1),
        ("text", "a" * 401),
        ("confidence", 1.001),
        ("confidence", NOT_A_NUMBER),
        ("prediction_ms", -0.1),
        ("width_px", 0),
        ("height_px", 100_001),
        ("ink_png", b"GIF89a" * 20),
        ("ink_png", INK_PNG + b"\0" * 262_144),
        ("strokes", "scribble"),
        ("strokes", [[[1], [2]]] * 401),
        ("strokes", [[[1] * 10_001, [2] * 10_001]] * 2),
        ("strokes", [[[1, 2], [3]], [[1], [2]]]),
        ("strokes", [[[4096], [0]], [[1], [2]]]),
        ("strokes", [[[0], [-1]], [[1], [2]]]),
        ("pens_px", [18]),  # for two strokes
        ("pens_px", [18, 65]),
        *((column.name, None) for column in writings.c if not column.nullable),
    ],
)
def test_writing_that_makes_no_sense_is_refused(engine: Engine, column: str, value: Any):
    record_drawing(engine, a_writing())
    given = null() if value is None else value

    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(update(writings).values({column: given}))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("position", -1),
        ("position", 400),
        ("label", ""),
        ("label", "ab"),
        ("label", " "),
        ("truth", "ab"),
        ("truth", " "),
        ("confidence", -0.1),
        ("probabilities", []),
        ("probabilities", {}),
        ("probabilities", {"a": 1.1}),
        ("probabilities", {"a": "much"}),
        ("probabilities", {"ab": 0.5}),
        ("probabilities", dict.fromkeys("abcdefghijk", 0.05)),
        ("left", 1e6),
        ("right", -1.0),  # left of `left`
        ("bottom", -1.0),
        ("ink_png", b"text"),
        *((column.name, None) for column in writing_characters.c if not column.nullable),
    ],
)
def test_a_character_that_makes_no_sense_is_refused(engine: Engine, column: str, value: Any):
    record_drawing(engine, a_writing("H"))
    given = null() if value is None else value

    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(update(writing_characters).values({column: given}))


def answer_row(writing: Any, **changes: Any) -> dict[str, Any]:
    usual = {"writing_id": writing.id, "session_id": writing.session_id, "answered_at": MOMENT}
    return usual | {"text": "Hello", "edits": 0, "text_kind": "capitalised"} | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"text": ""},
        {"text": " Hello"},
        {"text": "a" * 65},
        {"text": null()},  # compared with nothing
        {"edits": -1},
        {"edits": null()},
        {"text_kind": "poem"},
        {"text_kind": null()},
        {"answered_at": null()},
        {"writing_id": uuid.uuid4()},
        {"session_id": uuid.uuid4()},
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(engine: Engine, changes: dict[str, Any]):
    writing = a_writing()
    record_drawing(engine, writing)

    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(insert(writing_answers).values(answer_row(writing, **changes)))

    assert read_answer(engine, writing.id) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "whispered"},
        {"kind": "withdrawn"},  # with a text
        {"text": ""},
        {"text": "a" * 65},
        {"said_at": null()},
        {"writing_id": uuid.uuid4()},
        {"session_id": uuid.uuid4()},
    ],
)
def test_a_word_that_makes_no_sense_is_refused(engine: Engine, changes: dict[str, Any]):
    writing = a_writing()
    record_drawing(engine, writing)
    usual = {"id": uuid.uuid4(), "writing_id": writing.id, "session_id": writing.session_id}
    usual |= {"kind": "answered", "text": "Hello", "said_at": MOMENT}

    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(insert(writing_log).values(usual | changes))

    assert list_words(engine, writing.id) == []


def test_no_word_of_writing_is_ever_changed(engine: Engine):
    writing, said = a_writing(), words("Hello")
    record_words(engine, writing, said)

    with pytest.raises(IntegrityError, match="not changed"), engine.begin() as connection:
        connection.execute(update(writing_log).values(text="Hallo"))

    assert list_words(engine, writing.id) == list(said)


@pytest.mark.parametrize(
    "change",
    [
        update(writings).values(text="Hallo"),
        update(writing_characters).values(truth="x"),
        delete(writing_characters),
    ],
)
def test_answered_writing_is_closed_with_its_characters(engine: Engine, change: Any):
    writing = a_writing("Hello")
    record_answer(engine, writing, "Hello")

    with pytest.raises(IntegrityError, match="is closed"), engine.begin() as connection:
        connection.execute(change)

    row = find_writing(engine, writing.id)
    assert row is not None
    assert (row.text, row.truths) == ("Hello", tuple("Hello"))


def test_answered_writing_cannot_be_deleted_from_under_its_answer(engine: Engine):
    record_answer(engine, a_writing(), "Hello")

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(delete(writings))


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("writings", "id", "'not a uuid'"),
        ("writings", "text", "x'41'"),
        ("writings", "is_writing", "2"),
        ("writings", "sure", "'maybe'"),
        ("writings", "created_at", "'yesterday'"),
        ("writings", "width_px", "1.5"),
        ("writings", "strokes", "'not json'"),
        ("writing_characters", "confidence", "'high'"),
        ("writing_characters", "probabilities", "'not json'"),
        ("writing_characters", '"left"', "'far'"),
        ("writing_characters", "truth", "x'41'"),
    ],
)
def test_sqlite_is_as_strict_about_types(
    sqlite_engine: Engine, table: str, column: str, value: str
):
    record_drawing(sqlite_engine, a_writing())

    with pytest.raises(DBAPIError), sqlite_engine.begin() as connection:
        connection.execute(text(f"UPDATE {table} SET {column} = {value}"))


def test_the_step_to_writing_and_back_leaves_digits_as_they_were(empty_url: URL):
    engine = open_engine(settings_of(empty_url))
    step(engine, "0006")
    before = rules_of(engine)
    migrate(engine)
    digit, said = a_drawing(), words(7, NOT_A_DIGIT, 1)
    record_words(engine, digit, said)
    record_answer(engine, a_writing(), "Hello")
    gone = a_writing()
    record_drawing(engine, gone)
    delete_drawings(engine, [gone.id], session_id=None)

    step(engine, "0006")

    assert rules_of(engine) == before
    with engine.connect() as connection:
        labels = list(connection.scalars(text("SELECT label FROM answers")))
    assert (labels, list_words(engine, digit.id)) == ([1], list(said))
    migrate(engine)
    assert count_writings(engine, Filters()) == 0
    with pytest.raises(DrawingDeleted):  # the marks are the digits', and stay
        record_drawing(engine, gone)
    engine.dispose()


def test_a_filled_store_of_the_schema_before_goes_on(empty_url: URL):
    engine = open_engine(settings_of(empty_url))
    step(engine, "0006")
    made = [(a_drawing(), answer) for answer in (3, NOT_A_DIGIT, None)]
    keep(engine, made)

    migrate(engine)

    assert [read_answer(engine, drawing.id) for drawing, _ in made] == [3, NOT_A_DIGIT, None]
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(writings)) == 0
    engine.dispose()
