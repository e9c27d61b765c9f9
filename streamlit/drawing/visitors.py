"""Who may ask for readings, and how often: open pages of this process, some a second each."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

A_SECOND = 20.0  # readings; a page asks for some eleven while the pen is down
AT_ONCE = 40.0
MOST_VISITORS = 10_000  # remembered; who came longest ago is forgotten first


@dataclass
class _Allowance:
    left: float
    at_s: float


class Visitors:
    """The pages that may ask, each known by a pass that was made for it; safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nobody; clock: seconds that never go back."""
        self._clock = clock
        self._lock = threading.Lock()
        self._allowances: OrderedDict[str, _Allowance] = OrderedDict()

    def welcome(self) -> str:
        """Return a new pass, which nobody guesses."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._allowances[name] = _Allowance(AT_ONCE, self._clock())
            while len(self._allowances) > MOST_VISITORS:
                self._allowances.popitem(last=False)
        return name

    def is_known(self, name: str) -> bool:
        """Tell whether a pass was made here."""
        with self._lock:
            return name in self._allowances

    def may_ask(self, name: str) -> bool:
        """Take one reading from a known visitor's allowance; False where none is left."""
        with self._lock:
            allowance = self._allowances[name]
            now_s = self._clock()
            refilled = allowance.left + A_SECOND * (now_s - allowance.at_s)
            allowance.at_s, allowance.left = now_s, min(refilled, AT_ONCE)
            self._allowances.move_to_end(name)
            if allowance.left < 1:
                return False
            allowance.left -= 1
            return True


VISITORS = (
    Visitors()
)  # the process's own: the script makes passes, the server's route asks for them
