"""The versions of the weights side by side, counted in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, func, select

from feedback.connection.engine import transaction
from feedback.queries.listing import conditions
from feedback.records.rows import Filters
from feedback.records.schema import answers, drawings

LIMIT_S = 30.0


class VersionCount(NamedTuple):
    """The drawings that one version read.

    taken: of `drawings`, taken for a digit. named: answers that name a digit; read_right: of
    those, taken for a digit, and for that one. first, last: when the first and last were drawn.
    """

    version: str
    drawings: int
    taken: int
    first: datetime
    last: datetime
    answers: int
    named: int
    read_right: int


def count_versions(engine: Engine, filters: Filters) -> list[VersionCount]:
    """Return a count for each version that read what the filters leave, the latest first.

    Raises `StoreUnavailable`.
    """
    by: Any = drawings.c.weights_version
    all_of_them: Any = (
        select(
            by,
            func.count(),
            func.count().filter(drawings.c.is_digit),
            func.min(drawings.c.created_at, type_=drawings.c.created_at.type),
            func.max(drawings.c.created_at, type_=drawings.c.created_at.type),
        )
        .where(*conditions(filters))
        .group_by(by)
    )
    answered: Any = (
        select(
            by,
            func.count(),
            func.count(answers.c.label),
            func.count().filter(drawings.c.is_digit, answers.c.label == drawings.c.predicted),
        )
        .join_from(drawings, answers, answers.c.drawing_id == drawings.c.id)
        .where(*conditions(filters))
        .group_by(by)
    )
    with transaction(engine, limit_s=LIMIT_S) as connection:
        rows = connection.execute(all_of_them).all()
        told = {row[0]: tuple(row[1:]) for row in connection.execute(answered)}
    counts = [VersionCount(*row, *told.get(row[0], (0, 0, 0))) for row in rows]
    return sorted(counts, key=lambda count: (count.last, count.version), reverse=True)
