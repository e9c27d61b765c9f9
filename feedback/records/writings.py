"""Keeping writing: one row each with a row for each of its characters, and what an answer tells."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, exists, insert, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from feedback.errors import RowRefused
from feedback.records.locks import lock_drawing
from feedback.records.rows import NotADigit
from feedback.records.writing_rows import LONGEST_ANSWER, MOST_PROBABILITIES, TextAnswer, Writing
from feedback.records.writing_schema import writing_answers, writing_characters, writings
from feedback.writings.alignment import certain_truths, edits_between, one_blank
from feedback.writings.text_kinds import kind_of_text

ANOTHERS = "this drawing belongs to another session"
FIXED = ("id", "session_id", "created_at")  # never changed by a later revision
SIDES = ("left", "top", "right", "bottom")


def clean_answer(text: str) -> str:
    """Return a text as it is kept: without blanks at its ends, one for each run within.

    Its characters are composed where Unicode has them so (NFC). Raises `RowRefused`, with a
    sentence for a person, for one that is empty, too long, or holds what no pen writes.
    """
    clean = one_blank(unicodedata.normalize("NFC", text))
    if not clean:
        raise RowRefused("an answer has at least one character: type what is written")
    if len(clean) > LONGEST_ANSWER:
        raise RowRefused(
            f"an answer has at most {LONGEST_ANSWER} characters, and this one has {len(clean)}"
        )
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in clean):
        raise RowRefused("an answer holds letters, digits and signs, and no control characters")
    return clean


def upsert_writing(connection: Connection, writing: Writing) -> None:
    """Insert writing or replace an older revision of it, within the caller's transaction.

    As `upsert_drawing` does with a digit; the characters go with their revision.
    """
    values, characters = _rows(writing)
    lock_drawing(connection, writing.id, writing.session_id)
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    new = dialect.insert(writings).values(values)
    answered = exists().where(writing_answers.c.writing_id == writing.id)
    written = connection.execute(
        new.on_conflict_do_update(
            index_elements=["id"],
            set_={name: new.excluded[name] for name in values if name not in FIXED},
            where=(new.excluded.revision > writings.c.revision)
            & (new.excluded.session_id == writings.c.session_id)
            & ~answered,
        )
    )
    if written.rowcount == 0:
        owner = connection.scalar(select(writings.c.session_id).where(writings.c.id == writing.id))
        if owner != writing.session_id:
            raise RowRefused(ANOTHERS)
        return
    own = writing_characters.c.writing_id == writing.id
    connection.execute(delete(writing_characters).where(own))
    if characters:
        connection.execute(insert(writing_characters), characters)


def compare(connection: Connection, writing_id: UUID, answer: TextAnswer | None) -> dict[str, Any]:
    """Mark each character with what an answer says that it is; return what is counted of it.

    Within the caller's transaction, before the answer stands. answer: None while none stands.
    """
    own = writing_characters.c.writing_id == writing_id
    connection.execute(update(writing_characters).where(own).values(truth=null()))
    if answer is None or isinstance(answer, NotADigit):
        return {"edits": None, "text_kind": None}
    text = connection.scalars(select(writings.c.text).where(writings.c.id == writing_id)).one()
    truths = [
        {"at": place, "is_truly": truth}
        for place, truth in enumerate(certain_truths(text, answer))
        if truth is not None
    ]
    if truths:
        places = update(writing_characters).where(
            own, writing_characters.c.position == bindparam("at")
        )
        connection.execute(places.values(truth=bindparam("is_truly")), truths)
    return {"edits": edits_between(text, answer), "text_kind": kind_of_text(answer)}


def _rows(writing: Writing) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the row of a writing and those of its characters, in plain numbers."""
    if "".join(one.label for one in writing.characters) != "".join(writing.text.split()):
        raise RowRefused("the characters of writing are those of its text, in order")
    values = {name: value for name, value in vars(writing).items() if name != "characters"} | {
        "is_writing": bool(writing.is_writing),
        "sure": bool(writing.sure),
        "confidence": float(writing.confidence),
        "prediction_ms": float(writing.prediction_ms),
        "updated_at": datetime.now(UTC),
    }
    characters = [
        {
            "writing_id": writing.id,
            "position": position,
            "label": one.label,
            "confidence": float(one.confidence),
            "probabilities": _likeliest(one.probabilities),
            "ink_png": one.ink_png,
            **{side: float(at) for side, at in zip(SIDES, one.box, strict=True)},
        }
        for position, one in enumerate(writing.characters)
    ]
    return values, characters


def _likeliest(shares: Mapping[str, float]) -> dict[str, float]:
    plain = [(str(label), float(share)) for label, share in shares.items()]
    return dict(sorted(plain, key=lambda one: -one[1])[:MOST_PROBABILITIES])
