"""Keeping what authors say of their drawings: all of it in a log, the last of it as what stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Table, delete, insert, select, union_all
from sqlalchemy.dialects import postgresql, sqlite

from feedback.connection.engine import transaction
from feedback.errors import DrawingClosed, DrawingDeleted, RowRefused
from feedback.records.drawings import ANOTHERS, upsert_drawing
from feedback.records.locks import lock_drawing
from feedback.records.rows import (
    NOT_A_DIGIT,
    Answer,
    AnswerOutcome,
    AnyAnswer,
    NotADigit,
    Word,
)
from feedback.records.schema import (
    ANSWERED,
    WITHDRAWN,
    answer_log,
    answers,
    deleted_drawings,
    deleted_sessions,
    drawings,
)
from feedback.records.writing_rows import AnyDrawing, Writing
from feedback.records.writing_schema import writing_answers, writing_log, writings
from feedback.records.writings import clean_answer, compare


@dataclass(frozen=True)
class _Kind:
    """The tables of one kind of drawing, and what their answers are.

    key: the column that names the drawing; value: of what was said. to_value: an answer as the
    column holds it, `RowRefused` for one of the other kind. compared: what stands beside an answer.
    """

    rows: Table
    standing: Table
    log: Table
    key: str
    value: str
    to_value: Callable[[int | str], int | str]
    compared: Callable[[Connection, UUID, Any], dict[str, Any]]

    def is_of(self, table: Table, drawing_id: UUID) -> Any:
        """Return the condition that a row of one of the tables is of a drawing."""
        return table.c[self.key] == drawing_id


def _digit(answer: int | str) -> int:
    if isinstance(answer, str):
        raise RowRefused("a digit is answered with a digit, and a text is said of writing alone")
    return int(answer)


def _text(answer: int | str) -> str:
    if not isinstance(answer, str):
        raise RowRefused("writing is answered with its text, also where that is a single digit")
    return clean_answer(answer)


_DIGIT = _Kind(drawings, answers, answer_log, "drawing_id", "label", _digit, lambda *_: {})
_WRITING = _Kind(writings, writing_answers, writing_log, "writing_id", "text", _text, compare)


def record_words(engine: Engine, drawing: AnyDrawing, words: Sequence[Word]) -> AnswerOutcome:
    """Keep the drawing and what its author says of it, in one transaction.

    words: one or more, in any order; each is logged once, however often it is sent. Of all that
    was ever said the last by `said_at` stands: an answer, or that there is none. A digit's answers
    are 0 to 9, those of writing are texts, kept as `clean_answer` has them; both know NOT_A_DIGIT,
    which says of writing that it is none. A word that stands brings its revision of the drawing
    with it. `OVERTAKEN` says that something later stands, which is not what the last of these words
    says. Raises `RowRefused` for another session's drawing and for other answers, `DrawingDeleted`
    for a drawing that was deleted, `StoreUnavailable` when nothing was kept.
    """
    try:
        return _record(engine, drawing, words)
    except DrawingClosed:  # answered in this very moment: now that answer can be seen
        return _record(engine, drawing, words)


def record_answer(
    engine: Engine,
    drawing: AnyDrawing,
    answer: AnyAnswer,
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
        kind = _kind_of(connection, drawing_id)
        if kind is None:
            if _is_deleted(connection, drawing_id, session_id):
                raise DrawingDeleted("a deleted drawing stays deleted")
            raise RowRefused("there is no such drawing")
        rows = kind.rows.c
        owner = connection.scalar(select(rows.session_id).where(rows.id == drawing_id))
        if owner != session_id:
            raise RowRefused(ANOTHERS)
        _log(connection, kind, drawing_id, session_id, [word])
        last = _last_word(connection, kind, drawing_id)
        if last.id == word.id:
            _let_stand(connection, kind, drawing_id, session_id, last)
        return AnswerOutcome.SAVED if last.answer is None else AnswerOutcome.OVERTAKEN


def read_answer(engine: Engine, drawing_id: UUID) -> AnyAnswer | None:
    """Return the answer that stands for a drawing, or None."""
    with transaction(engine) as connection:
        for kind in (_DIGIT, _WRITING):
            query = select(kind.standing.c[kind.value]).where(kind.is_of(kind.standing, drawing_id))
            row = connection.execute(query).one_or_none()
            if row is not None:
                return _as_any_answer(row[0])
    return None


def list_words(engine: Engine, drawing_id: UUID) -> list[Word]:
    """Return all that its author has said of a drawing, in the order in which it was said."""
    with transaction(engine) as connection:
        for kind in (_DIGIT, _WRITING):
            query = _said_of(kind, drawing_id)
            rows = connection.execute(query.order_by(kind.log.c.said_at, kind.log.c.id)).all()
            if rows:
                return [_as_word(*row) for row in rows]
    return []


def as_answer(label: int | None) -> Answer:
    """Return an answer's label as the answer that it stands for."""
    return NOT_A_DIGIT if label is None else label


