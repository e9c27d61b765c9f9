"""What the log says about a store that goes away and comes back."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

REMIND_EVERY_S = 60.0


class Outages:
    """Writes one line when the store goes away, one a minute while it is, one when it is back.

    It is back once what waited has been written: a store that answers and then takes nothing has
    only been away for longer. No line says whose drawings wait, or what is on them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """clock: seconds that only grow."""
        self._clock = clock
        self._since_s: float | None = None  # None: the store is not away
        self._said_s = 0.0
        self._to_write: int | None = None  # of what waited, once the store answers again
        self._written = 0

    def away(self, why: str, waiting: int) -> None:
        """Note that a check or a write failed; why: in words for the operator."""
        now_s = self._clock()
        self._to_write = None
        if self._since_s is None:
            self._since_s, self._written = now_s, 0
            log.error("the store is away: %s; %s", why, _wait(waiting))
        elif now_s - self._said_s >= REMIND_EVERY_S:
            away_s = now_s - self._since_s
            log.warning("the store has been away for %.0f s: %s; %s", away_s, why, _wait(waiting))
        else:
            return
        self._said_s = now_s

    def answers(self, waiting: int) -> None:
        """Note that a check succeeded, with so many drawings to write."""
        if self._since_s is not None:
            self._to_write = waiting
            self._say_if_back()

    def settled(self, *, is_written: bool) -> None:
        """Note that one drawing was written, or refused for good."""
        if self._to_write is not None:
            self._to_write -= 1
            self._written += is_written
            self._say_if_back()

    def _say_if_back(self) -> None:
        if self._to_write == 0 and self._since_s is not None:
            away_s = self._clock() - self._since_s
            written = "1 drawing was" if self._written == 1 else f"{self._written} drawings were"
            log.info("the store is back after %.0f s; %s written", away_s, written)
            self._since_s = self._to_write = None


def _wait(waiting: int) -> str:
    return "1 drawing waits" if waiting == 1 else f"{waiting} drawings wait"
