"""Deleting by age: all that was drawn before a moment, a part at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, Table, func, select

from feedback.connection.engine import transaction
from feedback.records.deleting import KINDS, LIMIT_S, delete_drawings

AT_ONCE = 500  # drawings of one transaction: whoever writes meanwhile waits for no more than that


def count_before(engine: Engine, moment: datetime) -> int:
    """Return how many drawings, of digits or writing, were begun before a moment."""
    return _count(engine, lambda rows: rows.c.created_at < moment)


def count_of(engine: Engine, drawing_ids: Collection[UUID]) -> int:
    """Return how many of these drawings the store holds."""
    return _count(engine, lambda rows: rows.c.id.in_(drawing_ids))


def forget_before(
    engine: Engine, moment: datetime, *, goes_on: Callable[[], bool] = lambda: True
) -> int:
    """Delete what was begun before a moment, with all that was said of it; return how many.

    goes_on: asked between two parts, some hundred drawings each; where it says no, the rest is left
    for the next time. Each part is deleted as `delete_drawings` does it, for good. Raises
    `StoreUnavailable`; the parts before that stay deleted.
    """
    deleted = 0
    left = list(KINDS)
    while left and goes_on():
        rows, _ = left[0]
        oldest = select(rows.c.id).where(rows.c.created_at < moment)
        with transaction(engine, limit_s=LIMIT_S) as connection:
            ids = list(connection.scalars(oldest.order_by(rows.c.created_at).limit(AT_ONCE)))
        if ids:
            deleted += delete_drawings(engine, ids, session_id=None)
        else:
            del left[0]
    return deleted


def end_of_keeping(keep_days: int, now: datetime | None = None) -> datetime:
    """Return the moment before which nothing is kept; keep_days: as `KEEP_DAYS` says."""
    return (now or datetime.now(UTC)) - timedelta(days=keep_days)


def _count(engine: Engine, which: Callable[[Table], ColumnElement[bool]]) -> int:
    with transaction(engine, limit_s=LIMIT_S) as connection:
        counts = [
            connection.scalar(select(func.count()).select_from(rows).where(which(rows)))
            for rows, _ in KINDS
        ]
    return sum(count or 0 for count in counts)
