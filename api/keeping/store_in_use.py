"""The store that the settings name: opened once, and asked whether it answers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from typing import Literal

from sqlalchemy import Engine

from api.rules.problems import Problem
from feedback.connection.embedded import let_go
from feedback.connection.engine import open_engine
from feedback.connection.settings import StoreSettings, read_settings
from feedback.errors import SettingsError, StoreUnavailable
from feedback.migrate import migrate
from feedback.store import check_connection
from serving.keeping.retention import Retention

log = logging.getLogger(__name__)

NOTHING_KEPT = "nothing is kept here: this service runs without a store"
FRESH_S = 2.0  # what was found out is good for so long
TRY_AGAIN_S = 10.0  # how often a schema that could not be brought up to date is tried again
State = Literal["answers", "off", "away", "not configured rightly"]


class StoreInUse:
    """One store for the life of the process; safe for threads."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Open what the settings name; nothing is connected yet."""
        self.settings: StoreSettings | None = None
        self.problem: str | None = None
        self._engine: Engine | None = None
        try:
            self.settings = read_settings(environ)
        except SettingsError as error:
            self.problem = str(error)
        else:
            self._engine = None if self.settings.url is None else open_engine(self.settings)
        self._retention: Retention | None = None
        self._asking = threading.Lock()
        self._asked_s = -FRESH_S
        self._is_away = False
        self._is_migrated = False
        self._preparing: threading.Thread | None = None
        self._ended = threading.Event()

    @property
    def engine(self) -> Engine | None:
        """The store's engine; None where nothing is kept."""
        return self._engine

    def begin(self) -> None:
        """Bring the schema up to date, in a thread, as the settings say; begin to delete by age."""
        if self._engine is None or self.settings is None:
            return
        self._preparing = threading.Thread(target=self._prepare, name="prepare-store", daemon=True)
        self._preparing.start()
        if self.settings.keep_days is not None:
            self._retention = Retention(self._engine, self.settings.keep_days)

    def require(self) -> Engine:
        """Return the store's engine; raise `Problem` or `SettingsError` where there is none."""
        if self.problem is not None:
            raise SettingsError(self.problem)
        if self._engine is None:
            raise Problem(501, NOTHING_KEPT)
        if not self._is_migrated:
            self._migrate()
        return self._engine

    def state(self) -> State:
        """Return whether the store answers, asked anew where nobody did in the last two seconds."""
        if self.problem is not None:
            return "not configured rightly"
        if self._engine is None:
            return "off"
        if time.monotonic() - self._asked_s >= FRESH_S and self._asking.acquire(blocking=False):
            try:
                self._is_away = not self._answers(self._engine)
                self._asked_s = time.monotonic()
            finally:
                self._asking.release()
        return "away" if self._is_away else "answers"

    def end(self) -> None:
        """Let go of the store."""
        self._ended.set()
        if self._retention is not None:
            self._retention.close()
        if self._engine is not None:
            let_go(self._engine)

    def _answers(self, engine: Engine) -> bool:
        try:
            check_connection(engine)
        except StoreUnavailable as error:
            # While its schema is made, what makes it says what is wrong.
            if not self._is_away and not self._is_being_prepared:
                log.warning("the store is away: %s", error)
            return False
        return True

    @property
    def _is_being_prepared(self) -> bool:
        is_wanted = self.settings is not None and self.settings.migrate_at_start
        is_tried = self._preparing is None or self._preparing.is_alive()
        return is_wanted and is_tried and not self._is_migrated

    def _prepare(self) -> None:
        while not self._ended.is_set():
            try:
                self._migrate()
            except StoreUnavailable as error:
                log.warning("the store is away: %s", error)
            else:
                return
            self._ended.wait(TRY_AGAIN_S)

    def _migrate(self) -> None:
        assert self._engine is not None
        assert self.settings is not None
        if self.settings.migrate_at_start and not self._is_migrated:
            migrate(self._engine)
        self._is_migrated = True
