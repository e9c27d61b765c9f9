"""Reading writing back: counted, page by page, or one row of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, func, select, tuple_

from feedback.connection.engine import transaction
from feedback.queries.listing import LISTING_LIMIT_S, conditions
from feedback.records.rows import NOT_A_DIGIT, Filters
from feedback.records.writing_rows import KeptWriting, Kind, WrittenCharacter
from feedback.records.writing_schema import writing_answers, writing_characters, writings

_COLUMNS = (*writings.c, writing_answers.c.text.label("answer"), writing_answers.c.answered_at)


def count_writings(engine: Engine, filters: Filters, kind: Kind | None = None) -> int:
    """Return how much writing the filters leave; kind: of one kind only."""
    with transaction(engine, limit_s=LISTING_LIMIT_S) as connection:
        counted = select(func.count()).select_from(writings).where(*wanted(filters, kind))
        return connection.scalar(counted) or 0


def list_writings(
    engine: Engine,
    filters: Filters,
    *,
    limit: int,
    before: tuple[datetime, UUID] | None = None,
    offset: int = 0,
    kind: Kind | None = None,
) -> list[KeptWriting]:
    """Return one page of writing, newest first.

    before: (created_at, id) of the last row of the page before; steadier than `offset` while more
    is written. kind: of one kind only.
    """
    # The page is found in the index alone; only its own rows are then read.
    page = select(writings.c.id).where(*wanted(filters, kind))
    if before is not None:
        page = page.where(tuple_(writings.c.created_at, writings.c.id) < tuple_(*before))
    newest_first = (writings.c.created_at.desc(), writings.c.id.desc())
    ids = page.order_by(*newest_first).limit(limit).offset(offset).subquery()
    query = _with_answers().join(ids, ids.c.id == writings.c.id).order_by(*newest_first)
    with transaction(engine, limit_s=LISTING_LIMIT_S) as connection:
        return _kept(connection, query)


def find_writing(engine: Engine, writing_id: UUID) -> KeptWriting | None:
    """Return one row of writing as the store holds it; None where it does not."""
    with transaction(engine, limit_s=LISTING_LIMIT_S) as connection:
        found = _kept(connection, _with_answers().where(writings.c.id == writing_id))
    return found[0] if found else None


def wanted(filters: Filters, kind: Kind | None) -> list[ColumnElement[bool]]:
    """Return the filters as conditions on `writings`."""
    of_kind = [] if kind is None else [writings.c.kind == kind]
    return [*conditions(filters, writings), *of_kind]


def _with_answers() -> Select[Any]:
    return select(*_COLUMNS).outerjoin(
        writing_answers, writing_answers.c.writing_id == writings.c.id
    )


def _kept(connection: Connection, query: Select[Any]) -> list[KeptWriting]:
    rows = connection.execute(query).all()
    its = writing_characters.c
    of_page = select(writing_characters).where(its.writing_id.in_([row.id for row in rows]))
    ordered = connection.execute(of_page.order_by(its.writing_id, its.position)).all()
    characters = {of: list(some) for of, some in groupby(ordered, lambda row: row.writing_id)}
    return [_writing(row, characters.get(row.id, [])) for row in rows]


def _writing(row: Row[Any], characters: Sequence[Row[Any]]) -> KeptWriting:
    values = dict(row._mapping)
    if values["answered_at"] is not None:
        is_none_at_all = values["answer"] is None
        values["answer"] = NOT_A_DIGIT if is_none_at_all else values["answer"]
        values["truths"] = tuple(one.truth for one in characters)
    return KeptWriting(characters=tuple(map(_character, characters)), **values)


def _character(row: Row[Any]) -> WrittenCharacter:
    return WrittenCharacter(
        label=row.label,
        confidence=row.confidence,
        probabilities=row.probabilities,
        box=(row.left, row.top, row.right, row.bottom),
        ink_png=row.ink_png,
    )
