"""Drawings, their authors' answers, and the rules of both."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import (
    ARRAY,
    JSON,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

PNG_SIGNATURE = "89504e470d0a1a0a"
MOMENT = "-".join(["[0-9][0-9]" * 2, "[0-9][0-9]", "[0-9][0-9]"]) + " "
MOMENT += ":".join(["[0-9][0-9]"] * 3) + "." + "[0-9]" * 6


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    moment: Any = DateTime(timezone=True)
    probabilities: Any = JSON() if sqlite else ARRAY(Double())
    strokes: Any = JSON() if sqlite else JSONB()
    op.create_table(
        "drawings",
        Column("id", Uuid(), primary_key=True),
        Column("session_id", Uuid(), nullable=False),
        Column("created_at", moment, nullable=False),
        Column("updated_at", moment, nullable=False),
        Column("source", String(16), nullable=False),
        Column("weights_version", String(200), nullable=False),
        Column("revision", Integer(), nullable=False),
        Column("predicted", SmallInteger(), nullable=False),
        Column("confidence", Double(), nullable=False),
        Column("probabilities", probabilities, nullable=False),
        Column("ink_png", LargeBinary(), nullable=False),
        Column("strokes", strokes),
        Column("prediction_ms", Double(), nullable=False),
        UniqueConstraint("id", "session_id", name="drawings_id_session_id"),
        rule("source_is_known", "source IN ('canvas', 'upload', 'api')"),
        rule("weights_version_is_named", "length(weights_version) BETWEEN 1 AND 200"),
        rule("revision_counts_up", "revision BETWEEN 0 AND 2147483647"),
        rule("predicted_is_a_digit", "predicted BETWEEN 0 AND 9"),
        rule("confidence_is_a_share", "confidence BETWEEN 0 AND 1"),
        rule("prediction_ms_is_under_an_hour", "prediction_ms BETWEEN 0 AND 3600000"),
        rule("ink_png_is_small", "length(ink_png) BETWEEN 8 AND 65536"),
        *(sqlite_drawing_rules() if sqlite else postgresql_drawing_rules()),
    )
    op.create_table(
        "answers",
        Column("drawing_id", Uuid(), primary_key=True),
        Column("session_id", Uuid(), nullable=False),
        Column("label", SmallInteger(), nullable=False),
        Column("answered_at", moment, nullable=False),
        ForeignKeyConstraint(
            ["drawing_id", "session_id"],
            ["drawings.id", "drawings.session_id"],
            name="answers_are_of_the_drawings_session",
        ),
        rule("label_is_a_digit", "label BETWEEN 0 AND 9"),
        *(sqlite_answer_rules() if sqlite else [finite("answered_at")]),
    )
    op.create_index("drawings_of_session", "drawings", ["session_id", "created_at", "id"])
    op.create_index("drawings_weights_version", "drawings", ["weights_version"])
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("answers")
    op.drop_table("drawings")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_answered_drawing")


def rule(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def finite(column: str) -> CheckConstraint:
    return rule(f"{column}_is_a_moment", f"isfinite({column})")


def postgresql_drawing_rules() -> list[CheckConstraint]:
    return [
        finite("created_at"),
        finite("updated_at"),
        rule("ink_png_is_a_png", f"encode(substr(ink_png, 1, 8), 'hex') = '{PNG_SIGNATURE}'"),
        rule("strokes_are_a_list", "jsonb_typeof(strokes) = 'array'"),
        rule(
            "probabilities_are_ten",
            "cardinality(probabilities) = 10 AND array_position(probabilities, NULL) IS NULL"
            " AND 0 <= ALL (probabilities) AND 1 >= ALL (probabilities)",
        ),
    ]


def sqlite_drawing_rules() -> list[CheckConstraint]:
    # SQLite's columns take any type: these rules make it as strict as PostgreSQL.
    shares = " AND ".join(
        f"coalesce(json_extract(probabilities, '$[{digit}]'), -1) BETWEEN 0 AND 1"
        for digit in range(10)
    )
    return [
        *uuids("id", "session_id"),
        *whole("revision", "predicted"),
        *real("confidence", "prediction_ms"),
        *moments("created_at", "updated_at"),
        rule("ink_png_is_bytes", "typeof(ink_png) = 'blob'"),
        rule("ink_png_is_a_png", f"hex(substr(ink_png, 1, 8)) = '{PNG_SIGNATURE.upper()}'"),
        rule("strokes_are_a_list", "json_type(strokes) = 'array'"),
        rule("probabilities_are_ten", f"json_array_length(probabilities) = 10 AND {shares}"),
    ]


def sqlite_answer_rules() -> list[CheckConstraint]:
    return [*uuids("drawing_id", "session_id"), *whole("label"), *moments("answered_at")]


def uuids(*columns: str) -> list[CheckConstraint]:
    return [
        rule(f"{c}_is_a_uuid", f"length({c}) = 32 AND {c} NOT GLOB '*[^0-9a-f]*'") for c in columns
    ]


def whole(*columns: str) -> list[CheckConstraint]:
    return [rule(f"{c}_is_whole", f"typeof({c}) = 'integer'") for c in columns]


def real(*columns: str) -> list[CheckConstraint]:
    return [rule(f"{c}_is_a_number", f"typeof({c}) = 'real'") for c in columns]


def moments(*columns: str) -> list[CheckConstraint]:
    return [rule(f"{c}_is_a_moment", f"{c} GLOB '{MOMENT}'") for c in columns]


# The first index holds all that statistics read, newest first: ink and strokes make the rows
# wide, so that counting over the rows themselves would read gigabytes. The trigger keeps an
# answered drawing as it was when it was answered.
POSTGRESQL = (
    """
    CREATE INDEX drawings_newest ON drawings (created_at, id)
    INCLUDE (source, weights_version, session_id, predicted, confidence)
    """,
    # How many groups the statistics come to: without it the planner sorts a million rows.
    """
    CREATE STATISTICS drawings_utc_day
    ON (CAST(created_at AT TIME ZONE 'UTC' AS date)) FROM drawings
    """,
    """
    CREATE STATISTICS drawings_confidence_bin
    ON (least(floor(confidence * 20)::int, 19)) FROM drawings
    """,
    # Reading only the index needs freshly vacuumed pages.
    """
    ALTER TABLE drawings SET (
        autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02
    )
    """,
    """
    CREATE FUNCTION refuse_change_of_answered_drawing() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM answers WHERE drawing_id = OLD.id) THEN
            RAISE EXCEPTION 'an answered drawing is closed'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER answered_drawing_is_closed BEFORE UPDATE ON drawings
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_answered_drawing()
    """,
)
SQLITE = (
    """
    CREATE INDEX drawings_newest ON drawings
        (created_at, id, source, weights_version, session_id, predicted, confidence)
    """,
    """
    CREATE TRIGGER answered_drawing_is_closed BEFORE UPDATE ON drawings
    WHEN EXISTS (SELECT 1 FROM answers WHERE drawing_id = OLD.id)
    BEGIN
        SELECT RAISE(ABORT, 'an answered drawing is closed');
    END
    """,
)
