"""KEEP_DAYS: what is older than that is deleted, once an hour for as long as the server runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sqlalchemy import Engine

from feedback.errors import StoreUnavailable
from feedback.store import end_of_keeping, forget_before

log = logging.getLogger(__name__)

FIRST_S = 20.0  # after the start, which has enough to do, the schema included
EVERY_S = 3600.0
CLOSE_S = 5.0  # how long the end of the server waits for the part that is being deleted


class Retention:
    """Deletes old drawings in a thread of its own, until it is closed.

    Several servers over one store may do it at once: what one has deleted, the others do not find.
    """

    def __init__(
        self,
        engine: Engine,
        keep_days: int,
        *,
        rest: Callable[[], None] = lambda: None,
        first_s: float = FIRST_S,
        every_s: float = EVERY_S,
    ) -> None:
        """Begin. rest: called after something was deleted, so that the store may be let go."""
        self._engine, self._keep_days, self._rest = engine, keep_days, rest
        self._first_s, self._every_s = first_s, every_s
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._work, name="retention", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End, after the part that is being deleted."""
        self._ends.set()
        self._thread.join(CLOSE_S)

    def _work(self) -> None:
        wait_s = self._first_s
        while not self._ends.wait(wait_s):
            self._delete()
            wait_s = self._every_s

    def _delete(self) -> None:
        moment = end_of_keeping(self._keep_days)
        try:
            deleted = forget_before(self._engine, moment, goes_on=lambda: not self._ends.is_set())
        except StoreUnavailable as error:
            log.warning(
                "what is older than KEEP_DAYS=%d was not deleted: %s; it is tried again in an hour",
                self._keep_days,
                error,
            )
            return
        if deleted:
            drawings = "1 drawing was" if deleted == 1 else f"{deleted} drawings were"
            log.info("KEEP_DAYS=%d: %s older than that, and deleted", self._keep_days, drawings)
            self._rest()
