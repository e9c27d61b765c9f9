"""A file of writes that waits for nobody: its process has ended."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from feedback.records.rows import Word
from feedback.records.writing_rows import AnyDrawing
from feedback.spool.lines import BadLine, from_line, store_of
from feedback.spool.locking import lock

log = logging.getLogger(__name__)

UNREADABLE = ".unreadable"


class LeftBehind:
    """One such file, held by this process until it is let go: `with left: ...`."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        """Take over an open, locked file."""
        self.path = path
        self._file = file
        self._bad_lines = 0

    @classmethod
    def take(cls, path: Path, store: str) -> LeftBehind | None:
        """Return the file, held; None where its process goes on, or another store is meant."""
        try:
            file = open(path, "r+b")  # noqa: SIM115 (held until `remove` or `__exit__`)
        except OSError:
            return None  # removed since, or not ours to read
        try:
            # Asked before it is locked: one of another store is never held, not even for a moment.
            is_ours = store_of(file.readline()) == store
            if is_ours and lock(file) and os.fstat(file.fileno()).st_nlink:
                return cls(path, file)
        except OSError:
            pass
        file.close()
        return None

    def writes(self) -> list[tuple[AnyDrawing, tuple[Word, ...]]]:
        """Return all writes that can be read, in order.

        A last line without an end is what the process was writing when it was killed: it was
        never taken for kept. Any other line that cannot be read is said in the log, and its file
        stays.
        """
        self._file.seek(0)
        found = []
        for line in self._file.read().splitlines(keepends=True)[1:]:
            try:
                found.append(from_line(line))
            except BadLine:
                self._bad_lines += line.endswith(b"\n")
        return found

    def remove(self) -> None:
        """Remove the file, now that all of its writes are in the store, or will never be."""
        if self._bad_lines:
            aside = self.path.with_suffix(UNREADABLE)
            with suppress(OSError):
                self.path.rename(aside)
            log.error("%d lines of %s cannot be read: it is kept", self._bad_lines, aside)
            return
        with suppress(OSError):
            self._file.truncate(0)
            self._file.close()
            self.path.unlink(missing_ok=True)

    def __enter__(self) -> LeftBehind:
        """Hold the file."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the file, for somebody else where it is still there."""
        self._file.close()
