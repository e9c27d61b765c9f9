"""Telling the store's own file from another one that lies at its path, without touching it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from feedback.connection.reasons import SQLITE_WORDS
from feedback.connection.settings import place_of
from feedback.errors import StoreUnavailable

SIGNATURE = b"SQLite format 3\0"
OWN_TABLE = "inkling_schema"  # what every store of ours has
SMALLEST = 512  # bytes of a database
# Files that SQLite has opened in this process, by device and inode. They are not looked at again:
# to open and close a file takes away every lock that this process has on it, SQLite's own too.
# Another process then takes itself for the last one, and deletes the log that is still written to.
_opened: set[tuple[int, int]] = set()


def note_opened(path: Path) -> None:
    """Remember that a store's file was found to be ours, and is open from now on."""
    state = path.stat()
    _opened.add((state.st_dev, state.st_ino))


def refuse_foreign(path: Path) -> None:
    """Return where the store may be opened or made; raise `StoreUnavailable` for a foreign file.

    No file, an empty one and a database without tables are what a store is made of. All else that
    is not ours is only read: SQLite would write its own header over a file of one byte, and
    change that of another program's database.
    """
    try:
        state = path.stat()
    except OSError:  # no file, or none that can be looked at, which opening it will tell
        return
    is_opened = (state.st_dev, state.st_ino) in _opened
    # What is shorter than a database is none, whatever it was before.
    if is_opened and (state.st_size == 0 or state.st_size >= SMALLEST):
        return
    place = place_of(URL.create("sqlite", database=str(path)))
    if not path.is_file():
        raise StoreUnavailable(
            f"{place}: there is something else than a file: name another one in EMBEDDED_STORE"
        )
    with open(path, "rb") as file:
        start = file.read(len(SIGNATURE))
    if not start:
        return
    if start != SIGNATURE:
        raise StoreUnavailable(f"{place}: {SQLITE_WORDS['SQLITE_NOTADB']}")
    tables = _tables(path)
    if tables and OWN_TABLE not in tables:
        raise StoreUnavailable(
            f"{place} belongs to another program (it has a table {min(tables)}): "
            "name another file in EMBEDDED_STORE"
        )


def _tables(path: Path) -> set[str]:
    """Return the names of a database's tables; raises sqlite3.Error for a damaged one."""
    # A database that nobody has open is read as it lies there: opening it as usual would make
    # files beside it. What lies beside it already may hold its tables.
    log = path.with_name(path.name + "-wal")
    is_open = log.exists() and log.stat().st_size > 0
    if not is_open:
        try:
            return _read(path, "immutable=1")
        except sqlite3.DatabaseError:
            pass  # somebody opened it just then, or it is damaged
    return _read(path, "mode=ro")


def _read(path: Path, how: str) -> set[str]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {str(name) for (name,) in rows if not name.startswith("sqlite_")}
