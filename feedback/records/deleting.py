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
from feedback.records.writing_schema import writing_answers, writings

AT_ONCE = 1000  # ids in one statement
# The rows of each kind of drawing, and the column of answers that names them. Their logs, and the
# characters of writing, go with them.
KINDS = ((drawings, answers.c.drawing_id), (writings, writing_answers.c.writing_id))
LIMIT_S = 30.0  # whoever deletes a year of drawings waits longer than whoever writes one


def delete_drawings(
    engine: Engine, drawing_ids: Collection[UUID], *, session_id: UUID | None
) -> int:
    """Delete drawings and all that was said of them, at once; return how many the store held.

    Digits and writing alike. session_id: only what this session drew; None: whoever drew it. An id
    that the store does not hold, since its drawing still waits to be written, is refused from now
    on too: a queue, a spool or another server cannot bring it back (`DrawingDeleted`). Raises
    `StoreUnavailable` when nothing was deleted.
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
                others = set[UUID]()
                for rows, _ in KINDS:
                    foreign = and_(rows.c.id.in_(some), rows.c.session_id != session_id)
                    others.update(connection.scalars(select(rows.c.id).where(foreign)))
                some = [drawing_id for drawing_id in some if drawing_id not in others]
            _remember(connection, deleted_drawings, some)
            forget_in_reports(connection, some)
            for rows, answered in KINDS:
                connection.execute(delete(answered.table).where(answered.in_(some)))
                deleted += connection.execute(delete(rows).where(rows.c.id.in_(some))).rowcount
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
        deleted = 0
        for rows, answered in KINDS:
            own = rows.c.session_id == session_id
            its = select(rows.c.id).where(own)  # by an index, unlike the answers' own session
            connection.execute(delete(answered.table).where(answered.in_(its)))
            if rows is drawings:
                forget_in_reports(connection, connection.scalars(its).all())
            deleted += connection.execute(delete(rows).where(own)).rowcount
        return deleted


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
