"""What operators decide on drawings, beside their authors' answers and never in their place."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Engine, func, insert, select

from feedback.connection.engine import transaction
from feedback.errors import RowRefused
from feedback.learning.promoting import checked_name
from feedback.learning.versions import LEAVE_OUT, Review
from feedback.records.schema import drawings, reviews

LIMIT_S = 20.0


def record_review(engine: Engine, drawing_id: UUID, decision: int | None, by: str) -> Review:
    """Keep an operator's decision on a drawing, and return it as it was written.

    decision: 0 to 9, `NO_DIGIT_DECISION` or `LEAVE_OUT`; None undoes what was decided before. by:
    1 to 80 characters. Raises `RowRefused` for another decision, for no name and for a drawing
    that the store does not hold; `StoreUnavailable` when nothing was kept.
    """
    name = checked_name(by)
    if decision is not None and not 0 <= decision <= LEAVE_OUT:
        raise RowRefused(f"a decision is 0 to {LEAVE_OUT} or none, got {decision}")
    review = Review(drawing_id, decision, datetime.now(UTC), name)
    with transaction(engine, writes=True) as connection:
        if connection.scalar(select(drawings.c.id).where(drawings.c.id == drawing_id)) is None:
            raise RowRefused("there is no such drawing any more: its author may have deleted it")
        row = {"drawing_id": drawing_id, "decision": decision, "at": review.at, "by_name": name}
        connection.execute(insert(reviews).values(row))
    return review


def list_reviews(engine: Engine) -> dict[UUID, Review]:
    """Return the decision that stands for each drawing that has one; what is undone has none."""
    last = select(func.max(reviews.c.id)).group_by(reviews.c.drawing_id)
    columns = (reviews.c.drawing_id, reviews.c.decision, reviews.c.at, reviews.c.by_name)
    query = select(*columns).where(reviews.c.id.in_(last), reviews.c.decision.is_not(None))
    with transaction(engine, limit_s=LIMIT_S) as connection:
        return {row.drawing_id: Review(*row) for row in connection.execute(query)}
