"""Puts on the disk what has waited for longer than a moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

from feedback.spool.spool import Spool
from store.waiting import Waiting, Write

MOMENT_S = 0.5  # most writes are done long before


class Spooler:
    """A thread of its own, since the one that writes may be waiting for the database."""

    def __init__(self, spool: Spool | None, waiting: Waiting, changed: threading.Condition) -> None:
        """Watch `waiting`, which is read and changed by whoever holds `changed`."""
        self._spool = spool
        self._waiting = waiting
        self._changed = changed
        self._one_at_a_time = threading.Lock()  # taken before `changed`
        self._is_used = False  # the file holds something
        self._is_closed = False
        if spool is not None:
            threading.Thread(target=self._run, name="inkling-spooler", daemon=True).start()

    @property
    def place(self) -> str:
        """Where the spool is, for the log."""
        return "SPOOL_DIR" if self._spool is None else str(self._spool.folder)

    @property
    def problem(self) -> str | None:
        """Why the disk does not hold all that waits; None if it does."""
        return None if self._spool is None else self._spool.problem

    def tidy(self) -> None:
        """Let go of the file once nothing but what is set aside waits."""
        if self._spool is None or not self._is_used:
            return
        with self._one_at_a_time:
            with self._changed:
                aside = self._waiting.aside
                if self._is_closed or len(self._waiting) > len(aside):
                    return
            self._spool.keep_only([(write.drawing, write.words) for write in aside])
            self._is_used = bool(aside)

    def close(self) -> tuple[int, int]:
        """Put all that waits on the disk, and stop; return how many are there, and how many lost.

        What is there stays until somebody writes it to the store. May be called again, for what
        came in the meantime.
        """
        with self._one_at_a_time, self._changed:
            self._is_closed = True
            self._changed.notify_all()
            left = self._waiting.all()
            if self._spool is None:
                return 0, len(left)
            self._append(left)
            if not left and self._is_used:
                self._spool.keep_only([])
            self._spool.close()
            lost = sum(not write.is_spooled for write in left)
            return len(left) - lost, lost

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_closed or self._next_s() is not None)
                if self._is_closed:
                    return
                left_s = (self._next_s() or 0.0) + MOMENT_S - time.monotonic()
            if left_s > 0:
                time.sleep(min(left_s, MOMENT_S))
                continue
            with self._one_at_a_time:
                with self._changed:
                    if self._is_closed:
                        return
                    now_s = time.monotonic()
                    due = [w for w in self._unspooled() if w.since_s + MOMENT_S <= now_s]
                self._append(due)
            if self.problem is not None:
                time.sleep(MOMENT_S)  # the disk is tried again, but not all the time

    def _next_s(self) -> float | None:
        return min((write.since_s for write in self._unspooled()), default=None)

    def _unspooled(self) -> list[Write]:
        return [write for write in self._waiting.all() if not write.is_spooled]

    def _append(self, writes: Iterable[Write]) -> None:
        if self._spool is None:
            return
        with self._changed:
            # Marked before they are on the disk: what changes meanwhile is unmarked by that.
            due = [write for write in writes if not write.is_spooled]
            rows = [(write.drawing, write.words) for write in due]
            for write in due:
                write.is_spooled = True
        kept = self._spool.append(rows)
        self._is_used = self._is_used or kept > 0
        with self._changed:
            for write in due[kept:]:
                write.is_spooled = False
