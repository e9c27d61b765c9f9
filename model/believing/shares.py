"""How much one visitor counts, what was sent twice, and which drawings are the live test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from model.believing.statements import Answered, number_of

MOST_OF_VISITOR = 50  # drawings of one visitor that count
MANY_VISITORS = 20  # from so many on, one visitor counts at most as the next two say
MOST_SHARE = 0.05  # of all drawings that count
LEAST_MOST = 10  # drawings that every visitor may bring, however few there are in all
LIVE_TEST = 5  # one visitor in so many is never learnt from; of few visitors, one drawing
FEW_VISITORS = 5  # below so many, drawings are divided, not visitors


def sent_twice(answers: Sequence[Answered]) -> set[str]:
    """Return the ids of drawings that were there already, ink for ink, whoever sent them.

    Of several that are alike, the one that the operator has looked at counts, or else the one that
    was answered last.
    """
    counting: dict[bytes, Answered] = {}
    for answered in answers:
        ink = answered.ink.tobytes()
        if ink not in counting or _rank(answered) > _rank(counting[ink]):
            counting[ink] = answered
    stay = {answered.drawing for answered in counting.values()}
    return {answered.drawing for answered in answers} - stay


def _rank(answered: Answered) -> tuple[bool, float, str]:
    return answered.review is not None, answered.said_at.timestamp(), answered.drawing


def most_of_one(visitors: Sequence[str]) -> int:
    """Return how many drawings of one visitor count; visitors: whose each drawing is."""
    counts = Counter(visitors).values()
    most = MOST_OF_VISITOR
    if len(counts) >= MANY_VISITORS:
        while most > LEAST_MOST and most > MOST_SHARE * sum(min(n, most) for n in counts):
            most -= 1
    return most


def over_share(answers: Sequence[Answered]) -> set[str]:
    """Return the ids of drawings beyond what their visitor may bring.

    What the operator has looked at comes first, then chance decides, the same every time: neither
    who draws last nor who draws most decides which drawings count.
    """
    most = most_of_one([answered.visitor for answered in answers])
    by_visitor: dict[str, list[Answered]] = {}
    for answered in answers:
        by_visitor.setdefault(answered.visitor, []).append(answered)
    return {
        answered.drawing
        for theirs in by_visitor.values()
        for answered in sorted(theirs, key=lambda a: (a.review is None, number_of(a.drawing)))[
            most:
        ]
    }


def live_test(answers: Sequence[Answered]) -> set[str]:
    """Return the ids of the drawings that are never learnt from.

    Those of one visitor in five, by the visitor's SHA-256, so that who is in it stays in it. Where
    that is nobody, those of the visitor with the lowest. Below five visitors: one drawing in five.
    """
    visitors = sorted({answered.visitor for answered in answers}, key=number_of)
    if len(visitors) < FEW_VISITORS:
        return {a.drawing for a in answers if number_of(a.drawing) % LIVE_TEST == 0}
    chosen = {visitor for visitor in visitors if number_of(visitor) % LIVE_TEST == 0}
    chosen = chosen or set(visitors[:1])
    return {answered.drawing for answered in answers if answered.visitor in chosen}
