"""How far a write has come, for the page that waits for it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import Enum


class State(Enum):
    """How far a write has come."""

    WAITING = "waiting"
    SAVED = "saved"  # committed
    OVERTAKEN = "overtaken"  # committed; something that was said later stands
    UNSAVED = "unsaved"  # the store is away; it is written as soon as a check succeeds
    SET_ASIDE = "set aside"  # failed alone, while others' did not; tried again now and then
    REFUSED = "refused"  # will not be written
    DELETED = "deleted"  # by its author: will not be written either


@dataclass
class Receipt:
    """What a page watches to learn how its write went."""

    state: State = State.WAITING
    problem: str = ""  # words for a person, for UNSAVED, SET_ASIDE and REFUSED
    is_told_late: bool = False  # whether words stand on the page that say it is not kept yet
    _settled: threading.Event = field(default_factory=threading.Event, repr=False)

    def settle(self, state: State, problem: str = "") -> None:
        """Tell the outcome; one that is not kept may be settled again later."""
        self.state, self.problem = state, problem
        self._settled.set()

    def wait(self, timeout_s: float) -> State:
        """Return the outcome, or WAITING when there is none in that time."""
        self._settled.wait(timeout_s)
        return self.state

    @property
    def is_kept(self) -> bool:
        """Whether the store has acknowledged it."""
        return self.state in (State.SAVED, State.OVERTAKEN)
