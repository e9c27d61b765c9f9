"""What one instance at a time may do: taken for a while, renewed, given back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from feedback.connection.engine import transaction
from feedback.learning.holders import is_gone
from feedback.records.schema import leases

TRAINING = "training"  # the lease of whoever trains
TRAINING_LASTS_S = 30.0  # unless it is renewed
TRAINING_RENEW_S = 5.0


def take_lease(engine: Engine, name: str, *, holder: str, lasts_s: float) -> str | None:
    """Take a lease, or renew one that is held; return None, or who holds it instead.

    holder: 1 to 200 characters that nobody else goes by. Whoever does not renew it within
    `lasts_s`, on the database's own clock, has lost it, and so has a process of this machine that
    has ended (`holder_here`). Raises `StoreUnavailable`.
    """
    other = _take(engine, name, holder, lasts_s)
    if other is not None and is_gone(other):
        give_lease(engine, name, holder=other)  # it was killed before it could
        other = _take(engine, name, holder, lasts_s)
    return other


def _take(engine: Engine, name: str, holder: str, lasts_s: float) -> str | None:
    dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
    with transaction(engine, writes=True) as connection:
        now = store_clock(connection)
        new = dialect.insert(leases).values(
            name=name, holder=holder, until=now + timedelta(seconds=lasts_s)
        )
        taken = connection.execute(
            new.on_conflict_do_update(
                index_elements=["name"],
                set_={"holder": new.excluded.holder, "until": new.excluded.until},
                where=or_(leases.c.holder == holder, leases.c.until < now),
            )
        )
        if taken.rowcount:
            return None
        other = connection.scalar(select(leases.c.holder).where(leases.c.name == name))
        return other or "an instance that has ended just now"


def lease_holder(engine: Engine, name: str) -> str | None:
    """Return who holds a lease at this moment; None: nobody."""
    with transaction(engine) as connection:
        held = select(leases.c.holder).where(
            leases.c.name == name, leases.c.until >= store_clock(connection)
        )
        holder = connection.scalar(held)
    return None if holder is None or is_gone(holder) else holder


def give_lease(engine: Engine, name: str, *, holder: str) -> None:
    """Give a lease back; nothing happens where somebody else holds it."""
    with transaction(engine, writes=True) as connection:
        own = (leases.c.name == name) & (leases.c.holder == holder)
        connection.execute(delete(leases).where(own))


def store_clock(connection: Connection) -> datetime:
    """Return the moment on the clock that leases are measured by."""
    if connection.dialect.name != "postgresql":
        return datetime.now(UTC)  # its instances share a machine
    moment = connection.scalar(select(func.clock_timestamp()))
    assert isinstance(moment, datetime)
    return moment
