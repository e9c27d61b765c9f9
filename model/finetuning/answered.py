"""Drawings with what their authors say they show: what fine-tuning learns from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from model.believing.statements import NO_DIGIT as NO_DIGIT
from model.datasets.mnist import CLASSES
from model.pen.drawings import Strokes

FEWEST = 10  # drawings from which anything is learnt
MOST = 20_000  # drawings that are learnt from at once: the newest


class TooLittleToLearn(Exception):
    """There are no drawings to learn from, or too few; the message says what to do."""


@dataclass(frozen=True, eq=False)
class AnsweredDrawing:
    """One drawing and its author's answer.

    ink: uint8 (28, 28), as the network saw it. label: 0 to 9, or `NO_DIGIT`. strokes: as they were
    recorded, or None where there are none. visitor: who answered, the same for the same person, or
    None where nobody knows, as `answered_at`, which has its time zone. weight: above 0 and up to 1,
    how often it comes, against one that is believed in full.
    """

    ink: NDArray[np.uint8]
    label: int
    strokes: Strokes | None = None
    visitor: str | None = None
    answered_at: datetime | None = None
    weight: float = 1.0


@dataclass(frozen=True)
class Tally:
    """What a set of answered drawings amounts to."""

    digits: int  # answers that named a digit
    not_digits: int  # answers that said it is none
    visitors: int | None  # None where nobody knows
    until: datetime | None  # when the newest answer was given, in UTC; None where nobody knows
    missing: tuple[str, ...]  # digits of which there is no drawing

    def __str__(self) -> str:
        """Return the tally in words."""
        words = [f"{_counted(self.digits, 'drawing')} of digits"]
        if self.not_digits:
            words.append(f"{self.not_digits:,} of no digit")
        people = f" by {_counted(self.visitors, 'visitor')}" if self.visitors else ""
        until = f", answered until {self.until:%Y-%m-%d %H:%M} UTC" if self.until else ""
        return " and ".join(words) + people + until


def tally(drawings: Sequence[AnsweredDrawing]) -> Tally:
    """Return what these drawings amount to; raise TooLittleToLearn where they are too few."""
    if len(drawings) < FEWEST:
        there = _counted(len(drawings), "answered drawing") if drawings else "no answered drawings"
        raise TooLittleToLearn(
            f"{there}: at least {FEWEST} are needed, and some 30 of each digit are a good beginning"
        )
    counts = Counter(drawing.label for drawing in drawings)
    if len(counts) == 1:
        name = "no digit" if NO_DIGIT in counts else f"a {next(iter(counts))}"
        raise TooLittleToLearn(
            f"all {len(drawings):,} drawings are said to be {name}: whoever saw nothing else would "
            "read everything so. Add drawings of other digits"
        )
    visitors = {drawing.visitor for drawing in drawings} - {None}
    times = [drawing.answered_at for drawing in drawings if drawing.answered_at]
    return Tally(
        digits=len(drawings) - counts[NO_DIGIT],
        not_digits=counts[NO_DIGIT],
        visitors=len(visitors) or None,
        until=max(times).astimezone(UTC) if times else None,
        missing=tuple(name for place, name in enumerate(CLASSES) if not counts[place]),
    )


def _counted(number: int | None, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
