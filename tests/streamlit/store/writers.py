"""Writers for tests: over a real store, and over one that is away when a test says so."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from feedback.errors import StoreUnavailable
from feedback.spool.spool import Spool
from feedback.store import check_connection, check_writable, record_drawing, record_words
from store.writer import Writer

LONG_S = 20.0
STORE = "the store of this test"


def until(is_so: Callable[[], object], limit_s: float = LONG_S) -> bool:
    """Return whether something comes true in that time."""
    deadline = time.monotonic() + limit_s
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def spooling_writer(engine: Engine, folder: Path, **options: Any) -> Writer:
    """Return a writer over a store, with its spool in that folder."""
    usual: dict[str, Any] = {
        "check": partial(check_writable, engine),
        "record_drawing": partial(record_drawing, engine),
        "record_words": partial(record_words, engine),
        "check_every_s": 0.05,
        "chores_every_s": 0.2,
        "spool": Spool(folder, STORE),
    }
    return Writer(**(usual | options))


class Away:
    """A store whose check and writes fail for as long as `is_away`; each call is counted."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_away = True
        self.checks = self.writes = 0

    def _call(self, work: Callable[..., object], *arguments: object) -> Any:
        if self.is_away:
            raise StoreUnavailable("the database is away")
        return work(self.engine, *arguments)

    def check(self) -> None:
        self.checks += 1
        self._call(check_connection)

    def record(self, drawing: Any, words: Any = ()) -> Any:
        self.writes += 1
        if not words:
            return self._call(record_drawing, drawing)
        return self._call(record_words, drawing, words)

    def writer(self, folder: Path, **options: Any) -> Writer:
        """Return a writer over this store, with its spool in that folder."""
        own = {"check": self.check, "record_drawing": self.record, "record_words": self.record}
        return spooling_writer(self.engine, folder, **(own | options))


def lines_in(folder: Path) -> int:
    """Return how many writes lie in the spool."""
    return sum(len(path.read_bytes().splitlines()) - 1 for path in folder.glob("*.waiting"))
