"""Which answers are believed, how far, and why: the one place that decides it."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from model.believing.doubts import contradicted, cross_validated, mistrusted
from model.believing.opinion import Opinion
from model.believing.shares import live_test, over_share, sent_twice
from model.believing.statements import LEAVE_OUT, NO_DIGIT, Answered

SET_ASIDE_WEIGHT = 0.1  # of a drawing that waits for the operator's eye, in training
MISTRUSTED_WEIGHT = 0.01  # the same of a visitor most of whose answers are contradicted


class Reason(enum.Enum):
    """Why an answer does not count in full."""

    LEFT_OUT = "left out by the operator"
    SENT_TWICE = "sent twice"
    OVER_SHARE = "over this visitor's share"
    SET_ASIDE = "set aside"

    def __str__(self) -> str:
        """Return the reason in words."""
        return self.value


@dataclass(frozen=True, kw_only=True)
class Belief:
    """How far one answer is believed.

    label: what the drawing is taken to show, 0 to 9 or `NO_DIGIT`. in_live_test: it is never learnt
    from. weight: how much it counts, 0..1, in the part that it is in. reason: why that is not 1,
    and `words` say the same to a person; None and "" where it is. read_as: what the weights take
    it for, and read_share how sure they are; None where that was not asked.
    """

    answered: Answered
    label: int
    in_live_test: bool
    weight: float
    reason: Reason | None = None
    words: str = ""
    read_as: int | None = None
    read_share: float | None = None


@dataclass(frozen=True)
class Believed:
    """What is believed of a number of answers, in their order."""

    beliefs: list[Belief]

    @property
    def training(self) -> list[Belief]:
        """Return what is learnt from, what is set aside among it at its lower weight."""
        return [belief for belief in self.beliefs if belief.weight and not belief.in_live_test]

    @property
    def live_test(self) -> list[Belief]:
        """Return what old and new weights are compared on."""
        return [belief for belief in self.beliefs if belief.weight and belief.in_live_test]

    @property
    def set_aside(self) -> list[Belief]:
        """Return what waits for the operator, of both parts; the most contradicted first."""
        waiting = [belief for belief in self.beliefs if belief.reason is Reason.SET_ASIDE]
        return sorted(waiting, key=lambda belief: -(belief.read_share or 0))

    def counts(self) -> dict[str, int]:
        """Return how many answers there are, in all and of each fate, by what it is called."""
        reasons = Counter(belief.reason for belief in self.beliefs)
        full = [belief for belief in self.beliefs if belief.reason is None]
        return {
            "answers": len(self.beliefs),
            "visitors": len({belief.answered.visitor for belief in self.beliefs}),
            "learnt from": sum(not belief.in_live_test for belief in full),
            "live test": sum(belief.in_live_test for belief in full),
            **{str(reason): reasons[reason] for reason in Reason},
        }


def believe(
    answers: Sequence[Answered],
    ask: Callable[[Sequence[Answered]], Opinion],
    *,
    has_live_test: bool = True,
) -> Believed:
    """Return how far each answer is believed, in their order.

    ask: what the weights that are live say of drawings, such as `opinion.ask` of a recogniser; of
    those that count alone, some milliseconds each. has_live_test: False for trials that test
    elsewhere. The same answers and weights give the same beliefs.
    """
    reasons: dict[str, Reason] = {a.drawing: Reason.LEFT_OUT for a in answers
                                  if a.review == LEAVE_OUT}  # fmt: skip
    there = [answered for answered in answers if answered.drawing not in reasons]
    reasons |= dict.fromkeys(sent_twice(there), Reason.SENT_TWICE)
    there = [answered for answered in there if answered.drawing not in reasons]
    tested = live_test(there) if has_live_test else set()
    for part in (True, False):
        own = [answered for answered in there if (answered.drawing in tested) is part]
        reasons |= dict.fromkeys(over_share(own), Reason.OVER_SHARE)
    counting = [answered for answered in there if answered.drawing not in reasons]
    doubts = _doubts(counting, ask) if counting else {}
    return Believed([_belief(a, a.drawing in tested, reasons, doubts) for a in answers])


@dataclass(frozen=True)
class _Doubt:
    is_contradicted: bool
    read_as: int
    read_share: float
    others: float  # share of that, by the model of other visitors' answers
    is_mistrusted: bool  # most of what this visitor answered is contradicted


def _doubts(
    counting: Sequence[Answered], ask: Callable[[Sequence[Answered]], Opinion]
) -> dict[str, _Doubt]:
    opinion = ask(counting)
    labels = np.array([answered.believed_label for answered in counting])
    visitors = [answered.visitor for answered in counting]
    waits = np.array([answered.review is None for answered in counting])
    others = cross_validated(opinion, labels, visitors)
    both = waits & contradicted(opinion.shares, labels) & contradicted(others, labels)
    best = opinion.shares.argmax(axis=1)
    of_mistrusted = mistrusted(both, visitors)
    aside = both | (waits & of_mistrusted & (best != labels))
    return {
        answered.drawing: _Doubt(
            bool(aside[row]),
            int(best[row]),
            float(opinion.shares[row, best[row]]),
            float(others[row, best[row]]),
            bool(of_mistrusted[row]),
        )
        for row, answered in enumerate(counting)
    }


def _belief(
    answered: Answered, is_tested: bool, reasons: dict[str, Reason], doubts: dict[str, _Doubt]
) -> Belief:
    reason, doubt = reasons.get(answered.drawing), doubts.get(answered.drawing)
    weight, words = (1.0, "") if reason is None else (0.0, str(reason))
    if doubt is not None and doubt.is_contradicted:
        reason = Reason.SET_ASIDE
        lower = MISTRUSTED_WEIGHT if doubt.is_mistrusted else SET_ASIDE_WEIGHT
        weight = 0.0 if is_tested else lower
        words = (
            f"set aside: answered {name_of(answered.label)}, read as {name_of(doubt.read_as)} "
            f"({_percent(doubt.read_share)} sure; {_percent(doubt.others)} by other visitors' "
            "answers)"
        )
        if doubt.is_mistrusted:
            words += "; most of this visitor's answers are contradicted"
    return Belief(
        answered=answered,
        label=answered.believed_label,
        in_live_test=is_tested,
        weight=weight,
        reason=reason,
        words=words,
        read_as=doubt.read_as if doubt else None,
        read_share=doubt.read_share if doubt else None,
    )


def _percent(share: float) -> str:
    """Return a share in words; what is not quite all never reads 100 %."""
    return "over 99.9 %" if 0.9995 <= share < 1 else f"{100 * share:.1f} %"


def name_of(label: int) -> str:
    """Return a label in words, for a sentence."""
    return "no digit" if label == NO_DIGIT else str(label)


def describe(believed: Believed) -> str:
    """Return what became of the answers as a few lines to read."""
    counts = believed.counts()
    notes = {
        "live test": "never learnt from: old and new weights are compared on it",
        str(Reason.SET_ASIDE): f"weight {SET_ASIDE_WEIGHT:g} at most until somebody reviews "
        "them; not in the live test",
    }
    head = f"{counts['answers']:,} answers of {counts['visitors']:,} visitors"
    lines = [
        f"  {name:<28}{number:>7,}{'   ' + notes[name] if name in notes else ''}"
        for name, number in counts.items()
        if name not in ("answers", "visitors")
    ]
    return "\n".join([head, *lines])
