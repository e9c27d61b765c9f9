"""The counting behind the statistics: two queries, each one pass over the index."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, literal_column, select

from feedback.listing import conditions
from feedback.rows import Filters
from feedback.schema import answers, drawings

HISTOGRAM_BINS = 20

# What the two databases word differently, by the name of SQLAlchemy's dialect.
UTC_DAY = {
    "postgresql": "CAST(created_at AT TIME ZONE 'UTC' AS date)",
    "sqlite": "substr(created_at, 1, 10)",
}
CONFIDENCE_BIN = {
    "postgresql": f"least(floor(confidence * {HISTOGRAM_BINS})::int, {HISTOGRAM_BINS - 1})",
    "sqlite": f"min(CAST(confidence * {HISTOGRAM_BINS} AS integer), {HISTOGRAM_BINS - 1})",
}


class Day(NamedTuple):
    """One UTC day of drawings.

    answers: all; named: those that name a digit. correct: of `named`, read as they say.
    """

    day: date
    drawings: int
    answers: int
    named: int
    correct: int


class Cell(NamedTuple):
    """The answered drawings that agree in reading, refusal, answer and bin of confidence (0 to 19).

    label: None for the answer "not a digit".
    """

    predicted: int
    is_digit: bool
    label: int | None
    bin: int
    answers: int
    confidence_sum: float


def count_by_day(connection: Connection, filters: Filters) -> list[Day]:
    """Return the days that have drawings, in order."""
    day: Any = literal_column(UTC_DAY[connection.dialect.name]).label("day")
    query = (
        select(
            day,
            func.count(),
            func.count(answers.c.drawing_id),
            func.count(answers.c.label),
            func.count().filter(answers.c.label == drawings.c.predicted),
        )
        .outerjoin_from(drawings, answers, answers.c.drawing_id == drawings.c.id)
        .where(*conditions(filters))
        .group_by(day)
        .order_by(day)
    )
    days = connection.execute(query).all()
    return [Day(_date(row[0]), *row[1:]) for row in days]


def count_answers(connection: Connection, filters: Filters) -> list[Cell]:
    """Return the answered drawings, counted by reading, refusal, answer and confidence."""
    bin_: Any = literal_column(CONFIDENCE_BIN[connection.dialect.name]).label("bin")
    cell = (drawings.c.predicted, drawings.c.is_digit, answers.c.label, bin_)
    query = (
        select(*cell, func.count(), func.sum(drawings.c.confidence))
        .join_from(drawings, answers, answers.c.drawing_id == drawings.c.id)
        .where(*conditions(filters))
        .group_by(*cell)
    )
    return [Cell(*row) for row in connection.execute(query)]


def _date(day: date | str) -> date:
    return day if isinstance(day, date) else date.fromisoformat(day)
