"""How right texts were that visitors saw, counted in SQL."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Engine, func, literal_column, select, text

from feedback.connection.engine import transaction
from feedback.queries.accuracy import LIMIT_S, RELIABILITY_BINS, ReliabilityBin
from feedback.queries.writing_listing import wanted
from feedback.queries.writing_verdicts import WritingVerdict, writing_verdict
from feedback.records.rows import Filters
from feedback.records.writing_rows import Kind
from feedback.records.writing_schema import writing_answers, writing_characters, writings
from feedback.writings.text_kinds import TEXT_KINDS

WORST_PAIRS = 20
LENGTHS = ((1, 3), (4, 6), (7, 9), (10, 64))  # characters of the right text, both included
Z_95 = 1.959963984540054
BIN = {
    "postgresql": f"least(floor(confidence * {RELIABILITY_BINS})::int, {RELIABILITY_BINS - 1})",
    "sqlite": f"min(CAST(confidence * {RELIABILITY_BINS} AS integer), {RELIABILITY_BINS - 1})",
}


class TextGroup(NamedTuple):
    """Texts that their authors gave, of one kind or length. read_right: of `texts`, exactly."""

    name: str
    texts: int
    read_right: int


class Confusion(NamedTuple):
    """How often one character was taken for another. of: how often it was written, for certain."""

    truth: str
    read: str
    times: int
    of: int


@dataclass(frozen=True)
class WritingStatistics:
    """What the answers say about the texts that visitors saw; empty tuples without data.

    sure: of `drawings` that were not refused. verdicts: answered writing by what became of it.
    sure_answered: that was taken for writing, surely; sure_right: of those, read right. edits,
    characters: of texts that were read and given by their authors, blanks included.
    by_kind, by_length: texts that were given, refused ones included. worst: the pairs that were
    mistaken most often, of what was read. reliability: answered writing that was not refused.
    """

    drawings: int
    refused: int
    sure: int
    verdicts: dict[WritingVerdict, int]
    sure_answered: int
    sure_right: int
    edits: int
    characters: int
    error_interval: tuple[float, float] | None
    by_kind: tuple[TextGroup, ...]
    by_length: tuple[TextGroup, ...]
    worst: tuple[Confusion, ...]
    reliability: tuple[ReliabilityBin, ...]

    @property
    def answers(self) -> int:
        """Return how much writing was answered."""
        return sum(self.verdicts.values())

    @property
    def named(self) -> int:
        """Return how many texts their authors gave."""
        return sum(
            self.verdicts[one]
            for one in (
                WritingVerdict.READ_RIGHT,
                WritingVerdict.MISREAD,
                WritingVerdict.REFUSED_BY_MISTAKE,
            )
        )

    @property
    def read_right(self) -> int:
        """Return how many of `named` were read exactly right."""
        return self.verdicts[WritingVerdict.READ_RIGHT]

    @property
    def error_rate(self) -> float | None:
        """Return edits per character of the right texts; None without any."""
        return self.edits / self.characters if self.characters else None


def read_writing_statistics(
    engine: Engine, filters: Filters, kind: Kind = "writing"
) -> WritingStatistics:
    """Return the statistics of the writing that the filters leave; raises `StoreUnavailable`."""
    which = wanted(filters, kind)
    length = func.length(writing_answers.c.text)
    edits = writing_answers.c.edits
    with transaction(engine, limit_s=LIMIT_S) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off"))
        total, refused, sure = connection.execute(
            select(
                func.count(),
                func.count().filter(~writings.c.is_writing),
                func.count().filter(writings.c.is_writing, writings.c.sure),
            ).where(*which)
        ).one()
        bin_: Any = literal_column(BIN[connection.dialect.name])
        cell = (writings.c.is_writing, writings.c.sure, writing_answers.c.text_kind, edits, length)
        cells = connection.execute(
            select(*cell, bin_, func.count(), func.sum(writings.c.confidence))
            .join_from(writings, writing_answers, writing_answers.c.writing_id == writings.c.id)
            .where(*which)
            .group_by(*cell, bin_)
        ).all()
        its = writing_characters.c
        # Of what was refused nothing was shown that could be taken for anything.
        pairs = connection.execute(
            select(its.truth, its.label, func.count())
            .join_from(writings, writing_characters, its.writing_id == writings.c.id)
            .where(*which, its.truth.is_not(None), writings.c.is_writing)
            .group_by(its.truth, its.label)
        ).all()
    return _statistics((total, refused, sure), cells, pairs)


def rate_interval(
    edits: int, characters: int, texts: int, squares: tuple[float, float, float]
) -> tuple[float, float] | None:
    """Return the 95 % interval of an error rate by character; None of nothing.

    A text's mistakes come together, so that not each character counts as one observation: the
    variance is that of a ratio over whole texts, and the interval is Wilson's with as many
    characters as would have that variance (Korn & Graubard, 1998, Survey Methodology 24: 193-201).
    squares: the sums over texts of edits², edits · characters and characters².
    """
    if not characters or not texts:
        return None
    rate = edits / characters
    share = min(rate, 1.0)
    of_edits, of_both, of_characters = squares
    spread = of_edits - 2 * rate * of_both + rate * rate * of_characters
    effective = float(texts)  # where all are alike, as careful as with one character a text
    if texts > 1 and spread > 0 and 0 < share < 1:
        variance = texts / (texts - 1) * spread / characters**2
        effective = min(share * (1 - share) / variance, float(characters))
    z2 = Z_95 * Z_95
    middle = share + z2 / (2 * effective)
    half = Z_95 * math.sqrt(share * (1 - share) / effective + z2 / (4 * effective * effective))
    scale = 1 + z2 / effective
    return max(0.0, min(share, (middle - half) / scale)), max(share, (middle + half) / scale)


def _statistics(counts: tuple[int, int, int], cells: Any, pairs: Any) -> WritingStatistics:
    verdicts = Counter(dict.fromkeys(WritingVerdict, 0))
    kinds, lengths = Counter[tuple[str, bool]](), Counter[tuple[str, bool]]()
    bins = [[0, 0, 0.0] for _ in range(RELIABILITY_BINS)]
    sure_answered = sure_right = edits = characters = texts = 0
    squares = [0.0, 0.0, 0.0]
    for is_writing, sure, kind, wrong, length, bin_, count, confidence in cells:
        became = writing_verdict(is_writing, wrong)
        is_right = became is WritingVerdict.READ_RIGHT
        verdicts[became] += count
        if wrong is not None:
            kinds[kind, is_right] += count
            lengths[_length(length), is_right] += count
        if not is_writing:
            continue
        bins[bin_][0] += count
        bins[bin_][1] += count * is_right
        bins[bin_][2] += confidence
        sure_answered += count * bool(sure)
        sure_right += count * bool(sure and is_right)
        if wrong is not None:
            texts, edits = texts + count, edits + count * wrong
            characters += count * length
            for place, product in enumerate((wrong * wrong, wrong * length, length * length)):
                squares[place] += count * product
    written = Counter[str]()
    for truth, _, times in pairs:
        written[truth] += times
    mistaken = [Confusion(t, read, n, written[t]) for t, read, n in pairs if t != read]
    mistaken.sort(key=lambda pair: (-pair.times, pair.truth, pair.read))
    return WritingStatistics(
        *counts,
        verdicts=dict(verdicts),
        sure_answered=sure_answered,
        sure_right=sure_right,
        edits=edits,
        characters=characters,
        error_interval=rate_interval(
            edits, characters, texts, (squares[0], squares[1], squares[2])
        ),
        by_kind=_groups(kinds, TEXT_KINDS),
        by_length=_groups(lengths, [_length(first) for first, _ in LENGTHS]),
        worst=tuple(mistaken[:WORST_PAIRS]),
        reliability=tuple(
            ReliabilityBin(
                place / RELIABILITY_BINS,
                (place + 1) / RELIABILITY_BINS,
                int(count),
                total / count if count else None,
                int(right),
            )
            for place, (count, right, total) in enumerate(bins)
        ),
    )


def _groups(counts: Counter[tuple[str, bool]], names: Any) -> tuple[TextGroup, ...]:
    groups = (
        TextGroup(name, counts[name, True] + counts[name, False], counts[name, True])
        for name in names
    )
    return tuple(group for group in groups if group.texts)


def _length(characters: int) -> str:
    first, last = next(one for one in LENGTHS if characters <= one[1])
    return "10 or more" if last == LENGTHS[-1][1] else f"{first} to {last}"
