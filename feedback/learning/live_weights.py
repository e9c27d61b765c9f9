"""What was live when: the promotions, and what of them stands."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Engine, select

from feedback.connection.engine import transaction
from feedback.learning.versions import Promotion
from feedback.records.schema import PROMOTED, promotions


def live_version(engine: Engine, reader: str = "digits") -> str | None:
    """Return the version that is live, or None for the shipped weights; one small query."""
    with transaction(engine) as connection:
        return live_in(connection, reader)


def live_in(connection: Connection, reader: str) -> str | None:
    """Return the version that is live, within the caller's transaction."""
    of_reader = select(promotions.c.version).where(promotions.c.reader == reader)
    return connection.scalar(of_reader.order_by(promotions.c.id.desc()).limit(1))


def list_promotions(engine: Engine, reader: str = "digits") -> list[Promotion]:
    """Return all that was ever promoted and rolled back, newest first."""
    with transaction(engine) as connection:
        return promotions_in(connection, reader)[::-1]


def promotions_in(connection: Connection, reader: str) -> list[Promotion]:
    """Return the history within the caller's transaction, oldest first."""
    query = select(promotions).where(promotions.c.reader == reader).order_by(promotions.c.id)
    return [Promotion(**row._mapping) for row in connection.execute(query)]


def standing(history: Iterable[Promotion]) -> list[str]:
    """Return the promotions that no roll back has taken away, the live one last.

    history: oldest first. A roll back takes the last one away, and more where it says so: what
    was rejected meanwhile is passed over.
    """
    stack: list[str] = []
    for one in history:
        if one.kind == PROMOTED:
            assert one.version is not None, "what is promoted is named"
            stack.append(one.version)
            continue
        stack = stack[:-1]
        while stack and stack[-1] != one.version:
            stack.pop()
    return stack
