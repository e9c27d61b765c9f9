"""What is believed of the store's answers, worked out once for all who look."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy import Engine

from feedback.candidates import ReviewedDrawing, list_answered
from feedback.records.rows import NOT_A_DIGIT
from model import Recogniser
from model.believing.believe import Believed, believe
from model.believing.opinion import ask
from model.believing.statements import LEAVE_OUT, NO_DIGIT, Answered, read_ink
from words.names import named

MOST = 5000  # answers, the newest; reading them takes some seconds


@dataclass(frozen=True)
class SetAside:
    """An answer that waits for the operator's eye.

    words: why. read_as: what the live weights take it for now, 0 to 10, and how sure, 0 to 1.
    """

    kept: ReviewedDrawing
    words: str
    read_as: int
    read_share: float
    in_live_test: bool


@dataclass(frozen=True)
class Beliefs:
    """What is believed of all answers. set_aside: those to be looked at, most contradicted first.

    counts: answers of each fate, by what it is called.
    """

    set_aside: tuple[SetAside, ...]
    counts: dict[str, int]


_last: dict[str, tuple[int, Beliefs]] = {}  # by store
_lock = threading.Lock()


def beliefs(engine: Engine, recogniser: Recogniser) -> Beliefs:
    """Return what is believed of the newest answers; raises StoreUnavailable.

    What an operator has decided does not change who waits here: what is decided on the page would
    otherwise move under the hand that decides. Some seconds for thousands of answers, once.
    """
    kept = list_answered(engine, limit=MOST)
    said = [(one.id, one.answered_at) for one in kept]
    print_of = hash((recogniser.card.version, tuple(said)))
    place = engine.url.render_as_string(hide_password=True)
    with _lock:  # who comes while it is worked out waits for that
        known = _last.get(place)
        if known is None or known[0] != print_of:
            known = _last[place] = (print_of, _believe(kept, recogniser))
        return known[1]


def _believe(kept: Sequence[ReviewedDrawing], recogniser: Recogniser) -> Beliefs:
    answers = [answered for one in kept if (answered := _plain(one)) is not None]
    found: Believed = believe(answers, partial(ask, recogniser))
    by_id = {one.id: one for one in kept}
    return Beliefs(
        tuple(
            SetAside(
                by_id[UUID(belief.answered.drawing)],
                belief.words,
                belief.read_as if belief.read_as is not None else NO_DIGIT,
                belief.read_share or 0.0,
                belief.in_live_test,
            )
            for belief in found.set_aside
        ),
        found.counts(),
    )


def _plain(kept: ReviewedDrawing) -> Answered | None:
    """Return an answer as believing takes it, without what an operator decided on its digit."""
    ink = read_ink(kept.ink_png)
    if ink is None or kept.answer is None or kept.answered_at is None:
        return None
    return Answered(
        drawing=str(kept.id),
        visitor=str(kept.session_id),
        label=NO_DIGIT if kept.answer is NOT_A_DIGIT else int(kept.answer),
        said_at=kept.answered_at,
        ink=ink,
        strokes=kept.strokes,
        review=None,
    )


def decision_words(decision: int) -> str:
    """Return what an operator decided, in words."""
    if decision == LEAVE_OUT:
        return "left out"
    return "not a digit" if decision == NO_DIGIT else f"it is {named(decision)}"


def label_words(label: int) -> str:
    """Return `a 3`, `an 8` or `not a digit`."""
    return named(NOT_A_DIGIT if label == NO_DIGIT else label)
