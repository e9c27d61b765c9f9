"""Visitors as an operator knows them: by a word that stands in the CSV file."""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy import Engine, select, union

from feedback.connection.engine import transaction
from feedback.errors import RowRefused
from feedback.records.schema import drawings
from feedback.records.writing_schema import writings

LIMIT_S = 30.0


def pseudonym(session_id: UUID) -> str:
    """Return a word that is the same for all drawings of a session and leads back to none.

    Who knows a session's id may answer for it, so that it leaves the store in no file.
    """
    return hashlib.sha256(b"inkling session" + session_id.bytes).hexdigest()[:16]


def find_visitor(engine: Engine, word: str) -> UUID:
    """Return the `session_id` that a word stands for: itself, or its word in the CSV file.

    An id is taken as it is, also where the store holds nothing of it. Raises `RowRefused` for a
    word of nobody.
    """
    try:
        return UUID(word)
    except ValueError:
        pass
    wanted = word.strip().lower()
    session_id: UUID
    everybody = union(select(drawings.c.session_id), select(writings.c.session_id))
    with transaction(engine, limit_s=LIMIT_S) as connection:
        for session_id in connection.scalars(everybody):
            if pseudonym(session_id) == wanted:
                return session_id
    raise RowRefused(
        f"the store holds no drawing of a visitor {word!r}: give the word in the column `session` "
        "of the CSV file, or the drawing's `session_id`"
    )
