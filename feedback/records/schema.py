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
    Identity,
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
Object: Any = JSON(none_as_null=True)  # as it was written, order of keys included
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

# Weights that learnt from answers; the bytes stand last, behind all that is listed.
weights = Table(
    "weights",
    metadata,
    Column("version", String(200), primary_key=True),
    Column("reader", String(16), nullable=False),  # what they read: "digits"
    Column("tensors_sha256", String(64), nullable=False),
    Column("graph_sha256", String(64), nullable=False),
    Column("card", Object, nullable=False),
    Column("parent", String(200)),
    Column("metrics", Object, nullable=False),
    Column("report", Object),  # the gate's; null before it has judged
    Column("made_at", UtcDateTime(), nullable=False),
    Column("made_from", String(2000), nullable=False),
    Column("learnt_from", Integer(), nullable=False),  # drawings, those deleted since included
    Column("rejected_at", UtcDateTime()),
    Column("rejected_by", String(80)),
    Column("rejected_why", String(1000)),
    Column("tensors", LargeBinary(), nullable=False),
    Column("graph", LargeBinary(), nullable=False),
)

# What they learnt from and the store still holds: a row goes with its drawing.
weights_drawings = Table(
    "weights_drawings",
    metadata,
    Column("version", String(200), primary_key=True),
    Column("drawing_id", Uuid(), primary_key=True),
    ForeignKeyConstraint(["version"], ["weights.version"], name="learning_is_of_weights"),
    ForeignKeyConstraint(
        ["drawing_id"], ["drawings.id"], name="learning_is_from_drawings", ondelete="CASCADE"
    ),
)

# What was made live, and when; rows are only added, and the last one counts.
promotions = Table(
    "promotions",
    metadata,
    Column("id", Integer(), Identity(), primary_key=True),
    Column("version", String(200)),  # null: the shipped weights
    Column("reader", String(16), nullable=False),
    Column("kind", String(16), nullable=False),  # PROMOTED or ROLLED_BACK
    Column("at", UtcDateTime(), nullable=False),
    Column("by_name", String(80), nullable=False),
    Column("why", String(1000), nullable=False),
    Column("parent_live", String(200)),  # what was live until then; null: the shipped weights
    ForeignKeyConstraint(["version"], ["weights.version"], name="promotions_are_of_weights"),
)
PROMOTED, ROLLED_BACK = "promoted", "rolled back"

# What operators decided on answers; rows are only added, the last one of a drawing counts.
reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer(), Identity(), primary_key=True),
    Column("drawing_id", Uuid(), nullable=False),
    Column("decision", SmallInteger()),  # 0 to 9, 10: not a digit, 11: left out; null: undone
    Column("at", UtcDateTime(), nullable=False),
    Column("by_name", String(80), nullable=False),
    ForeignKeyConstraint(
        ["drawing_id"], ["drawings.id"], name="reviews_are_of_drawings", ondelete="CASCADE"
    ),
)

# What one instance at a time may do, and until when it is taken.
leases = Table(
    "leases",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("holder", String(200), nullable=False),
    Column("until", UtcDateTime(), nullable=False),
)

# Trainings that the HTTP service began, as every instance tells of them.
trainings = Table(
    "trainings",
    metadata,
    Column("id", Uuid(), primary_key=True),
    Column("holder", String(200), nullable=False),  # of the lease, for as long as it runs
    Column("models", String(200), nullable=False),  # names with spaces between them
    Column("state", String(16), nullable=False),  # running, done, failed or cancelled
    Column("share", Double(), nullable=False),  # done so far, a guess
    Column("message", String(2000), nullable=False),
    Column("began_at", UtcDateTime(), nullable=False),
    Column("heard_at", UtcDateTime(), nullable=False),  # when its instance last said how it stands
    Column("ended_at", UtcDateTime()),
    Column("cancel_asked_at", UtcDateTime()),  # by whom it does not matter
)

# One visitor's history, newest first.
Index("drawings_of_session", drawings.c.session_id, drawings.c.created_at, drawings.c.id)
Index("drawings_weights_version", drawings.c.weights_version)  # the list of versions
Index("answer_log_of_drawing", answer_log.c.drawing_id, answer_log.c.said_at, answer_log.c.id)
Index("weights_drawings_of_drawing", weights_drawings.c.drawing_id)
Index("reviews_of_drawing", reviews.c.drawing_id, reviews.c.id)
