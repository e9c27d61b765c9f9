"""Connections to the store: opened when first needed, limited in number and in time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from psycopg2 import extensions
from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, text

from feedback.connection import deadline
from feedback.connection.embedded import open_embedded, turn
from feedback.connection.reasons import SQLSTATE_WORDS, describe
from feedback.connection.settings import SettingsError, StoreSettings, place_of
from feedback.errors import DrawingClosed, DrawingDeleted, RowRefused, StoreUnavailable

__all__ = ["check_connection", "open_engine", "reach", "transaction", "translated"]

# A dead server costs a person 5 s at most; this leaves room for what is not waiting.
REACH_S = 4.0
PING_S = 1.5  # an idle connection that does not answer by then is replaced
# Five connections of one process at most: two that it keeps, and three more for a moment.
POOL: dict[str, Any] = {
    "pool_size": 2,
    "max_overflow": 3,
    "pool_timeout": 2.0,
    "pool_recycle": 900,
    "pool_use_lifo": True,  # the spare ones fall idle and are recycled
    "hide_parameters": True,  # drawings stay out of logs
}
# The words of the database's triggers.
GUARDS: dict[str, type[RowRefused]] = {
    "an answered drawing is closed": DrawingClosed,
    "a deleted drawing stays deleted": DrawingDeleted,
}
# The kernel ends a connection whose other side has vanished. Words in any other encoding than this
# could not be read: the server translates.
CONNECTION = {
    "client_encoding": "UTF8",
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
        return open_embedded(settings.url, **POOL)
    return _postgresql_engine(settings.url)


def check_connection(engine: Engine) -> None:
    """Return when the store can be used; raise `StoreUnavailable` within 5 s when it cannot.

    A store without its tables cannot, nor can a server that takes no writes.
    """
    with transaction(engine) as connection:
        connection.execute(text("SELECT drawing_id FROM answers LIMIT 1"))
        if engine.dialect.name == "postgresql":
            read_only = connection.scalar(text("SHOW transaction_read_only"))
            if read_only == "on":
                raise StoreUnavailable(f"{place_of(engine.url)}: {SQLSTATE_WORDS['25006']}")


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
        turn(engine) if writes and engine.dialect.name == "sqlite" else nullcontext(),
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
def translated(engine: Engine) -> Iterator[None]:
    """Turn the database's errors into `StoreUnavailable` and `RowRefused`, in words."""
    try:
        yield
    except (exc.IntegrityError, exc.DataError) as error:
        rule = _rule(error)
        kind = GUARDS.get(rule, RowRefused)
        # Without its cause: the database's message repeats the whole row, for every log to keep.
        raise kind(f"the store refuses this row: {rule}") from None
    except exc.StatementError as error:
        if _is_about_a_value(error):
            raise RowRefused(f"the store cannot keep such a value: {error.orig}") from None
        raise StoreUnavailable(f"{place_of(engine.url)}: {describe(error)}") from error
    except (exc.SQLAlchemyError, sqlite3.Error, OSError, UnicodeDecodeError) as error:
        raise StoreUnavailable(f"{place_of(engine.url)}: {describe(error)}") from error


def _is_about_a_value(error: exc.StatementError) -> bool:
    """Return whether a value never got as far as the database, such as one of an unknown type."""
    if not isinstance(error, exc.DBAPIError):
        return True
    of_a_type = isinstance(error, exc.ProgrammingError | exc.InterfaceError)
    return of_a_type and "type" in str(error.orig) and not getattr(error.orig, "pgcode", None)


def _rule(error: exc.DBAPIError) -> str:
    """Return the name of the broken rule, or what kind of error it was: never the row's values."""
    diagnostics = getattr(error.orig, "diag", None)
    if diagnostics is not None:
        return str(diagnostics.constraint_name or diagnostics.message_primary)
    return str(error.orig)


def _postgresql_engine(url: URL) -> Engine:
    # For the whole process; threads without a time limit wait as they always did.
    extensions.set_wait_callback(deadline.wait)
    engine = create_engine(url, connect_args=CONNECTION, pool_pre_ping=True, **POOL)
    ping = engine.dialect.do_ping

    def ping_in_time(dbapi_connection: Any) -> bool:
        with deadline.time_limit(PING_S):
            return ping(dbapi_connection)

    engine.dialect.do_ping = ping_in_time  # type: ignore[method-assign]

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, _args: Any, parameters: dict[str, Any]) -> Any:
        return deadline.connect(parameters)

    return engine
