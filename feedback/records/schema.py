"""The tables as queries see them.

What makes a database are the migrations, and the rules that the database itself keeps (which
labels, which confidences, ...) are written there; a test compares the columns with these.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: any time zone in, UTC out, on a database without time zones too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC; one without a time zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its time zone, got {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Probabilities: Any = ARRAY(Double()).with_variant(JSON(), "sqlite")
Strokes: Any = JSONB(none_as_null=True).with_variant(JSON(none_as_null=True), "sqlite")

drawings = Table(
    "drawings",
    metadata,
    Column("id", Uuid(), primary_key=True),
    Column("session_id", Uuid(), nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("updated_at", UtcDateTime(), nullable=False),
    Column("source", String(16), nullable=False),
    Column("weights_version", String(200), nullable=False),
    Column("revision", Integer(), nullable=False),
    Column("predicted", SmallInteger(), nullable=False),
    Column("confidence", Double(), nullable=False),
    Column("probabilities", Probabilities, nullable=False),
    Column("ink_png", LargeBinary(), nullable=False),
    Column("strokes", Strokes),
    Column("prediction_ms", Double(), nullable=False),
    # What the network said: false where it refused the drawing as no digit at all.
    Column("is_digit", Boolean(), nullable=False, server_default=true()),
    # The width of each stroke's pen, px; null in rows that are older than this column.
    Column("pens_px", Strokes),
    # What the answers' foreign key refers to: an answer belongs to its drawing's session.
    UniqueConstraint("id", "session_id", name="drawings_id_session_id"),
)

answers = Table(
    "answers",
    metadata,
    Column("drawing_id", Uuid(), primary_key=True),  # what stands: at most one answer per drawing
    Column("session_id", Uuid(), nullable=False),
    Column("label", SmallInteger()),  # null: its author says that it is not a digit
    Column("answered_at", UtcDateTime(), nullable=False),
    ForeignKeyConstraint(
        ["drawing_id", "session_id"],
        ["drawings.id", "drawings.session_id"],
        name="answers_are_of_the_drawings_session",
    ),
)

# All that was said, in whatever order it came; rows are added, and go with their drawing.
answer_log = Table(
    "answer_log",
    metadata,
    Column("id", Uuid(), primary_key=True),
    Column("drawing_id", Uuid(), nullable=False),
    Column("session_id", Uuid(), nullable=False),
    Column("kind", String(16), nullable=False),  # ANSWERED or WITHDRAWN
    Column("label", SmallInteger()),  # of an answer, null: its author says that it is not a digit
    Column("said_at", UtcDateTime(), nullable=False),
    ForeignKeyConstraint(
        ["drawing_id", "session_id"],
        ["drawings.id", "drawings.session_id"],
        name="words_are_of_the_drawings_session",
        ondelete="CASCADE",
    ),
)
ANSWERED, WITHDRAWN = "answered", "withdrawn"

# What no write brings back: single drawings, and all that a session drew until then.
deleted_drawings = Table(
    "deleted_drawings",
    metadata,
    Column("drawing_id", Uuid(), primary_key=True),
    Column("deleted_at", UtcDateTime(), nullable=False),
)

deleted_sessions = Table(
    "deleted_sessions",
    metadata,
    Column("session_id", Uuid(), primary_key=True),
    Column("deleted_at", UtcDateTime(), nullable=False),
)

# One visitor's history, newest first.
Index("drawings_of_session", drawings.c.session_id, drawings.c.created_at, drawings.c.id)
Index("drawings_weights_version", drawings.c.weights_version)  # the list of versions
Index("answer_log_of_drawing", answer_log.c.drawing_id, answer_log.c.said_at, answer_log.c.id)
