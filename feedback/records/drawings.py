"""Keeping drawings: one row each, however often they were read."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from feedback.connection.engine import transaction
from feedback.errors import DrawingClosed, RowRefused
from feedback.records.locks import lock_drawing
from feedback.records.rows import Drawing
from feedback.records.schema import answers, drawings
from feedback.records.writing_rows import AnyDrawing, Writing
from feedback.records.writings import ANOTHERS, FIXED, upsert_writing

__all__ = ["ANOTHERS", "record_drawing", "upsert_drawing"]


def record_drawing(engine: Engine, drawing: AnyDrawing) -> None:
    """Keep a drawing of a digit or of writing, or this newer revision of it, in one transaction.

    Sent twice it is one row. An older revision, or one of an answered drawing, changes nothing
    and is success. Raises `RowRefused` for values that the store does not take and for a drawing
    of another session, `StoreUnavailable` when nothing was kept.
    """
    with suppress(DrawingClosed), transaction(engine, writes=True) as connection:
        upsert_drawing(connection, drawing)


def upsert_drawing(connection: Connection, drawing: AnyDrawing) -> None:
    """Insert the drawing or replace an older revision of it, within the caller's transaction.

    Raises `DrawingClosed` when an answer comes in between: the database's own guard of answered
    drawings, which sees what this statement's snapshot does not.
    """
    if isinstance(drawing, Writing):
        upsert_writing(connection, drawing)
    else:
        _upsert_digit(connection, drawing)


def _upsert_digit(connection: Connection, drawing: Drawing) -> None:
    values = asdict(drawing) | {
        # Plain numbers, whichever array they were read from.
        "predicted": int(drawing.predicted),
        "is_digit": bool(drawing.is_digit),
        "confidence": float(drawing.confidence),
        "probabilities": [float(probability) for probability in drawing.probabilities],
        "prediction_ms": float(drawing.prediction_ms),
        "updated_at": datetime.now(UTC),
    }
    # `on conflict` settles a race for the primary key alone: of two that insert a drawing at once,
    # one could fail at the other unique index, (id, session_id), or both could wait for each other.
    lock_drawing(connection, drawing.id, drawing.session_id)
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(drawings).values(values)
    answered = exists().where(answers.c.drawing_id == drawing.id)
    written = connection.execute(
        insert.on_conflict_do_update(
            index_elements=["id"],
            set_={name: insert.excluded[name] for name in values if name not in FIXED},
            where=(insert.excluded.revision > drawings.c.revision)
            & (insert.excluded.session_id == drawings.c.session_id)
            & ~answered,
        )
    )
    if written.rowcount == 0:
        owner = connection.scalar(select(drawings.c.session_id).where(drawings.c.id == drawing.id))
        if owner != drawing.session_id:
            raise RowRefused(ANOTHERS)
