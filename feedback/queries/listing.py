"""Reading drawings back: counted, page by page, or all of them as a stream."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, Row, Table, func, select, tuple_

from feedback.connection.engine import transaction
from feedback.queries.pseudonyms import pseudonym
from feedback.queries.verdicts import verdict_on
from feedback.records.answers import as_answer
from feedback.records.rows import NOT_A_DIGIT, Filters, KeptDrawing, ReviewedDrawing
from feedback.records.schema import answers, drawings, reviews

EXPORT_PAGE = 500  # rows that are in memory at once
LISTING_LIMIT_S = 20.0
_COLUMNS = (*drawings.c, answers.c.label, answers.c.answered_at)
# The last decision counts; null where there is none, and where it is undone.
_DECISION = (
    select(reviews.c.decision)
    .where(reviews.c.drawing_id == answers.c.drawing_id)
    .order_by(reviews.c.id.desc())
    .limit(1)
    .scalar_subquery()
    .label("decision")
)


def conditions(filters: Filters, rows: Table = drawings) -> list[ColumnElement[bool]]:
    """Return the filters as conditions on a table of drawings."""
    wanted: list[ColumnElement[bool]] = []
    if filters.since is not None:
        wanted.append(rows.c.created_at >= datetime.combine(filters.since, time(), UTC))
    if filters.until is not None and filters.until != date.max:  # no moment is after that day
        end = datetime.combine(filters.until, time(), UTC) + timedelta(days=1)
        wanted.append(rows.c.created_at < end)
    if filters.source is not None:
        wanted.append(rows.c.source == filters.source)
    if filters.weights_version is not None:
        wanted.append(rows.c.weights_version == filters.weights_version)
    if filters.session_id is not None:
        wanted.append(rows.c.session_id == filters.session_id)
    return wanted


def count_drawings(engine: Engine, filters: Filters) -> int:
    """Return how many drawings the filters leave."""
    with transaction(engine, limit_s=LISTING_LIMIT_S) as connection:
        counted = select(func.count()).select_from(drawings).where(*conditions(filters))
        return connection.scalar(counted) or 0


def list_drawings(
    engine: Engine,
    filters: Filters,
    *,
    limit: int,
    offset: int = 0,
    before: tuple[datetime, UUID] | None = None,
) -> list[KeptDrawing]:
    """Return one page of drawings, newest first.

    before: (created_at, id) of the last drawing of the page before; steadier than `offset` while
    new drawings arrive.
    """
    # The page is found in the index alone; only its own rows are then read.
    page = select(drawings.c.id).where(*conditions(filters))
    if before is not None:
        page = page.where(tuple_(drawings.c.created_at, drawings.c.id) < tuple_(*before))
    newest_first = (drawings.c.created_at.desc(), drawings.c.id.desc())
    ids = page.order_by(*newest_first).limit(limit).offset(offset).subquery()
    query = (
        select(*_COLUMNS)
        .join(ids, ids.c.id == drawings.c.id)
        .outerjoin(answers, answers.c.drawing_id == drawings.c.id)
        .order_by(*newest_first)
    )
    with transaction(engine, limit_s=LISTING_LIMIT_S) as connection:
        return [_kept(row) for row in connection.execute(query)]


def list_answered(engine: Engine, *, limit: int) -> list[ReviewedDrawing]:
    """Return the drawings whose authors have answered, oldest answer first, as learning needs them.

    limit: how many at most; the newest answers are taken. Read page by page, as an export is.
    """
    newest_first = (answers.c.answered_at.desc(), answers.c.drawing_id.desc())
    found: list[ReviewedDrawing] = []
    last: tuple[datetime, UUID] | None = None
    while len(found) < limit:
        query: Any = select(*_COLUMNS, _DECISION).join(
            answers, answers.c.drawing_id == drawings.c.id
        )
        if last is not None:
            query = query.where(tuple_(answers.c.answered_at, answers.c.drawing_id) < tuple_(*last))
        page_size = min(EXPORT_PAGE, limit - len(found))
        with transaction(engine, limit_s=LISTING_LIMIT_S) as connection:
            rows = connection.execute(query.order_by(*newest_first).limit(page_size))
            page = [ReviewedDrawing(**_values(row)) for row in rows]
        found += page
        if len(page) < page_size:
            break
        assert page[-1].answered_at is not None, "all of them are answered"
        last = page[-1].answered_at, page[-1].id
    return found[::-1]


def find_drawings(engine: Engine, ids: Collection[UUID]) -> dict[UUID, KeptDrawing]:
    """Return these drawings by id, those that the store still has; raises `StoreUnavailable`."""
    query = (
        select(*_COLUMNS)
        .outerjoin(answers, answers.c.drawing_id == drawings.c.id)
        .where(drawings.c.id.in_(list(ids)))
    )
    with transaction(engine, limit_s=LISTING_LIMIT_S) as connection:
        return {row.id: _kept(row) for row in connection.execute(query)}


def export_rows(engine: Engine, filters: Filters) -> Iterator[dict[str, Any]]:
    """Yield every drawing as one flat row for a CSV file, newest first.

    Reads page by page, so that neither memory nor a transaction is held for the whole of it.
    Empty cells are None; `answer` is a digit or the words "not a digit"; `verdict` is what became
    of the drawing, in the words of Statistics; `strokes` and `pens_px` are JSON, `ink_png`, which
    is what the network saw, is base64.
    """
    before: tuple[datetime, UUID] | None = None
    while True:
        page = list_drawings(engine, filters, limit=EXPORT_PAGE, before=before)
        yield from map(_flat, page)
        if len(page) < EXPORT_PAGE:
            return
        before = (page[-1].created_at, page[-1].id)


def _kept(row: Row[Any]) -> KeptDrawing:
    return KeptDrawing(**_values(row))


def _values(row: Row[Any]) -> dict[str, Any]:
    values = dict(row._mapping)
    label, answered_at = values.pop("label"), values.pop("answered_at")
    values["probabilities"] = tuple(values["probabilities"])
    answer = None if answered_at is None else as_answer(label)
    return values | {"answer": answer, "answered_at": answered_at}


def _flat(kept: KeptDrawing) -> dict[str, Any]:
    became = verdict_on(kept)
    return {
        "id": str(kept.id),
        "session": pseudonym(kept.session_id),
        "created_at": kept.created_at.isoformat(),
        "source": kept.source,
        "weights_version": kept.weights_version,
        "revision": kept.revision,
        "predicted": kept.predicted,
        "is_digit": kept.is_digit,
        "confidence": kept.confidence,
        "answer": str(kept.answer) if kept.answer is NOT_A_DIGIT else kept.answer,
        "verdict": None if became is None else str(became),
        "answered_at": kept.answered_at.isoformat() if kept.answered_at else None,
        **{f"probability_{digit}": p for digit, p in enumerate(kept.probabilities)},
        "prediction_ms": kept.prediction_ms,
        "strokes": _json(kept.strokes),
        "pens_px": _json(kept.pens_px),
        "ink_png": base64.b64encode(kept.ink_png).decode("ascii"),
    }


def _json(value: list[Any] | None) -> str | None:
    return None if value is None else json.dumps(value, separators=(",", ":"))
