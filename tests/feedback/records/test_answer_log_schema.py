"""The log of words: what the database itself refuses of it, and the step to it and back."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import URL, Engine, func, insert, null, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from feedback.migrate import migrate
from feedback.records.schema import answer_log, answers, drawings
from feedback.store import (
    NOT_A_DIGIT,
    Answer,
    Filters,
    list_drawings,
    list_words,
    open_engine,
    read_answer,
    record_words,
)
from tests.feedback.records.test_no_digit_schema import empty_url, rules_of, step
from tests.feedback.sample_drawings import a_drawing, answer_row, keep, row_of, words
from tests.postgres import settings_of

__all__ = ["empty_url"]  # a fixture


def a_row(drawing: Any, **changes: Any) -> dict[str, Any]:
    """Return an answer as a row of the log."""
    (word,) = words(3)
    usual = {"id": word.id, "kind": "answered", "label": 3, "said_at": word.said_at}
    return usual | {"drawing_id": drawing.id, "session_id": drawing.session_id} | changes


def log_size(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(answer_log)) or 0


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "whispered"},
        {"kind": null()},
        {"kind": "withdrawn", "label": 3},
        {"label": -1},
        {"label": 10},
        {"id": null()},
        {"said_at": null()},
        {"drawing_id": uuid.uuid4()},
        {"session_id": uuid.uuid4()},
    ],
)
def test_a_word_that_makes_no_sense_is_refused(engine: Engine, changes: dict[str, Any]):
    drawing = a_drawing()
    keep(engine, [(drawing, None)])

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(answer_log).values(a_row(drawing, **changes)))

    assert log_size(engine) == 0


@pytest.mark.parametrize("column", ["kind", "label", "said_at", "id"])
def test_no_word_is_ever_changed(engine: Engine, column: str):
    drawing = a_drawing()
    said = words(3)
    record_words(engine, drawing, said)
    other = {"kind": "withdrawn", "label": 4, "id": uuid.uuid4(), "said_at": drawing.created_at}

    with pytest.raises(IntegrityError, match="not changed"), engine.begin() as connection:
        connection.execute(update(answer_log).values({column: other[column]}))

    assert list_words(engine, drawing.id) == list(said)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", "'not a uuid'"),
        ("session_id", "7"),
        ("label", "'three'"),
        ("label", "3.5"),
        ("said_at", "'yesterday'"),
    ],
)
def test_sqlite_is_as_strict_about_types_of_a_word(sqlite_engine: Engine, column: str, value: str):
    drawing = a_drawing()
    keep(sqlite_engine, [(drawing, 3)])
    columns = ["id", "drawing_id", "session_id", "kind", "label", "said_at"]
    taken = ", ".join(
        value if name == column else "lower(hex(randomblob(16)))" if name == "id" else name
        for name in columns
    )

    with pytest.raises(DBAPIError), sqlite_engine.begin() as connection:
        connection.execute(
            text(f"INSERT INTO answer_log ({', '.join(columns)}) SELECT {taken} FROM answer_log")
        )


def write_as_0004(engine: Engine, answer: Answer | None) -> Any:
    """Write a drawing as a version of Inkling does that knows no log."""
    drawing = a_drawing()
    with engine.begin() as connection:
        connection.execute(insert(drawings), [row_of(drawing)])
        if answer is not None:
            connection.execute(insert(answers), [answer_row(drawing, answer)])
    return drawing


def test_what_stood_before_there_was_a_log_is_in_it(empty_url: URL):
    engine = open_engine(settings_of(empty_url))
    step(engine, "0004")
    made = {answer: write_as_0004(engine, answer) for answer in (4, NOT_A_DIGIT, None)}

    migrate(engine)

    assert {row.id: row.answer for row in list_drawings(engine, Filters(), limit=9)} == {
        drawing.id: answer for answer, drawing in made.items()
    }
    for answer, drawing in made.items():
        said = [(word.answer, word.said_at) for word in list_words(engine, drawing.id)]
        when = answer_row(drawing, 0)["answered_at"]
        assert said == ([] if answer is None else [(answer, when)])
    record_words(engine, made[4], words(5))
    assert read_answer(engine, made[4].id) == 5
    engine.dispose()


@pytest.mark.parametrize("answer", [4, NOT_A_DIGIT])
def test_an_answer_of_a_version_that_knows_no_log_is_logged(engine: Engine, answer: Answer):
    drawing = write_as_0004(engine, answer)

    (word,) = list_words(engine, drawing.id)

    assert (word.answer, word.said_at) == (answer, answer_row(drawing, answer)["answered_at"])


def test_the_way_back_keeps_what_stands(empty_url: URL):
    engine = open_engine(settings_of(empty_url))
    step(engine, "0004")
    before = rules_of(engine)
    migrate(engine)
    changed, taken_back = a_drawing(), a_drawing()
    record_words(engine, changed, words(7, 1))
    record_words(engine, taken_back, words(7, None))

    step(engine, "0004")

    assert rules_of(engine) == before
    assert {row.id: row.answer for row in list_drawings(engine, Filters(), limit=9)} == {
        changed.id: 1,
        taken_back.id: None,
    }
    migrate(engine)
    assert [word.answer for word in list_words(engine, changed.id)] == [1]
    engine.dispose()
