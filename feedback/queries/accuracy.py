"""How often the readings were right, counted in SQL."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Engine, text

from feedback.connection.engine import transaction
from feedback.queries.counting import HISTOGRAM_BINS, Cell, Day, count_drawings
from feedback.records.rows import Filters

LIMIT_S = 30.0
RELIABILITY_BINS = 10
DIGITS = 10
Z_95 = 1.959963984540054  # the normal distribution's 97.5 % point


class Digit(NamedTuple):
    """All answers that name one digit."""

    digit: int
    answers: int
    correct: int


class ReliabilityBin(NamedTuple):
    """The answered digits whose confidence lies in [low, high); 1 belongs to the last bin."""

    low: float
    high: float
    answers: int
    mean_confidence: float | None  # None without answers
    correct: int


@dataclass(frozen=True)
class Statistics:
    """What the answers say about the readings; tuples are empty-handed, never None, without data.

    answers: all of them. named: those that name a digit; accuracy and everything that it is made of
    is about these alone. correct: of `named`, read as their author says. interval: 95 % Wilson
    interval of `accuracy`. refused_rightly: answers "not a digit" that the network had refused;
    refused_wrongly: digits that it had refused. by_day: days with drawings, in order. by_digit: all
    ten, by true label. confusion: [true][predicted]. confidence_right, confidence_wrong: `named` in
    20 equal bins of confidence from 0 to 1. reliability: 10 equal bins.
    """

    drawings: int
    answers: int
    named: int
    correct: int
    refused_rightly: int
    refused_wrongly: int
    accuracy: float | None
    interval: tuple[float, float] | None
    by_day: tuple[Day, ...]
    by_digit: tuple[Digit, ...]
    confusion: tuple[tuple[int, ...], ...]
    confidence_right: tuple[int, ...]
    confidence_wrong: tuple[int, ...]
    reliability: tuple[ReliabilityBin, ...]

    @property
    def share_answered(self) -> float | None:
        """Return answers per drawing, 0 to 1; None without drawings."""
        return self.answers / self.drawings if self.drawings else None

    @property
    def not_digits(self) -> int:
        """Return how many answers say that the drawing is not a digit."""
        return self.answers - self.named


def read_statistics(engine: Engine, filters: Filters) -> Statistics:
    """Return the statistics of the drawings that the filters leave.

    Raises `StoreUnavailable`: within 5 s when the server is away, after `LIMIT_S` when it is slow.
    """
    with transaction(engine, limit_s=LIMIT_S) as connection:
        if connection.dialect.name == "postgresql":
            # The join stays in memory, and compiling would take longer than it saves.
            connection.execute(text("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off"))
        days, cells = count_drawings(connection, filters)
    return _statistics(days, cells)


def wilson_interval(correct: int, answers: int) -> tuple[float, float] | None:
    """Return the 95 % interval of a share (Wilson, 1927, JASA 22: 209-212); None without answers.

    Honest for few answers and for shares near 0 and 1, where the usual one leaves [0, 1].
    """
    if answers == 0:
        return None
    share, z2 = correct / answers, Z_95 * Z_95
    middle = share + z2 / (2 * answers)
    half = Z_95 * math.sqrt(share * (1 - share) / answers + z2 / (4 * answers * answers))
    scale = 1 + z2 / answers
    # At shares of 0 and 1 an end is the share itself, but for rounding.
    return (
        max(0.0, min(share, (middle - half) / scale)),
        min(1.0, max(share, (middle + half) / scale)),
    )


def weights_versions(engine: Engine) -> list[str]:
    """Return the weights versions that drawings were read with, in alphabetical order."""
    # One step through the index per version, however many drawings there are.
    query = text("""
        WITH RECURSIVE versions (version) AS (
            SELECT min(weights_version) FROM drawings
            UNION ALL
            SELECT (SELECT min(weights_version) FROM drawings WHERE weights_version > version)
            FROM versions WHERE version IS NOT NULL
        )
        SELECT version FROM versions WHERE version IS NOT NULL
    """)
    with transaction(engine, limit_s=LIMIT_S) as connection:
        return sorted(connection.scalars(query))


def _statistics(days: list[Day], cells: list[Cell]) -> Statistics:
    confusion = [[0] * DIGITS for _ in range(DIGITS)]
    right, wrong = [0] * HISTOGRAM_BINS, [0] * HISTOGRAM_BINS
    sums = [0.0] * RELIABILITY_BINS
    refused_rightly = refused_wrongly = not_digits = 0
    for predicted, is_digit, label, bin_, count, total in cells:
        if label is None:
            not_digits += count
            refused_rightly += 0 if is_digit else count
            continue
        refused_wrongly += 0 if is_digit else count
        confusion[label][predicted] += count
        (right if label == predicted else wrong)[bin_] += count
        sums[bin_ * RELIABILITY_BINS // HISTOGRAM_BINS] += total
    named, correct = sum(right) + sum(wrong), sum(right)
    return Statistics(
        drawings=sum(day.drawings for day in days),
        answers=named + not_digits,
        named=named,
        correct=correct,
        refused_rightly=refused_rightly,
        refused_wrongly=refused_wrongly,
        accuracy=correct / named if named else None,
        interval=wilson_interval(correct, named),
        by_day=tuple(days),
        by_digit=tuple(
            Digit(digit, sum(confusion[digit]), confusion[digit][digit]) for digit in range(DIGITS)
        ),
        confusion=tuple(tuple(row) for row in confusion),
        confidence_right=tuple(right),
        confidence_wrong=tuple(wrong),
        reliability=tuple(_reliability(right, wrong, sums)),
    )


def _reliability(right: list[int], wrong: list[int], sums: list[float]) -> list[ReliabilityBin]:
    bins = []
    width = HISTOGRAM_BINS // RELIABILITY_BINS
    for index, total in enumerate(sums):
        part = slice(index * width, (index + 1) * width)
        correct = sum(right[part])
        count = correct + sum(wrong[part])
        bins.append(
            ReliabilityBin(
                low=index / RELIABILITY_BINS,
                high=(index + 1) / RELIABILITY_BINS,
                answers=count,
                mean_confidence=total / count if count else None,
                correct=correct,
            )
        )
    return bins
