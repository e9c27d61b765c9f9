"""How the newest drawings were read: a few columns of each, without its picture."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Engine, func, select

from feedback.connection.engine import transaction
from feedback.queries.listing import LISTING_LIMIT_S, conditions
from feedback.records.rows import Filters
from feedback.records.schema import answers, drawings


class Glance(NamedTuple):
    """How one drawing was read. digit: the nearest one, also of what was refused."""

    created_at: datetime
    visitor: UUID
    digit: int
    is_digit: bool
    confidence: float  # 0 to 1


def newest_readings(engine: Engine, filters: Filters, *, limit: int) -> list[Glance]:
    """Return how the newest drawings that the filters leave were read, newest first.

    limit: how many at most. Raises `StoreUnavailable`.
    """
    columns = (
        drawings.c.created_at,
        drawings.c.session_id,
        drawings.c.predicted,
        drawings.c.is_digit,
        drawings.c.confidence,
    )
    query = (
        select(*columns)
        .where(*conditions(filters))
        .order_by(drawings.c.created_at.desc(), drawings.c.id.desc())
        .limit(limit)
    )
    with transaction(engine, limit_s=LISTING_LIMIT_S) as connection:
        return [Glance(*row) for row in connection.execute(query)]


def count_answers_since(engine: Engine, since: datetime | None) -> dict[int | None, int]:
    """Return how many drawings were answered after a moment, by answer; None: not a digit.

    since: None counts all of them. What nobody answered is not in it. Raises `StoreUnavailable`.
    """
    query = select(answers.c.label, func.count()).group_by(answers.c.label)
    if since is not None:
        query = query.where(answers.c.answered_at > since)
    with transaction(engine, limit_s=LISTING_LIMIT_S) as connection:
        return {row[0]: row[1] for row in connection.execute(query)}
