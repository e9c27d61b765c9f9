"""The tables of drawings that are read as writing, as queries see them; beside those of digits.

As in `schema`, the rules that the database itself keeps stand in the migrations.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from feedback.records.schema import Object, Strokes, UtcDateTime, metadata

__all__ = ["metadata", "writing_answers", "writing_characters", "writing_log", "writings"]

writings = Table(
    "writings",
    metadata,
    Column("id", Uuid(), primary_key=True),
    Column("session_id", Uuid(), nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("updated_at", UtcDateTime(), nullable=False),
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
    Column("strokes", Strokes),
    Column("pens_px", Strokes),
    Column("ink_png", LargeBinary(), nullable=False),
    # What the answers' foreign key refers to: an answer belongs to its drawing's session.
    UniqueConstraint("id", "session_id", name="writings_id_session_id"),
)

# Of each writing its characters as they were read, without blanks.
writing_characters = Table(
    "writing_characters",
    metadata,
    Column("writing_id", Uuid(), primary_key=True),
    Column("position", SmallInteger(), primary_key=True),  # from 0
    Column("label", String(1), nullable=False),
    # What the answer says that it is; null without one, and where the alignment leaves it open.
    Column("truth", String(1)),
    Column("confidence", Double(), nullable=False),
    Column("probabilities", Object, nullable=False),  # by label, the likeliest first
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
)

writing_answers = Table(
    "writing_answers",
    metadata,
    Column("writing_id", Uuid(), primary_key=True),  # what stands: at most one answer per writing
    Column("session_id", Uuid(), nullable=False),
    Column("text", String(64)),  # null: its author says that it is no writing
    Column("answered_at", UtcDateTime(), nullable=False),
    # What follows from `text`, kept to be counted: how far what was read is from it, in characters,
    # and what kind of text it is.
    Column("edits", SmallInteger()),
    Column("text_kind", String(16)),
    ForeignKeyConstraint(
        ["writing_id", "session_id"],
        ["writings.id", "writings.session_id"],
        name="answers_are_of_the_writings_session",
    ),
)

# All that was said, in whatever order it came; rows are added, and go with their writing.
writing_log = Table(
    "writing_log",
    metadata,
    Column("id", Uuid(), primary_key=True),
    Column("writing_id", Uuid(), nullable=False),
    Column("session_id", Uuid(), nullable=False),
    Column("kind", String(16), nullable=False),  # ANSWERED or WITHDRAWN
    Column("text", String(64)),  # of an answer, null: its author says that it is no writing
    Column("said_at", UtcDateTime(), nullable=False),
    ForeignKeyConstraint(
        ["writing_id", "session_id"],
        ["writings.id", "writings.session_id"],
        name="words_are_of_the_writings_session",
        ondelete="CASCADE",
    ),
)

Index("writings_of_session", writings.c.session_id, writings.c.created_at, writings.c.id)
Index("writings_weights_version", writings.c.weights_version)
Index("writing_log_of_writing", writing_log.c.writing_id, writing_log.c.said_at, writing_log.c.id)
