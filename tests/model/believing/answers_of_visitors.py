"""Answers as visitors give them, and weights that say what a test lets them say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from model.believing.opinion import Opinion
from model.believing.statements import Answered

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def an_answer(number: int, **changes: Any) -> Answered:
    """Return an answer that differs from those of other numbers in ink, moment and id."""
    ink = np.zeros((28, 28), np.uint8)
    ink.flat[:8] = np.frombuffer(number.to_bytes(8, "big"), np.uint8)
    usual: dict[str, Any] = {
        "drawing": f"drawing {number}",
        "visitor": "somebody",
        "label": number % 10,
        "said_at": NOON + timedelta(seconds=number),
        "ink": ink,
    }
    return Answered(**(usual | changes))


def answers_by(counts: Sequence[int], first: int = 0) -> list[Answered]:
    """Return so many answers of each of several visitors."""
    visitors = [f"visitor {place}" for place, count in enumerate(counts) for _ in range(count)]
    return [an_answer(first + n, visitor=visitor) for n, visitor in enumerate(visitors)]


def weights_that_read(
    labels: dict[str, int], share: float = 0.999
) -> Callable[[Sequence[Answered]], Opinion]:
    """Return weights that are so sure of these labels, by drawing, and of the answer elsewhere.

    Their features say which digit a drawing looks like, and nothing else.
    """

    def ask(answers: Sequence[Answered]) -> Opinion:
        shares = np.full((len(answers), 11), (1 - share) / 10)
        features = np.zeros((len(answers), 11))
        for row, answered in enumerate(answers):
            label = labels.get(answered.drawing, answered.believed_label)
            shares[row, label] = share
            features[row, label] = 1
        return Opinion(shares, features)

    return ask


AGREEING = weights_that_read({})
