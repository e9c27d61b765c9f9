"""Following what is live: asked for now and then, loaded beside the old, changed at once."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from feedback.errors import StoreUnavailable
from model import Recogniser
from model.errors import WeightsError

log = logging.getLogger(__name__)

EVERY_S = 10.0  # how often the store is asked
FRESH_S = 30.0  # older than this, nobody is read by what was live then,
WAIT_S = 1.5  # but waits so long for the store's answer
QUIET_S = 300.0  # without anybody for so long, the store may sleep
AGAIN_S = 60.0  # until weights that could not be loaded are tried again


class NotLoadable(WeightsError):
    """Weights of the store that cannot be used, for whatever reason; it is said in words."""


@dataclass(frozen=True)
class Live:
    """The weights that read now. version: of the store's; None: they are the shipped ones."""

    recogniser: Recogniser
    version: str | None


@dataclass(frozen=True)
class Trouble:
    """Weights that are to be live and cannot be loaded, and why."""

    version: str | None
    words: str
    at_s: float


class Following:
    """Keeps the recogniser of what is live; safe for threads.

    What reads is one object, exchanged whole: whoever holds it goes on with it, so no reading is
    half by the old and half by the new.
    """

    def __init__(
        self,
        ask: Callable[[], str | None],
        load: Callable[[str | None], Recogniser],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask nothing yet.

        ask: returns the version that is live, None for the shipped weights; raises
        StoreUnavailable. load: returns a version's recogniser; raises WeightsError or
        StoreUnavailable. clock: seconds that never go back.
        """
        self._ask, self._load, self._clock = ask, load, clock
        self._live: Live | None = None
        self._trouble: Trouble | None = None
        self._looked_s: float | None = None
        self._wanted_s = clock()
        self._looking = threading.Lock()
        self._shipped = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def trouble(self) -> Trouble | None:
        """Weights that are to be live and are not, and why; None where all is well."""
        return self._trouble

    @property
    def is_loaded(self) -> bool:
        """Whether there are weights that can read at once."""
        return self._live is not None

    @property
    def version(self) -> str | None:
        """The store's version that reads; None: the shipped weights do, or nothing so far."""
        return None if self._live is None else self._live.version

    def begin(self) -> None:
        """Look every few seconds from now on, in a thread; once is enough."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="follow-weights", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Look no more; what is loaded goes on reading."""
        self._ended.set()

    def recogniser(self) -> Recogniser:
        """Return what reads now; raises WeightsError where there is nothing.

        Where nobody has looked for half a minute, as after a sleep, this asks before it answers,
        and waits a moment for that.
        """
        self._wanted_s = self._clock()
        if self._is_stale():
            self._look_in_time()
        live = self._live or self._begin_with_shipped()
        return live.recogniser

    def look(self) -> None:
        """Ask what is live, and load it where it is another; raises nothing that is expected."""
        with self._looking:
            try:
                version = self._ask()
            except StoreUnavailable:
                return  # the store's own line says so; what reads goes on
            finally:
                self._looked_s = self._clock()
            if self._live is not None and self._live.version == version:
                self._trouble = None
                return
            trouble = self._trouble
            if (
                trouble is not None
                and trouble.version == version
                and self._clock() - trouble.at_s < AGAIN_S
            ):
                return
            self._change_to(version)

    def _change_to(self, version: str | None) -> None:
        name = version or "the shipped weights"
        try:
            recogniser = self._load(version)
        except (WeightsError, StoreUnavailable) as error:
            self._trouble = Trouble(version, str(error), self._clock())
            log.error("%s cannot be loaded, what was live before goes on: %s", name, error)
            return
        is_first = self._live is None
        self._live, self._trouble = Live(recogniser, version), None
        if not is_first:
            log.info("%s read from now on", recogniser.card.version)

    def _begin_with_shipped(self) -> Live:
        with self._shipped:
            if self._live is None:
                self._live = Live(self._load(None), None)
            return self._live

    def _is_stale(self) -> bool:
        return self._looked_s is None or self._clock() - self._looked_s >= FRESH_S

    def _look_in_time(self) -> None:
        thread = threading.Thread(target=self.look, name="look-for-weights", daemon=True)
        thread.start()
        thread.join(WAIT_S)
        if thread.is_alive():  # the next one who asks does not wait as well
            self._looked_s = self._clock()

    def _run(self) -> None:
        while not self._ended.wait(EVERY_S):
            if self._clock() - self._wanted_s < QUIET_S:
                try:
                    self.look()
                except Exception:
                    log.exception("what is live cannot be followed")
