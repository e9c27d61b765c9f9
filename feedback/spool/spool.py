"""The file that this process appends to what waits, and those that ended processes left behind."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sqlalchemy import URL

from environment import project_path
from feedback.records.rows import Word
from feedback.records.writing_rows import AnyDrawing
from feedback.spool.left_behind import LeftBehind
from feedback.spool.lines import header, to_line
from feedback.spool.locking import lock

log = logging.getLogger(__name__)

DEFAULT_FOLDER = "var/spool"
ENDING = ".waiting"
MOST_BYTES = 100_000_000  # of all files in the folder: some 20,000 drawings

Write = tuple[AnyDrawing, tuple[Word, ...]]  # a drawing, and what is said of it


def spool_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder that SPOOL_DIR names, or `var/spool` in the project."""
    return project_path(environ.get("SPOOL_DIR") or DEFAULT_FOLDER)


def store_name(url: URL) -> str:
    """Return what tells a store from others in a spool that several share; never a password."""
    host = url.host or str(url.query.get("host", ""))
    return f"{url.get_backend_name()} {host}:{url.port or ''}/{url.database}"


class Spool:
    """Appends what waits for one store to a file of this process's own, made when first needed.

    Nothing is raised where the disk refuses: `append` says how much it holds, `problem` why not
    more. Not for several threads at once.
    """

    def __init__(self, folder: Path, store: str, *, most_bytes: int = MOST_BYTES) -> None:
        """Open nothing yet. store: as `store_name` says it; most_bytes: of the whole folder."""
        self.folder = folder
        self.problem: str | None = None  # why the last write is not on the disk
        self._store = store
        self._most_bytes = most_bytes
        self._file: IO[bytes] | None = None
        self._path: Path | None = None

    def check(self) -> str | None:
        """Return why nothing could be kept here, in words for the log; None if it could."""
        try:
            file, path = self._new_file()
            _remove(file, path)
        except OSError as error:
            return _reason(error)
        return None

    def append(self, writes: Sequence[Write]) -> int:
        """Put writes on the disk, in order; return how many of them, from the first, are there."""
        if not writes:
            return 0
        lines = [to_line(drawing, words) for drawing, words in writes]
        try:
            if self._path is not None and not self._path.exists():
                self.close()  # somebody has removed it
            if self._file is None:
                self._file, self._path = self._new_file()
            free = self._most_bytes - _size_of(self.folder)
            kept = 0
            while kept < len(lines) and len(lines[kept]) <= free:
                free -= len(lines[kept])
                kept += 1
            _append(self._file, b"".join(lines[:kept]))
        except OSError as error:
            self._say(_reason(error))
            return 0
        self._say(
            None
            if kept == len(lines)
            else f"its {self._most_bytes / 1e6:.0f} MB are full: free them, or bring the store back"
        )
        return kept

    def keep_only(self, writes: Sequence[Write]) -> None:
        """Let go of all that has been written to the store since; `writes` are still waiting."""
        file, path = self._file, self._path
        if file is None or path is None:
            return
        self._file = self._path = None
        if self.append(writes) == len(writes):
            with suppress(OSError):  # sent twice it is one row
                _remove(file, path)
        else:
            file.close()  # whoever looks next takes it over

    def left_behind(self) -> Iterator[LeftBehind]:
        """Give the files that ended processes left for this store, the oldest first, each held."""
        for path in sorted(self.folder.glob(f"*{ENDING}")):
            if path != self._path and (left := LeftBehind.take(path, self._store)) is not None:
                with left:
                    yield left

    def close(self) -> None:
        """Let go of the file: for whoever starts next where it holds something."""
        if self._file is not None:
            self._file.close()
        self._file = self._path = None

    def _new_file(self) -> tuple[IO[bytes], Path]:
        """Make a file that holds its header and is locked before anybody can find it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        path = self.folder / f"{moment}-{os.getpid()}-{secrets.token_hex(4)}{ENDING}"
        unseen = path.with_suffix(".new")
        descriptor = os.open(unseen, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        file = os.fdopen(descriptor, "ab", buffering=0)
        try:
            if not lock(file):
                raise OSError("its files cannot be locked")
            _append(file, header(self._store))
            os.rename(unseen, path)
        except OSError:
            file.close()
            with suppress(OSError):
                unseen.unlink()
            raise
        return file, path

    def _say(self, problem: str | None) -> None:
        if problem is not None and problem != self.problem:
            log.error(
                "the spool %s cannot keep what waits (%s): it is lost if the server stops "
                "before the store is back",
                self.folder,
                problem,
            )
        self.problem = problem


def _append(file: IO[bytes], content: bytes) -> None:
    """Write all of it and wait for the disk, or nothing of it."""
    descriptor = file.fileno()
    before = os.fstat(descriptor).st_size
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    except OSError:
        # Half a line would spoil the next one.
        with suppress(OSError):
            os.truncate(descriptor, before)
        raise


def _remove(file: IO[bytes], path: Path) -> None:
    """Remove a file of this process's own; whoever has it open already finds it empty."""
    file.truncate(0)
    file.close()
    path.unlink(missing_ok=True)


def _size_of(folder: Path) -> int:
    total = 0
    for path in folder.glob(f"*{ENDING}"):
        with suppress(OSError):  # gone since
            total += path.stat().st_size
    return total


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
