"""Whether rows can be written now, without writing one."""

from __future__ import annotations

from sqlalchemy import Engine, false, insert, select

from feedback.connection.engine import transaction
from feedback.records.schema import answer_log, answers, drawings
from feedback.records.writing_schema import (
    writing_answers,
    writing_characters,
    writing_log,
    writings,
)

TABLES = (
    drawings,
    answers,
    answer_log,
    writings,
    writing_characters,
    writing_answers,
    writing_log,
)


def check_writable(engine: Engine) -> None:
    """Return when the store takes rows; raise `StoreUnavailable` within 5 s when it does not.

    Asks for what a write asks for: a PostgreSQL that may only be read refuses it, and an embedded
    store whose file another program holds.
    """
    with transaction(engine, writes=True) as connection:
        for table in TABLES:
            nothing = select(table).where(false())
            connection.execute(insert(table).from_select(list(table.c), nothing))
