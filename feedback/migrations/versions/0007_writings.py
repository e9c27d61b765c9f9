"""Drawings that are read as writing, or as one character: beside digits, in tables of their own.

A version of Inkling that knows only the schema before this one goes on writing digits beside it.
What is deleted stays deleted by the same marks as digits have.
"""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import (
    JSON,
    Boolean,
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

from feedback.migrations.guards_of_writings import POSTGRESQL, POSTGRESQL_BACK, SQLITE

revision = "0007"
down_revision = "0006"

PNG_SIGNATURE = "89504e470d0a1a0a"
MOMENT = "-".join(["[0-9][0-9]" * 2, "[0-9][0-9]", "[0-9][0-9]"]) + " "
MOMENT += ":".join(["[0-9][0-9]"] * 3) + "." + "[0-9]" * 6
KINDS_OF_TEXT = (
    "'number', 'lower case', 'capitals', 'capitalised', 'mixed case', 'code', 'several words', "
    "'other'"
)


def upgrade() -> None:
    make_writings()
    make_characters()
    make_answers()
    make_log()
    for statement in SQLITE if is_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Forget all writing, with what was said of it."""
    for table in ("writing_log", "writing_answers", "writing_characters", "writings"):
        op.drop_table(table)
    if not is_sqlite():
        for statement in POSTGRESQL_BACK:
            op.execute(statement)


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def make_writings() -> None:
    # Wide columns come last: SQLite walks over all that stands before a column that is asked for.
    strokes: Any = JSON() if is_sqlite() else JSONB()
    op.create_table(
        "writings",
        Column("id", Uuid(), primary_key=True),
        Column("session_id", Uuid(), nullable=False),
        Column("created_at", moment(), nullable=False),
        Column("updated_at", moment(), nullable=False),
        Column("source", String(16), nullable=False),
        Column("kind", String(16), nullable=False),
        Column("alphabet", String(16), nullable=False),
        Column("weights_version", String(200), nullable=False),
        Column("revision", Integer(), nullable=False),
        Column("text", String(400), nullable=False),
        Column("is_writing", Boolean(), nullable=False),
        Column("sure", Boolean(), nullable=False),
        Column("confidence", Double(), nullable=False),
        Column("prediction_ms", Double(), nullable=False),
        Column("width_px", Integer(), nullable=False),
        Column("height_px", Integer(), nullable=False),
        Column("strokes", strokes),
        Column("pens_px", strokes),
        Column("ink_png", LargeBinary(), nullable=False),
        UniqueConstraint("id", "session_id", name="writings_id_session_id"),
        rule("source_is_known", "source IN ('canvas', 'upload', 'api')"),
        rule("kind_is_known", "kind IN ('writing', 'character')"),
        rule("alphabet_is_known", "alphabet IN ('characters', 'digits')"),
        rule("weights_version_is_named", "length(weights_version) BETWEEN 1 AND 200"),
        rule("revision_counts_up", "revision BETWEEN 0 AND 2147483647"),
        rule("text_is_short", "length(text) BETWEEN 0 AND 400"),
        rule("one_character_is_one", "kind <> 'character' OR length(text) = 1"),
        rule("confidence_is_a_share", "confidence BETWEEN 0 AND 1"),
        rule("prediction_ms_is_under_an_hour", "prediction_ms BETWEEN 0 AND 3600000"),
        rule("width_px_is_a_pictures", "width_px BETWEEN 1 AND 100000"),
        rule("height_px_is_a_pictures", "height_px BETWEEN 1 AND 100000"),
        *png(262_144),
        *moments("created_at", "updated_at"),
        *strict(
            uuids=["id", "session_id"],
            whole=["revision", "width_px", "height_px"],
            real=["confidence", "prediction_ms"],
            text=["text"],
            truths=["is_writing", "sure"],
        ),
    )
    op.create_index("writings_of_session", "writings", ["session_id", "created_at", "id"])
    op.create_index("writings_weights_version", "writings", ["weights_version"])


def make_characters() -> None:
    within = " AND ".join(
        f'"{side}" BETWEEN -100000 AND 100000' for side in ("left", "top", "right", "bottom")
    )
    op.create_table(
        "writing_characters",
        Column("writing_id", Uuid(), primary_key=True),
        Column("position", SmallInteger(), primary_key=True),
        Column("label", String(1), nullable=False),
        Column("truth", String(1)),  # null: no answer, or none that is certain of it
        Column("confidence", Double(), nullable=False),
        Column("probabilities", JSON(), nullable=False),
        Column("left", Double(), nullable=False),
        Column("top", Double(), nullable=False),
        Column("right", Double(), nullable=False),
        Column("bottom", Double(), nullable=False),
        Column("ink_png", LargeBinary(), nullable=False),
        ForeignKeyConstraint(
            ["writing_id"],
            ["writings.id"],
            name="characters_are_of_a_writing",
            ondelete="CASCADE",
        ),
        rule("position_counts_up", '"position" BETWEEN 0 AND 399'),
        rule("label_is_a_character", "length(label) = 1 AND label <> ' '"),
        rule("truth_is_a_character", "length(truth) = 1 AND truth <> ' '"),
        rule("confidence_is_a_share", "confidence BETWEEN 0 AND 1"),
        rule("box_is_in_a_picture", f'{within} AND "left" <= "right" AND "top" <= "bottom"'),
        *png(65_536),
        *strict(
            uuids=["writing_id"],
            whole=["position"],
            real=["confidence", "left", "top", "right", "bottom"],
            text=["label"],
            text_or_null=["truth"],
        ),
    )


def make_answers() -> None:
    op.create_table(
        "writing_answers",
        Column("writing_id", Uuid(), primary_key=True),
        Column("session_id", Uuid(), nullable=False),
        Column("text", String(64)),  # null: its author says that it is no writing
        Column("answered_at", moment(), nullable=False),
        Column("edits", SmallInteger()),  # what was read is so many characters from `text`
        Column("text_kind", String(16)),  # of `text`
        ForeignKeyConstraint(
            ["writing_id", "session_id"],
            ["writings.id", "writings.session_id"],
            name="answers_are_of_the_writings_session",
        ),
        answer_is_short(),
        rule("edits_count_up", "edits BETWEEN 0 AND 464"),
        rule("text_kind_is_known", f"text_kind IN ({KINDS_OF_TEXT})"),
        rule(
            "a_text_is_compared",
            "(text IS NULL) = (edits IS NULL) AND (text IS NULL) = (text_kind IS NULL)",
        ),
        *moments("answered_at"),
        *strict(uuids=["writing_id", "session_id"], text_or_null=["text"], whole_or_null=["edits"]),
    )


def make_log() -> None:
    op.create_table(
        "writing_log",
        Column("id", Uuid(), primary_key=True),  # made by whoever says it: sent twice it is once
        Column("writing_id", Uuid(), nullable=False),
        Column("session_id", Uuid(), nullable=False),
        Column("kind", String(16), nullable=False),
        Column("text", String(64)),  # of an answer, null: no writing
        Column("said_at", moment(), nullable=False),
        ForeignKeyConstraint(
            ["writing_id", "session_id"],
            ["writings.id", "writings.session_id"],
            name="words_are_of_the_writings_session",
            ondelete="CASCADE",
        ),
        rule("kind_is_known", "kind IN ('answered', 'withdrawn')"),
        rule("what_is_withdrawn_has_no_text", "kind = 'answered' OR text IS NULL"),
        answer_is_short(),
        *moments("said_at"),
        *strict(uuids=["id", "writing_id", "session_id"], text_or_null=["text"]),
    )
    op.create_index("writing_log_of_writing", "writing_log", ["writing_id", "said_at", "id"])


def rule(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def answer_is_short() -> CheckConstraint:
    return rule("answer_is_short", "length(text) BETWEEN 1 AND 64 AND text = trim(text)")


def moment() -> Any:
    return DateTime(timezone=True)


def moments(*columns: str) -> list[CheckConstraint]:
    condition = f"{{c}} GLOB '{MOMENT}'" if is_sqlite() else "isfinite({c})"
    return [rule(f"{c}_is_a_moment", condition.format(c=c)) for c in columns]


def png(most_bytes: int) -> list[CheckConstraint]:
    begins = "hex(substr(ink_png, 1, 8))" if is_sqlite() else "encode(substr(ink_png, 1, 8), 'hex')"
    signature = PNG_SIGNATURE.upper() if is_sqlite() else PNG_SIGNATURE
    rules = [
        rule("ink_png_is_small", f"length(ink_png) BETWEEN 8 AND {most_bytes}"),
        rule("ink_png_is_a_png", f"{begins} = '{signature}'"),
    ]
    return [
        *rules,
        *([rule("ink_png_is_bytes", "typeof(ink_png) = 'blob'")] if is_sqlite() else []),
    ]


TYPES = {
    "whole": "typeof({c}) = 'integer'",
    "whole_or_null": "typeof({c}) IN ('integer', 'null')",
    "real": "typeof({c}) = 'real'",
    "text": "typeof({c}) = 'text'",
    "text_or_null": "typeof({c}) IN ('text', 'null')",
    "truths": "{c} IN (0, 1)",
    "uuids": "length({c}) = 32 AND {c} NOT GLOB '*[^0-9a-f]*'",
}


def strict(**columns: list[str]) -> list[CheckConstraint]:
    if not is_sqlite():  # SQLite's columns take any type: these rules make it as strict
        return []
    return [
        rule(f"{c}_has_its_type", TYPES[kind].format(c=f'"{c}"'))
        for kind, some in columns.items()
        for c in some
    ]
