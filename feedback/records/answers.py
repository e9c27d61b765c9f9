"""Keeping answers: one per drawing, from the session that drew it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql, sqlite

from feedback.connection.engine import transaction
from feedback.errors import DrawingClosed
from feedback.records.drawings import upsert_drawing
from feedback.records.rows import NOT_A_DIGIT, Answer, AnswerOutcome, Drawing
from feedback.records.schema import answers


def record_answer(engine: Engine, drawing: Drawing, answer: Answer) -> AnswerOutcome:
    """Keep the drawing and what its author says it shows, in one transaction.

    answer: 0 to 9, or NOT_A_DIGIT. The same answer sent again is `SAVED`, as after an
    acknowledgement that got lost; `ALREADY_ANSWERED` says that another answer stands, and that
    nothing was changed. Raises `RowRefused` for another session's drawing and for other answers,
    `DrawingDeleted` for a drawing that was deleted, `StoreUnavailable` when nothing was kept.
    """
    try:
        return _record(engine, drawing, answer)
    except DrawingClosed:  # answered in this very moment: now that answer can be seen
        return _record(engine, drawing, answer)


def read_answer(engine: Engine, drawing_id: UUID) -> Answer | None:
    """Return the answer that stands for a drawing, or None."""
    query = select(answers.c.label).where(answers.c.drawing_id == drawing_id)
    with transaction(engine) as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else as_answer(row.label)


def as_answer(label: int | None) -> Answer:
    """Return an answer's label as the answer that it stands for."""
    return NOT_A_DIGIT if label is None else label


def _record(engine: Engine, drawing: Drawing, answer: Answer) -> AnswerOutcome:
    label = None if answer is NOT_A_DIGIT else int(answer)
    with transaction(engine, writes=True) as connection:
        upsert_drawing(connection, drawing)
        insert = (postgresql if engine.dialect.name == "postgresql" else sqlite).insert(answers)
        kept = connection.scalar(
            insert.values(
                drawing_id=drawing.id,
                session_id=drawing.session_id,
                label=label,
                answered_at=datetime.now(UTC),
            )
            .on_conflict_do_nothing(index_elements=["drawing_id"])
            .returning(answers.c.drawing_id)  # the label may be null
        )
        if kept is not None:
            return AnswerOutcome.SAVED
        stands = connection.scalar(
            select(answers.c.label).where(answers.c.drawing_id == drawing.id)
        )
        return AnswerOutcome.SAVED if stands == label else AnswerOutcome.ALREADY_ANSWERED
