"""The embedded store: a SQLite file that several threads and processes may share."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc

from feedback.connection.deadline import remaining_s
from feedback.connection.foreign import note_opened, refuse_foreign
from feedback.connection.reasons import SQLITE_WORDS
from feedback.connection.settings import place_of
from feedback.errors import StoreUnavailable

CHECKPOINT_MS = 500  # how long closing waits for others to be done
BUSY_S = 2.5  # how long a reader, or the set-up of a connection, waits for another process
RETRY_S = 0.01  # between two tries of what SQLite does not wait for itself
_writer = threading.Lock()


def open_embedded(url: URL, **pool: Any) -> Engine:
    """Return the engine of a SQLite file; file and folder are made at its first use.

    Foreign keys are kept, and readers and one writer do not wait for each other (WAL).
    pool: the options of `create_engine` that every store has.
    """
    path = Path(url.database or "")
    engine = create_engine(url, connect_args={"timeout": BUSY_S}, **pool)

    @event.listens_for(engine, "do_connect")
    def make_folder(*_: Any) -> None:
        refuse_foreign(path)
        path.parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, record: Any) -> None:
        # SQLAlchemy begins transactions (below); the driver's own way begins them too late.
        connection.isolation_level = None
        note_opened(path)
        connection.execute("PRAGMA foreign_keys = ON")
        _keep_a_log(connection)
        record.info["file"] = os.stat(path).st_ino

    @event.listens_for(engine, "checkout")
    def same_file(_connection: Any, record: Any, _proxy: Any) -> None:
        # SQLite would go on writing to a file that somebody has deleted or replaced, and what
        # was acknowledged would be nowhere.
        if not path.exists() or os.stat(path).st_ino != record.info["file"]:
            raise exc.DisconnectionError("the file has been replaced")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock at once: one that began by reading could not wait for it.
        writes = connection.get_execution_options().get("inkling_writes")
        left_s = remaining_s() if writes else None
        busy_s = BUSY_S if left_s is None else left_s  # what waiting for its turn has left
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(1000 * busy_s)}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Put a store's file into WAL mode, once; raises sqlite3.OperationalError after `BUSY_S`.

    Changing the mode begins with reading. One that reads already and asks for the file alone is
    refused at once by SQLite, whatever its timeout, where another does the same at this moment.
    """
    end = time.monotonic() + BUSY_S
    while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > end:
                raise
            time.sleep(RETRY_S)


def let_go(engine: Engine) -> None:
    """Close the store until its next use, with all that it holds in its one file.

    The file can be copied then. Where another program reads or writes at this moment, the rest
    stays in the file beside it (`-wal`), and nothing is lost. Raises nothing; a store that is no
    file is closed, too.
    """
    if engine.dialect.name == "sqlite" and Path(engine.url.database or "").exists():
        is_free = _writer.acquire(timeout=CHECKPOINT_MS / 1000)
        try:
            if is_free:
                _checkpoint(engine)
        except (exc.SQLAlchemyError, StoreUnavailable, OSError):
            pass  # what cannot be done now, the next one does
        finally:
            if is_free:
                _writer.release()
    engine.dispose()


def _checkpoint(engine: Engine) -> None:
    """Bring what lies beside the file (`-wal`) into it."""
    pooled = engine.raw_connection()
    cursor = pooled.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {CHECKPOINT_MS}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        cursor.close()
        pooled.close()


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """Let the writers of this process to SQLite files go one after the other.

    SQLite alone lets them try again and again, and an unlucky one for longer than its time.
    """
    left_s = remaining_s()
    if not _writer.acquire(timeout=BUSY_S if left_s is None else left_s):
        raise StoreUnavailable(f"{place_of(engine.url)}: {SQLITE_WORDS['SQLITE_BUSY']}")
    try:
        yield
    finally:
        _writer.release()
