"""What the database itself refuses, tried past the store's own functions."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, insert, null, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from feedback.records.schema import answers, drawings
from feedback.store import NOT_A_DIGIT
from tests.feedback.sample_drawings import INK_PNG, a_drawing, answer_row, keep, row_of

NOT_A_NUMBER = float("nan")
REFUSED_DRAWINGS = [
    ("predicted", -1),
    ("predicted", 10),
    ("confidence", -0.001),
    ("confidence", 1.001),
    ("confidence", NOT_A_NUMBER),
    ("probabilities", [0.1] * 9),
    ("probabilities", [0.1] * 11),
    ("probabilities", []),
    ("probabilities", [0.1] * 9 + [1.1]),
    ("probabilities", [0.1] * 9 + [-0.1]),
    ("probabilities", [0.1] * 9 + [None]),
    ("source", "fax"),
    ("source", ""),
    ("weights_version", ""),
    ("weights_version", "v" * 201),
    ("revision", -1),
    ("prediction_ms", -0.1),
    ("prediction_ms", float("inf")),
    ("prediction_ms", NOT_A_NUMBER),
    ("ink_png", b""),
    ("ink_png", b"GIF89a" * 20),
    ("ink_png", INK_PNG[:7]),
    ("ink_png", INK_PNG + b"\0" * 65536),
    ("strokes", {"x": [1]}),
    ("strokes", "scribble"),
    ("strokes", [[[1], [2]]] * 101),
    ("strokes", [[[1] * 2501, [2] * 2501]] * 2),
    ("strokes", [[[1, 2], [3]]]),
    ("strokes", [[[], []], [[1], [2]]]),
    ("strokes", [[[1], [2], [3]]]),
    ("strokes", [[1, 2], [3, 4]]),
    ("strokes", [[["1"], ["2"]], [[1], [2]]]),
    ("strokes", [[[256], [0]], [[1], [2]]]),
    ("strokes", [[[0], [-1]], [[1], [2]]]),
    ("pens_px", [18]),  # for two strokes
    ("pens_px", [18, 65]),
    ("pens_px", [18, 0.5]),
    ("pens_px", [18, "18"]),
    ("pens_px", 18),
]
NOT_NULL = [column.name for column in drawings.c if not column.nullable]
ANSWER_NOT_NULL = [column.name for column in answers.c if not column.nullable]


def count(engine: Engine, table: Any) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def test_what_makes_sense_is_kept(engine: Engine):
    drawing = a_drawing()

    keep(engine, [(drawing, 0), (a_drawing(strokes=None), 9), (a_drawing(strokes=[]), None)])
    keep(engine, [(a_drawing(is_digit=False), NOT_A_DIGIT)])

    assert (count(engine, drawings), count(engine, answers)) == (4, 3)


@pytest.mark.parametrize(
    ("strokes", "pens_px"),
    [
        ([[[0, 255], [255, 0]]], [1]),
        ([[[0, 255], [255, 0]]], [64]),
        ([[[1], [2]]] * 100, [17.5] * 100),
        ([[[1] * 5000, [2] * 5000]], None),
    ],
)
def test_the_ends_of_what_strokes_may_be_are_kept(engine: Engine, strokes: Any, pens_px: Any):
    keep(engine, [(a_drawing(strokes=strokes, pens_px=pens_px), 3)])

    assert count(engine, drawings) == 1


@pytest.mark.parametrize("confidence", [0.0, 1.0])
@pytest.mark.parametrize("digit", [0, 9])
def test_the_ends_of_every_range_are_kept(engine: Engine, digit: int, confidence: float):
    drawing = a_drawing(
        predicted=digit,
        confidence=confidence,
        probabilities=(confidence,) * 10,
        prediction_ms=0.0,
        revision=0,
    )

    keep(engine, [(drawing, digit)])

    assert count(engine, answers) == 1


@pytest.mark.parametrize(("column", "value"), REFUSED_DRAWINGS)
def test_a_drawing_that_makes_no_sense_is_refused_new_or_changed(
    engine: Engine, column: str, value: Any
):
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(insert(drawings), [row_of(a_drawing()) | {column: value}])

    assert count(engine, drawings) == 0

    keep(engine, [(a_drawing(), None)])
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(update(drawings).values({column: value}))


@pytest.mark.parametrize("column", NOT_NULL)
def test_a_drawing_lacks_nothing_but_strokes_and_their_pens(engine: Engine, column: str):
    row = row_of(a_drawing())
    row[column] = null()

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(drawings).values(row))


@pytest.mark.parametrize("column", ANSWER_NOT_NULL)
def test_an_answer_lacks_nothing_but_a_label(engine: Engine, column: str):
    drawing = a_drawing()
    keep(engine, [(drawing, None)])
    row = answer_row(drawing, 3)
    row[column] = null()

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(answers).values(row))


def test_a_second_drawing_with_the_same_id_is_refused(engine: Engine):
    drawing = a_drawing()
    keep(engine, [(drawing, None)])

    with pytest.raises(IntegrityError):
        keep(engine, [(a_drawing(id=drawing.id), None)])


@pytest.mark.parametrize("label", [-1, 10])
def test_an_answer_that_is_no_digit_is_refused(engine: Engine, label: int):
    with pytest.raises(IntegrityError, match="label_is_a_digit"):
        keep(engine, [(a_drawing(), label)])

    assert count(engine, answers) == 0


def test_a_second_answer_is_refused(engine: Engine):
    drawing = a_drawing()
    keep(engine, [(drawing, 3)])

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(answers).values(answer_row(drawing, 4)))

    assert count(engine, answers) == 1


def test_an_answer_without_its_drawing_is_refused(engine: Engine):
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(answers).values(answer_row(a_drawing(), 4)))


def test_an_answer_from_another_session_is_refused(engine: Engine):
    drawing = a_drawing()
    keep(engine, [(drawing, None)])
    row = answer_row(drawing, 4) | {"session_id": uuid.uuid4()}

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(answers).values(row))

    assert count(engine, answers) == 0


def test_an_answered_drawing_cannot_be_deleted_from_under_its_answer(engine: Engine):
    keep(engine, [(a_drawing(), 3)])

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(delete(drawings))


def test_an_answered_drawing_is_closed(engine: Engine):
    keep(engine, [(a_drawing(predicted=7), 3)])

    with (
        pytest.raises(IntegrityError, match="an answered drawing is closed"),
        engine.begin() as connection,
    ):
        connection.execute(update(drawings).values(predicted=3))


def test_an_endless_moment_is_refused(postgres_engine: Engine):
    keep(postgres_engine, [(a_drawing(), None)])

    for column in ("created_at", "updated_at"):
        with pytest.raises(IntegrityError), postgres_engine.begin() as connection:
            connection.execute(text(f"UPDATE drawings SET {column} = 'infinity'"))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", "'not a uuid'"),
        ("id", "'ABCDEF0123456789ABCDEF0123456789'"),
        ("session_id", "7"),
        ("created_at", "'yesterday'"),
        ("created_at", "'2026-01-02T03:04:05+00:00'"),
        ("updated_at", "1767323045"),
        ("predicted", "3.5"),
        ("predicted", "'three'"),
        ("is_digit", "2"),
        ("is_digit", "0.5"),
        ("is_digit", "'maybe'"),
        ("revision", "1.5"),
        ("confidence", "'high'"),
        ("prediction_ms", "'long'"),
        ("ink_png", "'text'"),
        ("strokes", "'not json'"),
        ("probabilities", "'not json'"),
    ],
)
def test_sqlite_is_as_strict_about_types(sqlite_engine: Engine, column: str, value: str):
    keep(sqlite_engine, [(a_drawing(), None)])

    with pytest.raises(DBAPIError), sqlite_engine.begin() as connection:
        connection.execute(text(f"UPDATE drawings SET {column} = {value}"))


@pytest.mark.parametrize("label", ["3.5", "'three'", "x'03'"])
def test_sqlite_is_as_strict_about_a_label(sqlite_engine: Engine, label: str):
    keep(sqlite_engine, [(a_drawing(), 3)])

    with pytest.raises(DBAPIError), sqlite_engine.begin() as connection:
        connection.execute(text(f"UPDATE answers SET label = {label}"))


def test_a_moment_comes_back_in_utc(engine: Engine):
    moment = datetime.fromisoformat("2026-07-01T23:30:00.000001-05:00")
    keep(engine, [(a_drawing(created_at=moment), None)])

    with engine.connect() as connection:
        kept = connection.scalar(select(drawings.c.created_at))

    assert kept == moment
    assert kept.tzinfo is UTC


def test_a_moment_without_its_time_zone_is_refused(engine: Engine):
    with pytest.raises(Exception, match="needs its time zone"):
        keep(engine, [(a_drawing(created_at=datetime(2026, 7, 1)), None)])
