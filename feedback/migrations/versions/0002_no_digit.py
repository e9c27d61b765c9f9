"""Drawings that are no digit: what the network said of that, and what their authors say.

A version of Inkling that knows only 0001 goes on writing beside this schema: its drawings count as
accepted. It cannot chart an answer that names no digit, so its Statistics fail from the first such
answer on until it is replaced. On PostgreSQL everyone waits while the index is made anew, some
seconds for a million drawings.
"""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    SmallInteger,
    Uuid,
    text,
)

from feedback.errors import RowRefused

revision = "0002"
down_revision = "0001"

MOMENT = "-".join(["[0-9][0-9]" * 2, "[0-9][0-9]", "[0-9][0-9]"]) + " "
MOMENT += ":".join(["[0-9][0-9]"] * 3) + "." + "[0-9]" * 6


def upgrade() -> None:
    # Drawings first: whoever writes an answer takes the tables in this order.
    for statement in SQLITE if is_sqlite() else POSTGRESQL:
        op.execute(statement)
    if is_sqlite():
        remake_answers(label_may_be_null=True)


def downgrade() -> None:
    """Raise RowRefused, and change nothing, while an answer is there that 0001 cannot hold."""
    lost = op.get_bind().scalar(text("SELECT count(*) FROM answers WHERE label IS NULL"))
    if lost:
        raise RowRefused(
            f"{lost} answers name no digit, which schema 0001 cannot hold: export them, delete "
            "them, then downgrade"
        )
    if is_sqlite():
        remake_answers(label_may_be_null=False)
    for statement in SQLITE_BACK if is_sqlite() else POSTGRESQL_BACK:
        op.execute(statement)


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def remake_answers(*, label_may_be_null: bool) -> None:
    """Make SQLite's table of answers anew: a column there cannot learn or unlearn NOT NULL.

    The trigger on drawings names this table, and is away while there is none of that name.
    """
    moment: Any = DateTime(timezone=True)
    whole = "IN ('integer', 'null')" if label_may_be_null else "= 'integer'"
    op.execute("DROP TRIGGER answered_drawing_is_closed")
    op.create_table(
        "answers_anew",
        Column("drawing_id", Uuid(), primary_key=True),
        Column("session_id", Uuid(), nullable=False),
        Column("label", SmallInteger(), nullable=label_may_be_null),
        Column("answered_at", moment, nullable=False),
        ForeignKeyConstraint(
            ["drawing_id", "session_id"],
            ["drawings.id", "drawings.session_id"],
            name="answers_are_of_the_drawings_session",
        ),
        rule("label_is_a_digit", "label BETWEEN 0 AND 9"),  # no label is no digit
        rule("drawing_id_is_a_uuid", uuid("drawing_id")),
        rule("session_id_is_a_uuid", uuid("session_id")),
        rule("label_is_whole", f"typeof(label) {whole}"),
        rule("answered_at_is_a_moment", f"answered_at GLOB '{MOMENT}'"),
    )
    op.execute(
        "INSERT INTO answers_anew (drawing_id, session_id, label, answered_at) "
        "SELECT drawing_id, session_id, label, answered_at FROM answers"
    )
    op.drop_table("answers")
    op.rename_table("answers_anew", "answers")
    op.execute(TRIGGER)


def rule(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def uuid(column: str) -> str:
    return f"length({column}) = 32 AND {column} NOT GLOB '*[^0-9a-f]*'"


TRIGGER = """
    CREATE TRIGGER answered_drawing_is_closed BEFORE UPDATE ON drawings
    WHEN EXISTS (SELECT 1 FROM answers WHERE drawing_id = OLD.id)
    BEGIN
        SELECT RAISE(ABORT, 'an answered drawing is closed');
    END
"""
# What stands in the index is all that statistics read: they count refusals too now.
POSTGRESQL_INDEX = """
    CREATE INDEX drawings_newest ON drawings (created_at, id)
    INCLUDE (source, weights_version, session_id, predicted, confidence{more})
"""
SQLITE_INDEX = """
    CREATE INDEX drawings_newest ON drawings
        (created_at, id, source, weights_version, session_id, predicted, confidence{more})
"""
POSTGRESQL = (
    "ALTER TABLE drawings ADD COLUMN is_digit boolean NOT NULL DEFAULT true",
    "ALTER TABLE answers ALTER COLUMN label DROP NOT NULL",
    "DROP INDEX drawings_newest",
    POSTGRESQL_INDEX.format(more=", is_digit"),
)
POSTGRESQL_BACK = (
    "DROP INDEX drawings_newest",
    "ALTER TABLE drawings DROP COLUMN is_digit",
    "ALTER TABLE answers ALTER COLUMN label SET NOT NULL",
    POSTGRESQL_INDEX.format(more=""),
)
SQLITE = (
    """
    ALTER TABLE drawings ADD COLUMN is_digit BOOLEAN DEFAULT 1 NOT NULL
        CONSTRAINT is_digit_is_true_or_false CHECK (is_digit IN (0, 1))
    """,
    "DROP INDEX drawings_newest",
    SQLITE_INDEX.format(more=", is_digit"),
)
SQLITE_BACK = (
    "DROP INDEX drawings_newest",
    "ALTER TABLE drawings DROP COLUMN is_digit",
    SQLITE_INDEX.format(more=""),
)
