"""Writes drawings and answers in the background, so that no one who draws waits for a database."""

from __future__ import annotations

import atexit
import logging
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from feedback.errors import RowRefused, StoreUnavailable
from feedback.records.rows import Answer, AnswerOutcome, Drawing
from store.outages import Outages
from store.receipt import Receipt, State

log = logging.getLogger(__name__)

MOST_WAITING = 10_000  # drawings held while the database is away, 3 to 10 KB each
CHECK_EVERY_S = 2.0
FRESH_S = 2.0  # a check is as good as a new one for so long


@dataclass
class _Write:
    drawing: Drawing
    answer: Answer | None
    receipts: list[Receipt]

    def settle(self, state: State, problem: str = "") -> None:
        for receipt in self.receipts:
            receipt.settle(state, problem)


class Writer:
    """One thread that writes what it is given, in order; nothing is dropped while a store is away.

    After a failed write it pauses: until `check` succeeds, which is tried every `check_every_s`,
    nothing else is sent. Writes that wait for the same drawing become one, the newest.
    """

    def __init__(
        self,
        *,
        check: Callable[[], None],
        record_drawing: Callable[[Drawing], None],
        record_answer: Callable[[Drawing, Answer], AnswerOutcome],
        check_every_s: float = CHECK_EVERY_S,
    ) -> None:
        """Start the thread. check, record_*: raise StoreUnavailable while the store is away."""
        self._check = check
        self._record_drawing = record_drawing
        self._record_answer = record_answer
        self._check_every_s = check_every_s
        self._changed = threading.Condition()
        self._waiting: OrderedDict[UUID, _Write] = OrderedDict()
        self._problem: str | None = None
        self._outages = Outages()
        self._written = 0
        self._checked_at_s = -FRESH_S
        self._checked = 0  # checks made, so that `check_now` can tell a new one from an old one
        self._is_unchecked = True  # the first write is preceded by a check, which migrates
        self._is_hurried = False
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="inkling-writer", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    @property
    def problem(self) -> str | None:
        """Why writing is paused, in words for a person; None while it is not."""
        return self._problem

    @property
    def waiting(self) -> int:
        """How many drawings are not written yet."""
        return len(self._waiting)

    @property
    def written(self) -> int:
        """How many readings and answers have been written."""
        return self._written

    def keep(self, drawing: Drawing, answer: Answer | None = None) -> Receipt:
        """Write a drawing, and its author's answer where there is one; return at once."""
        receipt = Receipt()
        with self._changed:
            older = self._waiting.get(drawing.id)
            if older is None and len(self._waiting) >= MOST_WAITING:
                receipt.settle(State.REFUSED, "too many drawings wait for the database already")
                return receipt
            if older is None:
                self._waiting[drawing.id] = _Write(drawing, answer, [receipt])
            else:
                older.receipts.append(receipt)
                if drawing.revision >= older.drawing.revision:
                    older.drawing = drawing
                if older.answer is None:
                    older.answer = answer
            if self._problem is not None:
                receipt.settle(State.UNSAVED, self._problem)
            self._changed.notify_all()
        return receipt

    def check_now(self, timeout_s: float) -> str | None:
        """Check the store without waiting for the next turn; return what is wrong, None if nothing.

        Returns after `timeout_s` with what is known then.
        """
        with self._changed:
            if self._problem is None and not self._is_unchecked:
                return None
            before = self._checked
            self._is_hurried = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._checked > before, timeout_s)
            if self._checked == before:
                return self._problem or "the database has not answered yet"
            return self._problem

    def look(self, timeout_s: float) -> str | None:
        """Check the store even where nothing is known to be wrong; otherwise as `check_now`."""
        with self._changed:
            if time.monotonic() - self._checked_at_s >= FRESH_S:
                self._is_unchecked = True
        return self.check_now(timeout_s)

    def close(self, timeout_s: float = 3.0) -> None:
        """Write what can be written in that time, then stop."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self._thread.join(timeout_s)
        atexit.unregister(self.close)

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._problem is not None and not self._is_closing:
                    self._changed.wait_for(
                        lambda: self._is_hurried or self._is_closing, self._check_every_s
                    )
                elif not self._is_unchecked:
                    self._changed.wait_for(
                        lambda: self._waiting or self._is_closing or self._is_unchecked
                    )
                if self._is_closing and (self._problem is not None or not self._waiting):
                    return
                self._is_hurried = False
            if (self._is_unchecked or self._problem is not None) and not self._passes_check():
                continue
            self._write_next()

    def _passes_check(self) -> bool:
        problem: str | None = None
        try:
            self._check()
        except StoreUnavailable as error:
            problem = str(error)
        except Exception:
            log.exception("the check of the store failed")
            problem = "the store cannot be used; its operator finds the reason in the log"
        with self._changed:
            self._checked += 1
            self._checked_at_s = time.monotonic()
            self._is_unchecked = problem is not None
            self._problem = problem
            if problem is None:
                self._outages.answers(len(self._waiting))
            else:
                self._outages.away(problem, len(self._waiting))
                for write in self._waiting.values():
                    write.settle(State.UNSAVED, problem)
            self._changed.notify_all()
        return problem is None

    def _write_next(self) -> None:
        with self._changed:
            if not self._waiting:
                return
            _, write = self._waiting.popitem(last=False)
        try:
            outcome = State.SAVED
            if write.answer is None:
                self._record_drawing(write.drawing)
            elif self._record_answer(write.drawing, write.answer) is AnswerOutcome.ALREADY_ANSWERED:
                outcome = State.ANSWERED_BEFORE
        except StoreUnavailable as error:
            self._put_back(write, str(error))
        except RowRefused as error:
            log.error("a drawing is not kept: %s", error)
            self._outages.settled(is_written=False)
            write.settle(State.REFUSED, str(error))
        except Exception as error:
            # Tried again it would fail again, and block everyone else's. Without the error's own
            # words, which may repeat the row.
            kind, where = type(error).__name__, "".join(traceback.format_tb(error.__traceback__))
            log.error("a drawing is not kept: %s\n%s", kind, where.rstrip())
            self._outages.settled(is_written=False)
            write.settle(State.REFUSED, "the store refused it")
        else:
            self._written += 1
            self._outages.settled(is_written=True)
            write.settle(outcome)

    def _put_back(self, write: _Write, problem: str) -> None:
        """Wait with this write, and with all others, until a check succeeds."""
        with self._changed:
            self._problem = problem
            newer = self._waiting.get(write.drawing.id)
            if newer is None:
                self._waiting[write.drawing.id] = write
            else:
                newer.receipts = write.receipts + newer.receipts
                newer.answer = write.answer if write.answer is not None else newer.answer
            self._waiting.move_to_end(write.drawing.id, last=False)
            self._outages.away(problem, len(self._waiting))
            for held in self._waiting.values():
                held.settle(State.UNSAVED, problem)
            self._changed.notify_all()
