"""Keeping what authors say of their drawings: all of it in a log, the last of it as what stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, insert, select, union_all
from sqlalchemy.dialects import postgresql, sqlite

from feedback.connection.engine import transaction
from feedback.errors import DrawingClosed, DrawingDeleted, RowRefused
from feedback.records.drawings import ANOTHERS, upsert_drawing
from feedback.records.locks import lock_drawing
from feedback.records.rows import NOT_A_DIGIT, Answer, AnswerOutcome, Drawing, Word
from feedback.records.schema import (
    ANSWERED,
    WITHDRAWN,
    answer_log,
    answers,
    deleted_drawings,
    deleted_sessions,
    drawings,
)


def record_words(engine: Engine, drawing: Drawing, words: Sequence[Word]) -> AnswerOutcome:
    """Keep the drawing and what its author says of it, in one transaction.

    words: one or more, in any order; each is logged once, however often it is sent. Of all that
    was ever said the last by `said_at` stands: an answer, 0 to 9 or NOT_A_DIGIT, or that there is
    none. A word that stands brings its revision of the drawing with it. `OVERTAKEN` says that
    something later stands, which is not what the last of these words says. Raises `RowRefused` for
    another session's drawing and for other answers, `DrawingDeleted` for a drawing that was
    deleted, `StoreUnavailable` when nothing was kept.
    """
    try:
        return _record(engine, drawing, words)
    except DrawingClosed:  # answered in this very moment: now that answer can be seen
        return _record(engine, drawing, words)


def record_answer(
    engine: Engine,
    drawing: Drawing,
    answer: Answer,
    *,
    said_at: datetime | None = None,
    word_id: UUID | None = None,
) -> AnswerOutcome:
    """Keep the drawing and one answer to it, as `record_words` does; said now unless told when."""
    return record_words(engine, drawing, [_word(answer, said_at, word_id)])


def withdraw_answer(
    engine: Engine,
    drawing_id: UUID,
    session_id: UUID,
    said_at: datetime | None = None,
    *,
    word_id: UUID | None = None,
) -> AnswerOutcome:
    """Take back what was said of a drawing that is kept, as `record_words` does with its row.

    Raises `DrawingDeleted` for a drawing that was deleted, `RowRefused` for one that the store does
    not hold and for another session's, `StoreUnavailable` when nothing was kept.
    """
    word = _word(None, said_at, word_id)
    with transaction(engine, writes=True) as connection:
        lock_drawing(connection, drawing_id, session_id)
        owner = connection.scalar(select(drawings.c.session_id).where(drawings.c.id == drawing_id))
        if owner is None:
            if _is_deleted(connection, drawing_id, session_id):
                raise DrawingDeleted("a deleted drawing stays deleted")
            raise RowRefused("there is no such drawing")
        if owner != session_id:
            raise RowRefused(ANOTHERS)
        _log(connection, drawing_id, session_id, [word])
        last = _last_word(connection, drawing_id)
        if last.id == word.id:
            connection.execute(delete(answers).where(answers.c.drawing_id == drawing_id))
        return AnswerOutcome.SAVED if last.answer is None else AnswerOutcome.OVERTAKEN


def read_answer(engine: Engine, drawing_id: UUID) -> Answer | None:
    """Return the answer that stands for a drawing, or None."""
    query = select(answers.c.label).where(answers.c.drawing_id == drawing_id)
    with transaction(engine) as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else as_answer(row.label)


def list_words(engine: Engine, drawing_id: UUID) -> list[Word]:
    """Return all that its author has said of a drawing, in the order in which it was said."""
    said = answer_log.c
    query = select(said.kind, said.label, said.said_at, said.id).where(
        said.drawing_id == drawing_id
    )
    with transaction(engine) as connection:
        rows = connection.execute(query.order_by(said.said_at, said.id)).all()
    return [_as_word(*row) for row in rows]


def as_answer(label: int | None) -> Answer:
    """Return an answer's label as the answer that it stands for."""
    return NOT_A_DIGIT if label is None else label


def _word(answer: Answer | None, said_at: datetime | None, word_id: UUID | None) -> Word:
    usual = Word(answer)
    return Word(answer, said_at or usual.said_at, word_id or usual.id)


def _record(engine: Engine, drawing: Drawing, words: Sequence[Word]) -> AnswerOutcome:
    with transaction(engine, writes=True) as connection:
        lock_drawing(connection, drawing.id, drawing.session_id)
        columns = select(drawings.c.revision, drawings.c.session_id)
        held = connection.execute(columns.where(drawings.c.id == drawing.id)).one_or_none()
        if held is None:
            upsert_drawing(connection, drawing)
        elif held.session_id != drawing.session_id:
            raise RowRefused(ANOTHERS)
        _log(connection, drawing.id, drawing.session_id, words)
        last = _last_word(connection, drawing.id)
        if any(word.id == last.id for word in words):
            connection.execute(delete(answers).where(answers.c.drawing_id == drawing.id))
            if held is not None and held.revision < drawing.revision:
                upsert_drawing(connection, drawing)  # closed no more: it is what was answered
            if last.answer is not None:
                row = _row(drawing.id, drawing.session_id, last.answer)
                connection.execute(insert(answers).values(answered_at=last.said_at, **row))
        said = max(words, key=_order).answer
        return AnswerOutcome.SAVED if last.answer == said else AnswerOutcome.OVERTAKEN


def _is_deleted(connection: Connection, drawing_id: UUID, session_id: UUID) -> bool:
    marks = union_all(
        select(deleted_drawings.c.drawing_id).where(deleted_drawings.c.drawing_id == drawing_id),
        select(deleted_sessions.c.session_id).where(deleted_sessions.c.session_id == session_id),
    )
    return connection.execute(marks).first() is not None


def _log(connection: Connection, drawing_id: UUID, session_id: UUID, words: Sequence[Word]) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    rows = [
        _row(drawing_id, session_id, word.answer)
        | {
            "id": word.id,
            "kind": WITHDRAWN if word.answer is None else ANSWERED,
            "said_at": word.said_at,
        }
        for word in words
    ]
    new = dialect.insert(answer_log).values(rows)
    connection.execute(new.on_conflict_do_nothing(index_elements=["id"]))


def _last_word(connection: Connection, drawing_id: UUID) -> Word:
    """Return what stands of all that is logged of a drawing; there must be a word."""
    said = answer_log.c
    query = select(said.kind, said.label, said.said_at, said.id).where(
        said.drawing_id == drawing_id
    )
    last_first = (said.said_at.desc(), said.id.desc())
    return _as_word(*connection.execute(query.order_by(*last_first).limit(1)).one())


def _as_word(kind: str, label: int | None, said_at: datetime, word_id: UUID) -> Word:
    return Word(None if kind == WITHDRAWN else as_answer(label), said_at, word_id)


def _row(drawing_id: UUID, session_id: UUID, answer: Answer | None) -> dict[str, object]:
    return {
        "drawing_id": drawing_id,
        "session_id": session_id,
        "label": None if answer is None or answer is NOT_A_DIGIT else int(answer),
    }


def _order(word: Word) -> tuple[datetime, UUID]:
    return word.said_at, word.id
