"""Drawings of one moment, whoever sent them, through the network together."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

from api.reading.preparing import Effort
from model import BadDrawing, Prediction, Recogniser
from model.ink.preprocess import Prepared
from model.reading.recogniser import BATCH

WAIT_S = 0.005  # at most, for drawings that are being prepared
PREPARING = 2  # threads that decode pictures and lay them out
LARGE = 1  # threads for pictures that take long, so that small ones never stand behind them
READING = 2  # threads that read what is more than one batch

Answer = Prediction | BadDrawing


class Readings(NamedTuple):
    """What drawings were read as, in their order, and which weights read all of them."""

    answers: list[Answer]
    version: str


@dataclass(frozen=True, eq=False)
class _Asked:
    """The drawings of one request, ready for the network."""

    inks: list[Prepared | BadDrawing]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[Readings]


class Batches:
    """A thread that reads what others prepare; safe for any number of requests.

    Whoever comes alone waits for nobody: what is waited for is only what is being prepared at that
    moment, and that for 5 ms at most.
    """

    def __init__(self, recogniser: Callable[[], Recogniser]) -> None:
        """Begin. recogniser: gives what reads now; asked once for each batch."""
        self._recogniser = recogniser
        self._changed = threading.Condition()
        self._ready: deque[_Asked] = deque()
        self._preparing = 0
        self._has_ended = False
        self._small = ThreadPoolExecutor(PREPARING, "prepare")
        self._large = ThreadPoolExecutor(LARGE, "prepare-large")
        self._together = ThreadPoolExecutor(READING, "read-together")
        self._thread = threading.Thread(target=self._run, name="read-batches", daemon=True)
        self._thread.start()

    async def read(
        self, prepare: Callable[[], list[Prepared | BadDrawing]], effort: Effort = Effort.SMALL
    ) -> Readings:
        """Return what drawings are read as; raises WeightsError.

        prepare: makes them ready, in another thread unless the effort is tiny.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Readings] = loop.create_future()
        is_waited_for = effort is not Effort.LARGE
        if is_waited_for:
            with self._changed:
                self._preparing += 1
        if effort is Effort.TINY:
            self._prepare(prepare, is_waited_for, loop, done)
        else:
            pool = self._small if is_waited_for else self._large
            pool.submit(self._prepare, prepare, is_waited_for, loop, done)
        return await done

    def end(self) -> None:
        """Read what waits, and no more."""
        self._small.shutdown(cancel_futures=True)
        self._large.shutdown(wait=False, cancel_futures=True)
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()
        self._thread.join(1.0)
        self._together.shutdown(wait=False)

    def _prepare(
        self,
        prepare: Callable[[], list[Prepared | BadDrawing]],
        is_waited_for: bool,
        loop: asyncio.AbstractEventLoop,
        done: asyncio.Future[Readings],
    ) -> None:
        inks: list[Prepared | BadDrawing] | None = None
        try:
            inks = prepare()
        except BaseException as error:
            _settle(loop, [(done, None, error)])
        finally:
            with self._changed:
                if is_waited_for:
                    self._preparing -= 1
                if inks is not None:
                    self._ready.append(_Asked(inks, loop, done))
                self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ready or self._has_ended)
                if not self._ready:
                    return
                self._wait_for_others()
                asked = list(self._ready)
                self._ready.clear()
            self._answer(asked)

    def _wait_for_others(self) -> None:
        due_s = time.monotonic() + WAIT_S
        while self._preparing and sum(len(one.inks) for one in self._ready) < BATCH:
            left_s = due_s - time.monotonic()
            if left_s <= 0:
                return
            self._changed.wait(left_s)

    def _answer(self, asked: Sequence[_Asked]) -> None:
        """Read what several requests have sent, and answer each with its own."""
        try:
            recogniser = self._recogniser()
            drawings = [ink for one in asked for ink in one.inks if not isinstance(ink, BadDrawing)]
            parts = [drawings[start : start + BATCH] for start in range(0, len(drawings), BATCH)]
            # One batch is read here: handing it over would only take time.
            each = self._together.map if len(parts) > 1 else map
            predictions = [one for part in each(recogniser.read_prepared, parts) for one in part]
        except Exception as error:
            _settle(asked[0].loop, [(one.done, None, error) for one in asked])
            return
        read, version = iter(predictions), recogniser.card.version
        settled: list[tuple[asyncio.Future[Readings], Readings | None, BaseException | None]] = []
        for one in asked:
            answers: list[Answer] = [
                ink if isinstance(ink, BadDrawing) else next(read) for ink in one.inks
            ]
            settled.append((one.done, Readings(answers, version), None))
        _settle(asked[0].loop, settled)  # all requests are of one loop


def _settle(loop: asyncio.AbstractEventLoop, settled: Sequence[tuple[Any, Any, Any]]) -> None:
    def now() -> None:
        for done, readings, error in settled:
            if done.done():  # who asked has gone away
                continue
            if error is None:
                done.set_result(readings)
            else:
                done.set_exception(error)

    try:
        loop.call_soon_threadsafe(now)
    except RuntimeError:  # the loop has ended, and nobody waits any more
        return
