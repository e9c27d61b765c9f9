"""Keeping answers: one per drawing, from the session that drew it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql, sqlite

from feedback.drawings import upsert_drawing
from feedback.engine import transaction
from feedback.errors import DrawingClosed
from feedback.rows import AnswerOutcome, Drawing
from feedback.schema import answers


def record_answer(engine: Engine, drawing: Drawing, label: int) -> AnswerOutcome:
    """Keep the drawing and what its author says it shows, in one transaction.

    label: 0 to 9. The same answer sent again is `SAVED`, as after an acknowledgement that got
    lost; `ALREADY_ANSWERED` says that another answer stands, and that nothing was changed. Raises
    `RowRefused` for another session's drawing and for other labels, `StoreUnavailable` when
    nothing was kept.
    """
    try:
        return _record(engine, drawing, label)
    except DrawingClosed:  # answered in this very moment: now that answer can be seen
        return _record(engine, drawing, label)


def read_answer(engine: Engine, drawing_id: UUID) -> int | None:
    """Return the answer that stands for a drawing, or None."""
    with transaction(engine) as connection:
        return connection.scalar(select(answers.c.label).where(answers.c.drawing_id == drawing_id))


def _record(engine: Engine, drawing: Drawing, label: int) -> AnswerOutcome:
    with transaction(engine, writes=True) as connection:
        upsert_drawing(connection, drawing)
        insert = (postgresql if engine.dialect.name == "postgresql" else sqlite).insert(answers)
        kept = connection.scalar(
            insert.values(
                drawing_id=drawing.id,
                session_id=drawing.session_id,
                label=int(label),
                answered_at=datetime.now(UTC),
            )
            .on_conflict_do_nothing(index_elements=["drawing_id"])
            .returning(answers.c.label)
        )
        if kept is not None:
            return AnswerOutcome.SAVED
        stands = connection.scalar(
            select(answers.c.label).where(answers.c.drawing_id == drawing.id)
        )
        return AnswerOutcome.SAVED if stands == label else AnswerOutcome.ALREADY_ANSWERED
