"""How often what visitors saw was right, counted in SQL."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Engine, text

from feedback.connection.engine import transaction
from feedback.queries.counting import HISTOGRAM_BINS, Cell, Day, count_drawings
from feedback.queries.verdicts import Verdict, verdict
from feedback.records.answers import as_answer
from feedback.records.rows import Filters

LIMIT_S = 30.0
RELIABILITY_BINS = 10
DIGITS = 10
REFUSED = DIGITS  # the confusion's column after those of the digits
Z_95 = 1.959963984540054  # the normal distribution's 97.5 % point


class Digit(NamedTuple):
    """The drawings that their authors called one digit.

    read_right, refused: of `named`; the others were misread. Each refusal was a mistake.
    """

    digit: int
    named: int
    read_right: int
    refused: int


class ReliabilityBin(NamedTuple):
    """The answered drawings taken for a digit with a confidence in [low, high); 1 is in the last.

    read_right: of `accepted`; the others were misread, or are no digit at all.
    """

    low: float
    high: float
    accepted: int
    mean_confidence: float | None  # None without any
    read_right: int


@dataclass(frozen=True)
class Statistics:
    """What the answers say about what visitors saw; empty tuples, never None, without data.

    verdicts: answered drawings by what became of them, all five kinds. by_day: days with drawings,
    in order. by_digit: all ten, by what authors said. confusion: [what its author said][what was
    shown], ten rows of eleven: the digits, then `REFUSED`. confidence_right, confidence_wrong:
    answered drawings taken for a digit, read right or not, in 20 equal bins of confidence from 0
    to 1. reliability: the same drawings in 10 equal bins.
    """

    drawings: int
    verdicts: dict[Verdict, int]
    by_day: tuple[Day, ...]
    by_digit: tuple[Digit, ...]
    confusion: tuple[tuple[int, ...], ...]
    confidence_right: tuple[int, ...]
    confidence_wrong: tuple[int, ...]
    reliability: tuple[ReliabilityBin, ...]

    @property
    def answers(self) -> int:
        """Return how many drawings were answered."""
        return self.named + self.not_digits

    @property
    def share_answered(self) -> float | None:
        """Return answers per drawing, 0 to 1; None without drawings."""
        return self.answers / self.drawings if self.drawings else None

    @property
    def named(self) -> int:
        """Return how many drawings their authors called a digit."""
        return self.read_right + self.misread + self.refused_by_mistake

    @property
    def not_digits(self) -> int:
        """Return how many drawings their authors called no digit."""
        return self.refused_rightly + self.taken_for_a_digit

    @property
    def accepted(self) -> int:
        """Return how many answered drawings were taken for a digit, whatever their authors said."""
        return self.read_right + self.misread + self.taken_for_a_digit

    @property
    def read_right(self) -> int:
        """Return how many of `named` were taken for the digit that their authors said."""
        return self.verdicts[Verdict.READ_RIGHT]

    @property
    def misread(self) -> int:
        """Return how many of `named` were taken for another digit."""
        return self.verdicts[Verdict.MISREAD]

    @property
    def refused_by_mistake(self) -> int:
        """Return how many of `named` were taken for no digit."""
        return self.verdicts[Verdict.REFUSED_BY_MISTAKE]

    @property
    def refused_rightly(self) -> int:
        """Return how many of `not_digits` were taken for none."""
        return self.verdicts[Verdict.REFUSED_RIGHTLY]

    @property
    def taken_for_a_digit(self) -> int:
        """Return how many of `not_digits` were taken for a digit."""
        return self.verdicts[Verdict.TAKEN_FOR_A_DIGIT]

    @property
    def accuracy(self) -> float | None:
        """Return the share of `named` that was read right, 0 to 1; None without any."""
        return self.read_right / self.named if self.named else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the 95 % Wilson interval of `accuracy`."""
        return wilson_interval(self.read_right, self.named)


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


def wilson_interval(part: int, whole: int) -> tuple[float, float] | None:
    """Return the 95 % interval of a share (Wilson, 1927, JASA 22: 209-212); None of nothing.

    Honest for few answers and for shares near 0 and 1, where the usual one leaves [0, 1].
    """
    if whole == 0:
        return None
    share, z2 = part / whole, Z_95 * Z_95
    middle = share + z2 / (2 * whole)
    half = Z_95 * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    scale = 1 + z2 / whole
    # At shares of 0 and 1 an end is the share itself, but for rounding.
    return (
        max(0.0, min(share, (middle - half) / scale)),
        min(1.0, max(share, (middle + half) / scale)),
    )


def weights_versions(engine: Engine, *, of_writing: bool = False) -> list[str]:
    """Return the weights versions that drawings were read with, in alphabetical order.

    of_writing: those of writing and single characters, in place of those of digits.
    """
    rows = "writings" if of_writing else "drawings"
    # One step through the index per version, however many drawings there are.
    query = text(f"""
        WITH RECURSIVE versions (version) AS (
            SELECT min(weights_version) FROM {rows}
            UNION ALL
            SELECT (SELECT min(weights_version) FROM {rows} WHERE weights_version > version)
            FROM versions WHERE version IS NOT NULL
        )
        SELECT version FROM versions WHERE version IS NOT NULL
    """)
    with transaction(engine, limit_s=LIMIT_S) as connection:
        return sorted(connection.scalars(query))


def _statistics(days: list[Day], cells: list[Cell]) -> Statistics:
    verdicts = Counter(dict.fromkeys(Verdict, 0))
    confusion = [[0] * (DIGITS + 1) for _ in range(DIGITS)]
    right, wrong = [0] * HISTOGRAM_BINS, [0] * HISTOGRAM_BINS
    sums = [0.0] * RELIABILITY_BINS
    for predicted, is_digit, label, bin_, count, total in cells:
        became = verdict(predicted, is_digit, as_answer(label))
        verdicts[became] += count
        if label is not None:
            confusion[label][predicted if is_digit else REFUSED] += count
        if is_digit:  # of a refused drawing no confidence was shown
            (right if became is Verdict.READ_RIGHT else wrong)[bin_] += count
            sums[bin_ * RELIABILITY_BINS // HISTOGRAM_BINS] += total
    return Statistics(
        drawings=sum(day.drawings for day in days),
        verdicts=dict(verdicts),
        by_day=tuple(days),
        by_digit=tuple(
            Digit(digit, sum(row), row[digit], row[REFUSED]) for digit, row in enumerate(confusion)
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
        read_right = sum(right[part])
        count = read_right + sum(wrong[part])
        bins.append(
            ReliabilityBin(
                low=index / RELIABILITY_BINS,
                high=(index + 1) / RELIABILITY_BINS,
                accepted=count,
                mean_confidence=total / count if count else None,
                read_right=read_right,
            )
        )
    return bins
