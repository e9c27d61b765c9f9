"""What is deleted stays deleted: ids that no write brings back, however late it comes.

A write can wait for hours, in the memory of a server or in its spool. The database itself refuses
it afterwards, whichever version of Inkling sends it. Only random ids and times are kept here.
"""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import CheckConstraint, Column, DateTime, Uuid

revision = "0003"
down_revision = "0002"

MOMENT = "-".join(["[0-9][0-9]" * 2, "[0-9][0-9]", "[0-9][0-9]"]) + " "
MOMENT += ":".join(["[0-9][0-9]"] * 3) + "." + "[0-9]" * 6


def upgrade() -> None:
    make_table("deleted_drawings", "drawing_id")
    make_table("deleted_sessions", "session_id")
    for statement in SQLITE if is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Forget what was deleted: what still waits somewhere can come back from then on."""
    if is_sqlite():
        op.execute("DROP TRIGGER deleted_drawing_stays_deleted")
    else:
        op.execute("DROP TRIGGER deleted_drawing_stays_deleted ON drawings")
        op.execute("DROP FUNCTION refuse_deleted_drawing")
    op.drop_table("deleted_sessions")
    op.drop_table("deleted_drawings")


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def make_table(name: str, key: str) -> None:
    moment: Any = DateTime(timezone=True)
    rules = {"deleted_at_is_a_moment": "isfinite(deleted_at)"}
    if is_sqlite():
        rules = {
            f"{key}_is_a_uuid": f"length({key}) = 32 AND {key} NOT GLOB '*[^0-9a-f]*'",
            "deleted_at_is_a_moment": f"deleted_at GLOB '{MOMENT}'",
        }
    op.create_table(
        name,
        Column(key, Uuid(), primary_key=True),
        Column("deleted_at", moment, nullable=False),
        *(CheckConstraint(condition, name=rule) for rule, condition in rules.items()),
    )


# Of a deleted session only what it drew until then: whoever goes on drawing is kept again.
IS_DELETED = """
    EXISTS (SELECT 1 FROM deleted_drawings WHERE drawing_id = NEW.id)
    OR EXISTS (
        SELECT 1 FROM deleted_sessions
        WHERE session_id = NEW.session_id AND deleted_at >= NEW.created_at
    )
"""
POSTGRESQL = (
    f"""
    CREATE FUNCTION refuse_deleted_drawing() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {IS_DELETED} THEN
            RAISE EXCEPTION 'a deleted drawing stays deleted'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER deleted_drawing_stays_deleted BEFORE INSERT ON drawings
    FOR EACH ROW EXECUTE FUNCTION refuse_deleted_drawing()
    """,
)
SQLITE = (
    f"""
    CREATE TRIGGER deleted_drawing_stays_deleted BEFORE INSERT ON drawings
    WHEN {IS_DELETED}
    BEGIN
        SELECT RAISE(ABORT, 'a deleted drawing stays deleted');
    END
    """,
)
