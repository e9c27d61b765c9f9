"""Writes drawings and answers in the background, so that no one who draws waits for a database."""

from __future__ import annotations

import atexit
import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence

from feedback.errors import DrawingDeleted, RowRefused, StoreUnavailable
from feedback.records.rows import AnswerOutcome, AnyAnswer, Word
from feedback.records.writing_rows import AnyDrawing
from feedback.spool.spool import Spool
from store.ending import Ending, tell
from store.outages import Outages
from store.receipt import Receipt, State
from store.replay import Replay
from store.spooler import Spooler
from store.waiting import Waiting, Write

log = logging.getLogger(__name__)

MOST_TRIES = 3  # of one write while others' succeed
CHECK_EVERY_S = 2.0
FRESH_S = 2.0  # a check is as good as a new one for so long
CHORES_EVERY_S = 30.0  # how often what ended processes left is looked for, and what is set aside
IDLE_S = 60.0  # after the last write; then the store is let go


class Writer:
    """One thread that writes what it is given, in order; nothing is dropped while a store is away.

    The store is away when `check` fails; until it succeeds, which is tried every `check_every_s`,
    nothing else is sent. A write that fails although the check succeeds goes to the end, and is
    set aside after three tries, so that it holds up nobody. What waits for longer than a moment
    is in the spool, where there is one, and outlives the process.
    """

    def __init__(
        self,
        *,
        check: Callable[[], None],
        record_drawing: Callable[[AnyDrawing], None],
        record_words: Callable[[AnyDrawing, Sequence[Word]], AnswerOutcome],
        check_every_s: float = CHECK_EVERY_S,
        chores_every_s: float = CHORES_EVERY_S,
        spool: Spool | None = None,
        rest: Callable[[], None] | None = None,
        idle_s: float = IDLE_S,
    ) -> None:
        """Start the threads. check, record_*: raise StoreUnavailable while the store is away.

        rest: called when nothing was written for `idle_s`, so that the store may be let go.
        """
        self._check = check
        self._record_drawing = record_drawing
        self._record_words = record_words
        self._check_every_s = check_every_s
        self._chores_every_s = chores_every_s
        self._rest = rest
        self._idle_s = idle_s
        self._changed = threading.Condition()
        self._waiting = Waiting()
        self._spooler = Spooler(spool, self._waiting, self._changed)
        self._replay = None if spool is None else Replay(spool, self._record)
        self._problem: str | None = None
        self._outages = Outages()
        self._checked_at_s = -FRESH_S
        self._checked = 0  # checks made, so that `check_now` can tell a new one from an old one
        self._is_unchecked = True  # the first write is preceded by a check, which migrates
        self._is_hurried = False
        self._is_closing = self._has_ended = False
        self._is_resting = False
        self._written = 0
        self._worked_s = time.monotonic()
        self._chores_due_s = 0.0
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
        """How many writes the store has acknowledged."""
        return self._written

    def keep(self, drawing: AnyDrawing, answer: AnyAnswer | None = None) -> Receipt:
        """Write a drawing, and its author's answer where one is given now; return at once."""
        return self.say(drawing, *(() if answer is None else (Word(answer),)))

    def say(self, drawing: AnyDrawing, *words: Word) -> Receipt:
        """Write a drawing with what its author says of it, or takes back; return at once.

        All words are kept, in whatever order they come; sent again, one counts once.
        """
        receipt = Receipt()
        write = Write(drawing, words, [receipt])
        with self._changed:
            if (problem := self._waiting.why_not(write)) is not None:
                receipt.settle(State.REFUSED, problem)
                return receipt
            self._waiting.add(write)
            if self._problem is not None:
                receipt.settle(State.UNSAVED, self._problem)
            self._changed.notify_all()
        if self._has_ended:  # a page that was still being made
            self._spooler.close()
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

    def close(self, timeout_s: float = 3.0) -> Ending:
        """Write what can be written in that time, spool the rest, then stop; say so in the log."""
        with self._changed:
            is_first = not self._is_closing
            self._is_closing = True
            self._changed.notify_all()
        self._thread.join(timeout_s)
        self._has_ended = True
        spooled, lost = self._spooler.close()
        atexit.unregister(self.close)
        ending = Ending(self._written, spooled, lost)
        if is_first:
            why = self._problem or "there was no time left"
            tell(ending, why, self._spooler.place, self._spooler.problem)
        return ending

    def _run(self) -> None:
        while True:
            with self._changed:
                self._wait_for_work()
                if self._is_closing and (self._problem is not None or not self._waiting.has_turn):
                    return
                self._is_hurried = False
            if (self._is_unchecked or self._problem is not None) and not self._passes_check():
                continue
            if time.monotonic() >= self._chores_due_s and not self._is_closing:
                self._do_chores()
            self._write_next()
            if self._is_idle():
                self._let_go()

    def _wait_for_work(self) -> None:
        if self._problem is not None:
            if not self._is_closing:
                self._changed.wait_for(
                    lambda: self._is_hurried or self._is_closing, self._check_every_s
                )
        elif not self._is_unchecked:
            due_s = self._chores_due_s
            if not self._is_resting and self._rest is not None:
                due_s = min(due_s, self._worked_s + self._idle_s)
            self._changed.wait_for(
                lambda: self._waiting.has_turn or self._is_closing or self._is_unchecked,
                max(0.0, due_s - time.monotonic()),
            )

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
            self._is_resting = False  # the check itself has opened the store
            if self._checked == 1 or self._problem is not None:
                self._chores_due_s = 0.0  # what ended processes left comes before what is new
            self._is_unchecked = problem is not None
            self._problem = problem
            if problem is None:
                self._outages.answers(len(self._waiting))
            else:
                self._outages.away(problem, len(self._waiting))
                for write in self._waiting.all():
                    write.settle(State.UNSAVED, problem)
            self._changed.notify_all()
        return problem is None

    def _do_chores(self) -> None:
        """Write what ended processes left, before what is new; try again what was set aside."""
        if self._replay is not None and not self._replay.is_complete(lambda: self._is_closing):
            self._passes_check()
        with self._changed:
            self._waiting.recall()
        self._chores_due_s = time.monotonic() + self._chores_every_s

    def _write_next(self) -> None:
        with self._changed:
            if self._problem is not None or not self._waiting.has_turn:
                return
            write = self._waiting.take()
        assert write is not None
        try:
            outcome = self._record(write.drawing, write.words)
        except StoreUnavailable as error:
            self._put_back(write, str(error))
            return
        except DrawingDeleted:
            settled = State.DELETED, ""
        except RowRefused as error:
            log.error("a drawing is not kept: %s", error)
            settled = State.REFUSED, str(error)
        except Exception as error:
            # Tried again it would fail again, and block everyone else's. Without the error's own
            # words, which may repeat the row.
            kind, where = type(error).__name__, "".join(traceback.format_tb(error.__traceback__))
            log.error("a drawing is not kept: %s\n%s", kind, where.rstrip())
            settled = State.REFUSED, "the store refused it"
        else:
            settled = outcome, ""
            self._written += 1
        with self._changed:
            self._waiting.done()
            self._outages.settled(is_written=settled[0] in (State.SAVED, State.OVERTAKEN))
            self._worked_s, self._is_resting = time.monotonic(), False
        write.settle(*settled)
        self._spooler.tidy()

    def _record(self, drawing: AnyDrawing, words: Sequence[Word]) -> State:
        if not words:
            self._record_drawing(drawing)
        elif self._record_words(drawing, words) is AnswerOutcome.OVERTAKEN:
            return State.OVERTAKEN
        return State.SAVED

    def _put_back(self, write: Write, problem: str) -> None:
        """Let a write that failed wait: with all others where the store is away, else behind them.

        Only a check tells which: one row can be locked while all others are written.
        """
        if not self._passes_check():
            with self._changed:
                self._waiting.put_back(first=True)
            return
        with self._changed:
            write.tries += 1
            if write.tries < MOST_TRIES:
                self._waiting.put_back(first=False)
                return
            self._waiting.set_aside()
            self._outages.settled(is_written=False)
        write.settle(State.SET_ASIDE, problem)
        if write.tries == MOST_TRIES:  # and not each time that it is tried again
            log.error("a drawing was set aside after %d tries: %s", write.tries, problem)

    def _is_idle(self) -> bool:
        with self._changed:
            return (
                not self._is_resting
                and not self._waiting.has_turn
                and self._problem is None
                and time.monotonic() >= self._worked_s + self._idle_s
            )

    def _let_go(self) -> None:
        """Let the store be as if nobody used it, until the next write."""
        self._is_resting = True
        if self._rest is None:
            return
        try:
            self._rest()
        except Exception:
            log.exception("the store cannot be let go")
