"""Locks of PostgreSQL that end with their transaction: who writes or deletes the same thing waits.

SQLite needs none: its writers go one after the other.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select

LOCK_WAIT_S = 1.0  # for one row: so long does its lock hold up the writer of everybody's


def lock_drawing(connection: Connection, drawing_id: UUID, session_id: UUID) -> None:
    """Be the one writer of a drawing until the transaction ends, while nobody deletes it."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            select(lock_wait(), session_lock(session_id, shared=True), drawing_lock(drawing_id))
        )


def drawing_lock(drawing_id: UUID) -> ColumnElement[None]:
    """Return what takes the lock of one drawing when it is selected."""
    return func.pg_advisory_xact_lock(func.hashtextextended(str(drawing_id), 0))


def session_lock(session_id: UUID, *, shared: bool) -> ColumnElement[None]:
    """Return what takes a session's lock: shared by its writers, alone for who deletes it."""
    number = func.hashtextextended(f"session {session_id}", 0)
    return (func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock)(number)


def lock_wait() -> ColumnElement[str]:
    """Return what limits the transaction's waits for locks to `LOCK_WAIT_S`."""
    return func.set_config("lock_timeout", str(int(1000 * LOCK_WAIT_S)), True)


def lock_promotions(connection: Connection) -> None:
    """Be the one who changes what is live until the transaction ends."""
    if connection.dialect.name == "postgresql":
        number = func.hashtextextended("promotions", 0)
        connection.execute(select(func.pg_advisory_xact_lock(number)))
