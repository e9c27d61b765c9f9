"""Writes to the store what ended processes left in the spool."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from feedback.errors import DrawingDeleted, RowRefused, StoreUnavailable
from feedback.records.rows import Word
from feedback.records.writing_rows import AnyDrawing
from feedback.spool.left_behind import LeftBehind
from feedback.spool.spool import Spool

log = logging.getLogger(__name__)


MOST_FAILED = 3  # one after the other: then the store is away, or as good as


class Replay:
    """Sends each write that was left behind once more; sent twice it counts once."""

    def __init__(
        self, spool: Spool, record: Callable[[AnyDrawing, Sequence[Word]], object]
    ) -> None:
        """record: raises what the store raises."""
        self._spool = spool
        self._record = record
        self._settled: dict[Path, set[int]] = {}  # the writes of a file that need no more tries

    def is_complete(self, must_stop: Callable[[], bool]) -> bool:
        """Write all that there is; return False where some is left for the next time.

        A file stays until all of it is in the store, or refused by the store for good.
        """
        is_complete = True
        for left in self._spool.left_behind():
            if must_stop():
                return False
            is_complete = self._write(left, must_stop) and is_complete
        return is_complete

    def _write(self, left: LeftBehind, must_stop: Callable[[], bool]) -> bool:
        is_new = left.path not in self._settled
        settled = self._settled.setdefault(left.path, set())
        told = Counter[str]()
        failed_on_end, problem = 0, ""
        writes = left.writes()
        for number, (drawing, words) in enumerate(writes):
            if number in settled:
                continue
            if must_stop() or failed_on_end == MOST_FAILED:
                return False
            try:
                self._record(drawing, words)
            except StoreUnavailable as error:
                failed_on_end, problem = failed_on_end + 1, str(error)
                continue
            except DrawingDeleted:
                told["deleted"] += 1
            except RowRefused as error:
                told["refused"] += 1
                log.error("a drawing that an ended process left is refused: %s", error)
            else:
                told["written"] += 1
            failed_on_end = 0
            settled.add(number)
        if len(settled) < len(writes):
            if is_new:
                log.warning("what an ended process left cannot all be written now: %s", problem)
            return False
        left.remove()
        del self._settled[left.path]
        log.warning(
            "wrote what an ended process left in the spool: %d written, %d deleted in the "
            "meantime, %d refused",
            told["written"],
            told["deleted"],
            told["refused"],
        )
        return True
