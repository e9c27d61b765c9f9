"""Results that many sessions ask for at once, worked out once and remembered for a moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

Result = TypeVar("Result")
KEPT = 256  # results at most; older ones go first


@dataclass
class _Work:
    """One piece of work, done or being done."""

    future: Future[Any] = field(default_factory=Future)
    done_at_s: float = 0.0
    fresh_for_s: float = 0.0


class Recent:
    """Remembers each result for ten times as long as it took, and for five seconds at most.

    What is quick is thus never stale, and what is slow never takes more than a tenth of a
    processor, however many people look. Whoever asks while a result is being worked out gets that
    one, or its exception: with a dead server, all wait as long as one. Exceptions are not kept.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing remembered; clock: seconds that never go back."""
        self._clock = clock
        self._lock = threading.Lock()
        self._works: dict[Hashable, _Work] = {}

    def result(self, key: Hashable, work_out: Callable[[], Result]) -> Result:
        """Return the result that is known by `key`, worked out now unless a fresh one is there."""
        with self._lock:
            work = self._works.pop(key, None)
            is_mine = work is None or self._is_stale(work)
            if work is None or is_mine:
                work = _Work()
            self._works[key] = work  # the youngest is the last
            while len(self._works) > KEPT:
                del self._works[next(iter(self._works))]
        if is_mine:
            self._do(work, work_out)
        result: Result = work.future.result()
        return result

    def forget(self) -> None:
        """Work everything out again when it is next asked for."""
        with self._lock:
            self._works.clear()

    def _is_stale(self, work: _Work) -> bool:
        if not work.future.done():
            return False
        if work.future.exception() is not None:
            return True
        return self._clock() - work.done_at_s >= work.fresh_for_s

    def _do(self, work: _Work, work_out: Callable[[], Any]) -> None:
        begun_s = self._clock()
        try:
            result = work_out()
        except BaseException as error:  # whatever it is, those who wait must not wait for ever
            work.future.set_exception(error)
        else:
            work.done_at_s = self._clock()
            work.fresh_for_s = min(10 * (work.done_at_s - begun_s), 5.0)
            work.future.set_result(result)
