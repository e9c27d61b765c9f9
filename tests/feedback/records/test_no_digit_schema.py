"""From the schema that knows digits only to the one that knows drawings that are none, and back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import URL, Engine, insert, text

from feedback.errors import RowRefused
from feedback.migrate import _config, head, migrate, schema_version
from feedback.records.schema import answers, drawings
from feedback.store import (
    NOT_A_DIGIT,
    Drawing,
    Filters,
    list_drawings,
    open_engine,
    read_answer,
    record_answer,
)
from tests.feedback.sample_drawings import a_drawing, answer_row, keep, row_of
from tests.postgres import settings_of, sqlite_url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "feedback.sqlite3")
    url: URL = request.getfixturevalue("empty_database_url")
    return url


def step(engine: Engine, revision: str) -> None:
    """Take the database to a revision, up or down."""
    config = _config()
    known = schema_version(engine) or "0000"
    move = command.upgrade if revision > known else command.downgrade
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        move(config, revision)


def write_as_0001(engine: Engine, drawing: Drawing, label: int | None) -> None:
    """Write a drawing as a version of Inkling does that knows the first schema only."""
    row = row_of(drawing)
    del row["is_digit"], row["pens_px"]
    with engine.begin() as connection:
        connection.execute(insert(drawings), [row])
        if label is not None:
            connection.execute(insert(answers), [answer_row(drawing, label)])


def rules_of(engine: Engine) -> dict[str, str]:
    """Return what the database says of itself: columns, rules, indexes, triggers."""
    if engine.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE sql NOT NULL"
    else:
        query = """
            SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
            FROM pg_constraint WHERE conrelid <> 0 AND connamespace = 'public'::regnamespace
            UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT attrelid::regclass || '.' || attname,
                concat(format_type(atttypid, atttypmod), ' ', attnotnull)
            FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped
            AND attrelid IN ('drawings'::regclass, 'answers'::regclass)
        """
    with engine.connect() as connection:
        rules = connection.execute(text(query)).all()
    # A table of SQLite that was renamed has its name in quotes.
    return {name: " ".join(words.replace('"', "").split()) for name, words in rules}


def test_drawings_and_answers_of_the_first_schema_stay_as_they_are(empty_url: URL):
    engine = open_engine(settings_of(empty_url))
    step(engine, "0001")
    answered, open_ = a_drawing(), a_drawing()
    write_as_0001(engine, answered, 4)
    write_as_0001(engine, open_, None)

    assert migrate(engine) is True

    rows = {row.id: row for row in list_drawings(engine, Filters(), limit=9)}
    assert {row_id: (row.is_digit, row.answer) for row_id, row in rows.items()} == {
        answered.id: (True, 4),
        open_.id: (True, None),
    }
    assert rows[answered.id].strokes == answered.strokes
    record_answer(engine, open_, NOT_A_DIGIT)
    record_answer(engine, answered, NOT_A_DIGIT)
    assert read_answer(engine, answered.id) is NOT_A_DIGIT
    engine.dispose()


def test_no_rule_of_the_first_schema_is_lost(empty_url: URL):
    def names(engine: Engine) -> set[str]:
        rules = rules_of(engine)
        return rules.keys() | set(re.findall(r"CONSTRAINT (\w+)", " ".join(rules.values())))

    engine = open_engine(settings_of(empty_url))
    step(engine, "0001")
    before = names(engine)

    migrate(engine)

    assert len(before) > 20
    # PostgreSQL 18 has a name for NOT NULL too; that one is gone on purpose.
    assert before - names(engine) <= {"answers.answers_label_not_null"}
    engine.dispose()


def test_a_version_that_knows_the_first_schema_only_goes_on_writing(engine: Engine):
    drawing = a_drawing()

    write_as_0001(engine, drawing, 4)

    (row,) = list_drawings(engine, Filters(), limit=2)
    assert (row.id, row.is_digit, row.answer) == (drawing.id, True, 4)


def test_the_way_back_to_the_first_schema_restores_it(empty_url: URL):
    engine = open_engine(settings_of(empty_url))
    step(engine, "0001")
    before = rules_of(engine)
    migrate(engine)
    keep(engine, [(a_drawing(is_digit=False), 4), (a_drawing(), None)])

    step(engine, "0001")

    with engine.connect() as connection:
        labels = connection.scalars(text("SELECT label FROM answers")).all()
        kept = connection.scalar(text("SELECT count(*) FROM drawings"))
    assert rules_of(engine) == before
    assert (labels, kept) == ([4], 2)
    engine.dispose()


def test_the_way_back_is_refused_while_an_answer_would_be_lost(engine: Engine):
    keep(engine, [(a_drawing(), NOT_A_DIGIT), (a_drawing(), 3)])

    with pytest.raises(RowRefused, match="1 answers name no digit"):
        step(engine, "0001")

    assert schema_version(engine) == head()
    assert {row.answer for row in list_drawings(engine, Filters(), limit=9)} == {NOT_A_DIGIT, 3}
