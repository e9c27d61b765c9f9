"""How many drawings one address may have read: some a minute, a minute's worth at once."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_ADDRESSES = 10_000  # remembered; who came longest ago is forgotten first
MINUTE_S = 60.0


class Allowances:
    """What each address has left; safe for threads."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nobody. rate: drawings a minute, 0 for any number; clock: seconds."""
        self._rate, self._clock = rate, clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str, drawings: int) -> int:
        """Take so many from an address's allowance; return 0, or in how many seconds to come again.

        More than a minute's worth at once is taken from a full allowance, which is paid back later.
        """
        if not self._rate:
            return 0
        with self._lock:
            now_s = self._clock()
            left, at_s = self._left.get(address, (float(self._rate), now_s))
            left = min(left + self._rate / MINUTE_S * (now_s - at_s), self._rate)
            needed = min(drawings, self._rate)
            if left < needed:
                self._remember(address, left, now_s)
                return max(math.ceil((needed - left) * MINUTE_S / self._rate), 1)
            self._remember(address, left - drawings, now_s)
            return 0

    def _remember(self, address: str, left: float, now_s: float) -> None:
        self._left[address] = (left, now_s)
        self._left.move_to_end(address)
        while len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)
