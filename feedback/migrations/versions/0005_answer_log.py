"""Every word of an author on a drawing, in a log that is only added to.

`answers` holds what stands now, as before: a row for each drawing whose last word is an answer. The
log holds what was said and when, answers that were changed or taken back included. What stood
before this schema is in it too. A version of Inkling that knows only the schema before this one
goes on writing beside it: the database itself logs its answers.
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
    String,
    Uuid,
)

revision = "0005"
down_revision = "0004"

MOMENT = "-".join(["[0-9][0-9]" * 2, "[0-9][0-9]", "[0-9][0-9]"]) + " "
MOMENT += ":".join(["[0-9][0-9]"] * 3) + "." + "[0-9]" * 6


def upgrade() -> None:
    moment: Any = DateTime(timezone=True)
    # Its foreign key takes drawings first, then answers: as whoever writes an answer does.
    op.create_table(
        "answer_log",
        Column("id", Uuid(), primary_key=True),  # made by whoever says it: sent twice it is once
        Column("drawing_id", Uuid(), nullable=False),
        Column("session_id", Uuid(), nullable=False),
        Column("kind", String(16), nullable=False),
        Column("label", SmallInteger()),  # of an answer, null: not a digit
        Column("said_at", moment, nullable=False),
        ForeignKeyConstraint(
            ["drawing_id", "session_id"],
            ["drawings.id", "drawings.session_id"],
            name="words_are_of_the_drawings_session",
            ondelete="CASCADE",
        ),
        rule("kind_is_known", "kind IN ('answered', 'withdrawn')"),
        rule("what_is_withdrawn_has_no_label", "kind = 'answered' OR label IS NULL"),
        rule("label_is_a_digit", "label BETWEEN 0 AND 9"),
        *(sqlite_rules() if is_sqlite() else [rule("said_at_is_a_moment", "isfinite(said_at)")]),
    )
    op.create_index("answer_log_of_drawing", "answer_log", ["drawing_id", "said_at", "id"])
    for statement in SQLITE if is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Forget all that was said but what stands."""
    for statement in SQLITE_BACK if is_sqlite() else POSTGRESQL_BACK:
        op.execute(statement)
    op.drop_table("answer_log")
    if not is_sqlite():
        op.execute("DROP FUNCTION log_answer")
        op.execute("DROP FUNCTION refuse_change_of_log")


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def rule(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def sqlite_rules() -> list[CheckConstraint]:
    # SQLite's columns take any type: these rules make it as strict as PostgreSQL.
    uuids = ("id", "drawing_id", "session_id")
    return [
        *(
            rule(f"{c}_is_a_uuid", f"length({c}) = 32 AND {c} NOT GLOB '*[^0-9a-f]*'")
            for c in uuids
        ),
        rule("label_is_whole", "typeof(label) IN ('integer', 'null')"),
        rule("said_at_is_a_moment", f"said_at GLOB '{MOMENT}'"),
    ]


# The guard of answered drawings stays as it is: it asks whether an answer stands.
# An answer that nobody has logged is one of an older version's. Guards before the copy, so that
# none comes in between.
POSTGRESQL = (
    """
    CREATE FUNCTION refuse_change_of_log() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'what was said is not changed'
            USING ERRCODE = 'integrity_constraint_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER what_was_said_stays BEFORE UPDATE ON answer_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_log()
    """,
    """
    CREATE FUNCTION log_answer() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO answer_log (id, drawing_id, session_id, kind, label, said_at)
        SELECT gen_random_uuid(), NEW.drawing_id, NEW.session_id, 'answered', NEW.label,
            NEW.answered_at
        WHERE NOT EXISTS (
            SELECT FROM answer_log AS said
            WHERE said.drawing_id = NEW.drawing_id AND said.said_at = NEW.answered_at
            AND said.kind = 'answered' AND said.label IS NOT DISTINCT FROM NEW.label
        );
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER answer_is_logged AFTER INSERT ON answers
    FOR EACH ROW EXECUTE FUNCTION log_answer()
    """,
    """
    INSERT INTO answer_log (id, drawing_id, session_id, kind, label, said_at)
    SELECT gen_random_uuid(), drawing_id, session_id, 'answered', label, answered_at FROM answers
    """,
)
POSTGRESQL_BACK = ("DROP TRIGGER answer_is_logged ON answers",)
SQLITE = (
    """
    CREATE TRIGGER what_was_said_stays BEFORE UPDATE ON answer_log
    BEGIN
        SELECT RAISE(ABORT, 'what was said is not changed');
    END
    """,
    """
    CREATE TRIGGER answer_is_logged AFTER INSERT ON answers
    BEGIN
        INSERT INTO answer_log (id, drawing_id, session_id, kind, label, said_at)
        SELECT lower(hex(randomblob(16))), NEW.drawing_id, NEW.session_id, 'answered', NEW.label,
            NEW.answered_at
        WHERE NOT EXISTS (
            SELECT 1 FROM answer_log AS said
            WHERE said.drawing_id = NEW.drawing_id AND said.said_at = NEW.answered_at
            AND said.kind = 'answered' AND said.label IS NEW.label
        );
    END
    """,
    """
    INSERT INTO answer_log (id, drawing_id, session_id, kind, label, said_at)
    SELECT lower(hex(randomblob(16))), drawing_id, session_id, 'answered', label, answered_at
    FROM answers
    """,
)
SQLITE_BACK = ("DROP TRIGGER answer_is_logged",)
