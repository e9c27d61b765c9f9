"""Deleting by age: all that was drawn before a moment, a part at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, func, select

from feedback.connection.engine import transaction
from feedback.records.deleting import LIMIT_S, delete_drawings
from feedback.records.schema import drawings

AT_ONCE = 500  # drawings of one transaction: whoever writes meanwhile waits for no more than that


def count_before(engine: Engine, moment: datetime) -> int:
    """Return how many drawings the store holds that were begun before a moment."""
    query = select(func.count()).select_from(drawings).where(drawings.c.created_at < moment)
    with transaction(engine, limit_s=LIMIT_S) as connection:
        return connection.scalar(query) or 0


def count_of(engine: Engine, drawing_ids: Collection[UUID]) -> int:
    """Return how many of these drawings the store holds."""
    query = select(func.count()).select_from(drawings).where(drawings.c.id.in_(drawing_ids))
    with transaction(engine, limit_s=LIMIT_S) as connection:
        return connection.scalar(query) or 0


def forget_before(
    engine: Engine, moment: datetime, *, goes_on: Callable[[], bool] = lambda: True
) -> int:
    """Delete what was begun before a moment, with all that was said of it; return how many.

    goes_on: asked between two parts, some hundred drawings each; where it says no, the rest is left
    for the next time. Each part is deleted as `delete_drawings` does it, for good. Raises
    `StoreUnavailable`; the parts before that stay deleted.
    """
    oldest = select(drawings.c.id).where(drawings.c.created_at < moment)
    query = oldest.order_by(drawings.c.created_at).limit(AT_ONCE)
    deleted = 0
    while goes_on():
        with transaction(engine, limit_s=LIMIT_S) as connection:
            ids = list(connection.scalars(query))
        if not ids:
            break
        deleted += delete_drawings(engine, ids, session_id=None)
    return deleted


def end_of_keeping(keep_days: int, now: datetime | None = None) -> datetime:
    """Return the moment before which nothing is kept; keep_days: as `KEEP_DAYS` says."""
    return (now or datetime.now(UTC)) - timedelta(days=keep_days)
