"""Connections to the store: opened when first needed, limited in number and in time."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg2 import extensions
from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, text

from feedback import deadline
from feedback.errors import DrawingClosed, RowRefused, StoreUnavailable
from feedback.settings import SettingsError, StoreSettings, place_of
from feedback.words import SQLITE_WORDS, describe

__all__ = ["check_connection", "open_engine", "reach", "transaction", "translated"]

# A dead server costs a person 5 s at most; this leaves room for what is not waiting.
REACH_S = 4.5
PING_S = 1.5  # an idle connection that does not answer by then is replaced
POOL_WAIT_S = 2.0
# Connections of one process: those it keeps, and more for a moment.
POOL_SIZE, POOL_OVERFLOW = 2, 3
RECYCLE_S = 900
SQLITE_BUSY_S = 4.0
_sqlite_writer = threading.Lock()
CLOSED = "an answered drawing is closed"  # the trigger's words
# The kernel ends a connection whose other side has vanished.
TCP = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 5000,
    "connect_timeout": 5,
}


def open_engine(settings: StoreSettings) -> Engine:
    """Return the store's engine; nothing is connected, and no file made, before its first use."""
    if settings.url is None:
        raise SettingsError(f"there is no store to open: {settings.place}")
    if settings.kind == "sqlite":
        return _sqlite_engine(settings.url)
    return _postgresql_engine(settings.url)


def check_connection(engine: Engine) -> None:
    """Return when the store answers; raise `StoreUnavailable` within 5 s when it does not."""
    with transaction(engine) as connection:
        connection.execute(text("SELECT 1"))


@contextmanager
def transaction(
    engine: Engine, *, writes: bool = False, limit_s: float = REACH_S
) -> Iterator[Connection]:
    """Give a connection in one transaction: committed on leaving, rolled back on any error.

    limit_s: for all of it; reaching the server takes `REACH_S` of that at most. Raises
    `StoreUnavailable` and `RowRefused` in place of the database's own errors.
    """
    with (
        translated(engine),
        deadline.time_limit(limit_s),
        _turn(engine, writes),
        reach(engine) as connection,
    ):
        connection.execution_options(inkling_writes=writes)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                # The server gives up by itself too, so that nothing goes on for nobody. Local to
                # the transaction, as a connection pooler in between may hand out another session.
                left_ms = int(1000 * (deadline.remaining_s() or limit_s)) + 1
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = {left_ms}")
            yield connection


@contextmanager
def reach(engine: Engine) -> Iterator[Connection]:
    """Give a connection that answers; raise `StoreUnavailable` within 5 s where there is none."""
    with translated(engine), deadline.time_limit(REACH_S):
        connection = engine.connect()
    with connection:
        yield connection


@contextmanager
def _turn(engine: Engine, writes: bool) -> Iterator[None]:
    """Let the writers of this process to a SQLite file go one after the other.

    SQLite alone lets them try again and again, and an unlucky one for longer than its time.
    """
    if not writes or engine.dialect.name != "sqlite":
        yield
        return
    if not _sqlite_writer.acquire(timeout=SQLITE_BUSY_S):
        raise StoreUnavailable(f"{place_of(engine.url)}: {SQLITE_WORDS['SQLITE_BUSY']}")
    try:
        yield
    finally:
        _sqlite_writer.release()


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Turn the database's errors into `StoreUnavailable` and `RowRefused`, in words."""
    try:
        yield
    except (exc.IntegrityError, exc.DataError) as error:
        rule = _rule(error)
        kind = DrawingClosed if rule == CLOSED else RowRefused
        # Without its cause: the database's message repeats the whole row, for every log to keep.
        raise kind(f"the store refuses this row: {rule}") from None
    except (exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise StoreUnavailable(f"{place_of(engine.url)}: {describe(error)}") from error


def _rule(error: exc.DBAPIError) -> str:
    """Return the name of the broken rule, or what kind of error it was: never the row's values."""
    diagnostics = getattr(error.orig, "diag", None)
    if diagnostics is not None:
        return str(diagnostics.constraint_name or diagnostics.message_primary)
    return str(error.orig)


def _postgresql_engine(url: URL) -> Engine:
    # For the whole process; threads without a time limit wait as they always did.
    extensions.set_wait_callback(deadline.wait)
    engine = create_engine(
        url,
        connect_args=TCP,
        hide_parameters=True,  # drawings stay out of logs
        pool_pre_ping=True,
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_recycle=RECYCLE_S,
        pool_timeout=POOL_WAIT_S,
        pool_use_lifo=True,  # the spare connections fall idle and are recycled
    )
    ping = engine.dialect.do_ping

    def ping_in_time(dbapi_connection: Any) -> bool:
        with deadline.time_limit(PING_S):
            return ping(dbapi_connection)

    engine.dialect.do_ping = ping_in_time  # type: ignore[method-assign]

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, _args: Any, parameters: dict[str, Any]) -> Any:
        return deadline.connect(parameters)

    return engine


def _sqlite_engine(url: URL) -> Engine:
    path = Path(url.database or "")
    engine = create_engine(
        url,
        connect_args={"timeout": SQLITE_BUSY_S},
        hide_parameters=True,
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_timeout=POOL_WAIT_S,
        pool_use_lifo=True,
    )

    @event.listens_for(engine, "do_connect")
    def make_folder(*_: Any) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, record: Any) -> None:
        # SQLAlchemy begins transactions (below); the driver's own way begins them too late.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        # Changing the mode needs the file alone: only the first connection ever does it.
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            connection.execute("PRAGMA journal_mode = WAL")
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
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