def _word(answer: AnyAnswer | None, said_at: datetime | None, word_id: UUID | None) -> Word:
    usual = Word(answer)
    return Word(answer, said_at or usual.said_at, word_id or usual.id)


def _kind_of(connection: Connection, drawing_id: UUID) -> _Kind | None:
    for kind in (_DIGIT, _WRITING):
        if connection.execute(select(kind.rows.c.id).where(kind.rows.c.id == drawing_id)).first():
            return kind
    return None


def _record(engine: Engine, drawing: AnyDrawing, words: Sequence[Word]) -> AnswerOutcome:
    kind = _WRITING if isinstance(drawing, Writing) else _DIGIT
    with transaction(engine, writes=True) as connection:
        lock_drawing(connection, drawing.id, drawing.session_id)
        columns = select(kind.rows.c.revision, kind.rows.c.session_id)
        held = connection.execute(columns.where(kind.rows.c.id == drawing.id)).one_or_none()
        if held is None:
            upsert_drawing(connection, drawing)
        elif held.session_id != drawing.session_id:
            raise RowRefused(ANOTHERS)
        _log(connection, kind, drawing.id, drawing.session_id, words)
        last = _last_word(connection, kind, drawing.id)
        if any(word.id == last.id for word in words):
            is_newer = held is not None and held.revision < drawing.revision
            newer = drawing if is_newer else None  # closed no more: it is what was answered
            _let_stand(connection, kind, drawing.id, drawing.session_id, last, newer)
        said = max(words, key=_order)
        is_said = _value(kind, said.answer) == _value(kind, last.answer)
        is_same = is_said and (said.answer is None) == (last.answer is None)
        return AnswerOutcome.SAVED if is_same else AnswerOutcome.OVERTAKEN


def _let_stand(
    connection: Connection,
    kind: _Kind,
    drawing_id: UUID,
    session_id: UUID,
    last: Word,
    newer: AnyDrawing | None = None,
) -> None:
    """Put the last word in place of what stood, on the revision that it was said of."""
    connection.execute(delete(kind.standing).where(kind.is_of(kind.standing, drawing_id)))
    if newer is not None:
        upsert_drawing(connection, newer)
    compared = kind.compared(connection, drawing_id, last.answer)
    if last.answer is not None:
        row = _row(kind, drawing_id, session_id, last.answer)
        connection.execute(
            insert(kind.standing).values(answered_at=last.said_at, **row, **compared)
        )


def _is_deleted(connection: Connection, drawing_id: UUID, session_id: UUID) -> bool:
    marks = union_all(
        select(deleted_drawings.c.drawing_id).where(deleted_drawings.c.drawing_id == drawing_id),
        select(deleted_sessions.c.session_id).where(deleted_sessions.c.session_id == session_id),
    )
    return connection.execute(marks).first() is not None


def _log(
    connection: Connection, kind: _Kind, drawing_id: UUID, session_id: UUID, words: Sequence[Word]
) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    rows = [
        _row(kind, drawing_id, session_id, word.answer)
        | {
            "id": word.id,
            "kind": WITHDRAWN if word.answer is None else ANSWERED,
            "said_at": word.said_at,
        }
        for word in words
    ]
    new = dialect.insert(kind.log).values(rows)
    connection.execute(new.on_conflict_do_nothing(index_elements=["id"]))


def _last_word(connection: Connection, kind: _Kind, drawing_id: UUID) -> Word:
    """Return what stands of all that is logged of a drawing; there must be a word."""
    last_first = (kind.log.c.said_at.desc(), kind.log.c.id.desc())
    query = _said_of(kind, drawing_id).order_by(*last_first).limit(1)
    return _as_word(*connection.execute(query).one())


def _said_of(kind: _Kind, drawing_id: UUID) -> Any:
    said = kind.log.c
    columns = (said.kind, said[kind.value], said.said_at, said.id)
    return select(*columns).where(kind.is_of(kind.log, drawing_id))


def _as_word(kind: str, value: int | str | None, said_at: datetime, word_id: UUID) -> Word:
    return Word(None if kind == WITHDRAWN else _as_any_answer(value), said_at, word_id)


def _as_any_answer(value: int | str | None) -> AnyAnswer:
    return NOT_A_DIGIT if value is None else value


def _row(
    kind: _Kind, drawing_id: UUID, session_id: UUID, answer: AnyAnswer | None
) -> dict[str, object]:
    return {kind.key: drawing_id, "session_id": session_id, kind.value: _value(kind, answer)}


def _value(kind: _Kind, answer: AnyAnswer | None) -> int | str | None:
    """Return an answer as its column holds it; null: that it is none, or what is taken back."""
    if answer is None or isinstance(answer, NotADigit):
        return None
    return kind.to_value(answer)


def _order(word: Word) -> tuple[datetime, UUID]:
    return word.said_at, word.id
