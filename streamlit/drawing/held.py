"""What a browser's tab holds of its drawing, so that a reload or a server's restart loses none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from feedback.records.rows import NOT_A_DIGIT, Answer
from model.errors import BadDrawing
from model.ink.pen_strokes import PenStroke, check_strokes

MOST_REVISIONS = 1_000_000
OLDEST = timedelta(days=30)


@dataclass(frozen=True)
class Held:
    """A drawing as the tab kept it. id: None where it is not this visitor's, or has none yet."""

    strokes: list[PenStroke]
    id: UUID | None = None
    created_at: datetime | None = None
    revision: int = 0
    answer: Answer | None = None
    is_saved: bool = False  # the answer


def visitor_mark(session_id: UUID) -> str:
    """Return what tells a visitor's own drawing from others': no way leads back from it."""
    return hashlib.sha256(f"tab {session_id}".encode()).hexdigest()[:16]


def to_hold(
    session_id: UUID,
    drawing_id: UUID,
    created_at: datetime,
    revision: int,
    answer: Answer | None,
    *,
    is_saved: bool,
) -> dict[str, Any]:
    """Return as JSON what the tab is to hold beside the strokes; `check_held` reads it."""
    return {
        "visitor": visitor_mark(session_id),
        "id": str(drawing_id),
        "createdAt": created_at.isoformat(),
        "revision": revision,
        "answer": "none" if answer is NOT_A_DIGIT else answer,
        "isSaved": is_saved,
    }


def check_held(held: object, session_id: UUID) -> Held:
    """Return what a tab says it holds, checked as a stranger's.

    A drawing of another visitor, and one whose name makes no sense, is a new one. Raises
    BadDrawing where the strokes are none.
    """
    if not isinstance(held, dict):
        raise BadDrawing("expected a drawing")
    strokes = check_strokes(held.get("strokes"))
    if held.get("visitor") != visitor_mark(session_id):
        return Held(strokes)
    try:
        created_at = datetime.fromisoformat(str(held["createdAt"]))
        revision, answer = held["revision"], held["answer"]
        is_number = type(revision) is int and 0 < revision < MOST_REVISIONS
        is_answer = answer in (None, "none") or (type(answer) is int and 0 <= answer <= 9)
        is_recent = created_at.tzinfo is not None and (abs(datetime.now(UTC) - created_at) < OLDEST)
        if not (is_number and is_answer and is_recent):
            return Held(strokes)
        return Held(
            strokes,
            UUID(str(held["id"])),
            created_at,
            revision,
            NOT_A_DIGIT if answer == "none" else answer,
            held.get("isSaved") is True,
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return Held(strokes)
