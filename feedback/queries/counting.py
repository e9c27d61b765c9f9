"""The counting behind the statistics: the drawings by day, and one join for the answers."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, literal_column, select, tuple_

from feedback.queries.listing import conditions
from feedback.records.rows import Filters
from feedback.records.schema import answers, drawings

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

    answers: drawings that were answered; named: those that their authors called a digit.
    read_right: of `named`, taken for a digit, and for that one.
    """

    day: date
    drawings: int
    answers: int
    named: int
    read_right: int


class Cell(NamedTuple):
    """The answered drawings that agree in reading, refusal, answer and bin of confidence (0 to 19).

    predicted: the nearest digit; is_digit: False where the drawing was refused all the same.
    label: None for the answer "not a digit".
    """

    predicted: int
    is_digit: bool
    label: int | None
    bin: int
    answers: int
    confidence_sum: float


def count_drawings(connection: Connection, filters: Filters) -> tuple[list[Day], list[Cell]]:
    """Return the days that have drawings, in order, and the answered drawings by what they say."""
    day: Any = literal_column(UTC_DAY[connection.dialect.name])
    query = select(day, func.count()).select_from(drawings).where(*conditions(filters))
    counted = connection.execute(query.group_by(day).order_by(day)).all()
    answered, cells = _count_answers(connection, filters)
    return [Day(_date(day), n, *answered.get(_date(day), (0, 0, 0))) for day, n in counted], cells


def _count_answers(
    connection: Connection, filters: Filters
) -> tuple[dict[date, tuple[int, int, int]], list[Cell]]:
    """Return answers, those that name a digit and those read right, by day; and the cells.

    Read right is as `verdicts.verdict` has it, in SQL: a refused drawing never is.
    """
    day: Any = literal_column(UTC_DAY[connection.dialect.name])
    bin_: Any = literal_column(CONFIDENCE_BIN[connection.dialect.name])
    cell = (drawings.c.predicted, drawings.c.is_digit, answers.c.label, bin_)
    of_days = (
        func.count(),
        func.count(answers.c.label),
        func.count().filter(drawings.c.is_digit, answers.c.label == drawings.c.predicted),
    )
    of_cells = (func.count(), func.sum(drawings.c.confidence))

    def joined(*columns: Any) -> Any:
        return (
            select(*columns)
            .join_from(drawings, answers, answers.c.drawing_id == drawings.c.id)
            .where(*conditions(filters))
        )

    if connection.dialect.name != "postgresql":
        days = connection.execute(joined(day, *of_days).group_by(day))
        cells = connection.execute(joined(*cell, *of_cells).group_by(*cell))
        return {_date(row[0]): tuple(row[1:]) for row in days}, [Cell(*row) for row in cells]
    # One join for both: over a million drawings it is most of the time.
    both = joined(func.grouping(day), day, *of_days, *cell, *of_cells).group_by(
        func.grouping_sets(tuple_(day), tuple_(*cell))
    )
    rows = connection.execute(both).all()
    return (
        {_date(row[1]): tuple(row[2:5]) for row in rows if not row[0]},
        [Cell(*row[5:]) for row in rows if row[0]],
    )


def _date(day: date | str) -> date:
    return day if isinstance(day, date) else date.fromisoformat(day)
