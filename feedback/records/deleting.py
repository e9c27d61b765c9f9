"""Deleting drawings so that they stay deleted, also what waits to be written at that moment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, Table, and_, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from feedback.connection.engine import transaction
from feedback.records.in_reports import forget_in_reports
from feedback.records.locks import drawing_lock, session_lock
from feedback.records.schema import answers, deleted_drawings, deleted_sessions, drawings

AT_ONCE = 1000  # ids in one statement
LIMIT_S = 30.0  # whoever deletes a year of drawings waits longer than whoever writes one


def delete_drawings(
    engine: Engine, drawing_ids: Collection[UUID], *, session_id: UUID | None
) -> int:
    """Delete drawings and all that was said of them, at once; return how many the store held.

    session_id: only what this session drew; None: whoever drew it. An id that the store does not
    hold, since its drawing still waits to be written, is refused from now on too: a queue, a spool
    or another server cannot bring it back (`DrawingDeleted`). Raises `StoreUnavailable` when
    nothing was deleted.
    """
    ids = sorted(set(drawing_ids))
    deleted = 0
    with transaction(engine, writes=True, limit_s=LIMIT_S) as connection:
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            if connection.dialect.name == "postgresql":
                for drawing_id in some:  # in order, so that two who delete do not block each other
                    connection.execute(select(drawing_lock(drawing_id)))
            if session_id is not None:
                foreign = select(drawings.c.id).where(
                    and_(drawings.c.id.in_(some), drawings.c.session_id != session_id)
                )
                others = set(connection.scalars(foreign))
                some = [drawing_id for drawing_id in some if drawing_id not in others]
            _remember(connection, deleted_drawings, some)
            connection.execute(delete(answers).where(answers.c.drawing_id.in_(some)))
            forget_in_reports(connection, some)
            # The log goes with its drawing.
            gone = connection.execute(delete(drawings).where(drawings.c.id.in_(some)))
            deleted += gone.rowcount
    return deleted


def delete_session(engine: Engine, session_id: UUID) -> int:
    """Delete all that a session has drawn so far; return how many drawings the store held.

    What it began before this moment and is written later, from wherever it waits, is refused
    (`DrawingDeleted`); what it draws afterwards is kept. Raises `StoreUnavailable` when nothing
    was deleted.
    """
    with transaction(engine, writes=True, limit_s=LIMIT_S) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(session_lock(session_id, shared=False)))
        _remember(connection, deleted_sessions, [session_id])
        own = drawings.c.session_id == session_id
        its = select(drawings.c.id).where(own)  # by an index, unlike the answers' own session
        connection.execute(delete(answers).where(answers.c.drawing_id.in_(its)))
        forget_in_reports(connection, connection.scalars(its).all())
        gone = connection.execute(delete(drawings).where(own))  # the log goes with its drawing
        return int(gone.rowcount)


def _remember(connection: Connection, table: Table, ids: list[UUID]) -> None:
    """Leave a mark for each id, with this moment; a mark that is there moves up to it."""
    if not ids:
        return
    (key,) = table.primary_key.columns
    moment = datetime.now(UTC)
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
    rows = insert.values([{key.name: one, "deleted_at": moment} for one in ids])
    connection.execute(
        rows.on_conflict_do_update(
            index_elements=[key.name], set_={"deleted_at": rows.excluded.deleted_at}
        )
    )
