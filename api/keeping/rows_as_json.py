"""What the store holds, as JSON: drawings page by page or as a stream, and what they add up to."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from api.keeping.kept_readings import as_json
from feedback.candidates import WeightsRow
from feedback.statistics import Statistics, verdict_on
from feedback.store import Filters, KeptDrawing, list_drawings, pseudonym

EXPORT_PAGE = 500  # drawings that are in memory at once


def drawing_as_object(kept: KeptDrawing) -> dict[str, Any]:
    """Return a kept drawing; its session by the same word as in the dashboard's CSV file."""
    became = verdict_on(kept)
    return {
        "id": str(kept.id),
        "session": pseudonym(kept.session_id),
        "created_at": kept.created_at.isoformat(),
        "source": kept.source,
        "weights_version": kept.weights_version,
        "revision": kept.revision,
        "predicted": kept.predicted,
        "is_digit": kept.is_digit,
        "confidence": kept.confidence,
        "probabilities": list(kept.probabilities),
        "answer": as_json(kept.answer),
        "verdict": None if became is None else str(became),
        "answered_at": None if kept.answered_at is None else kept.answered_at.isoformat(),
        "prediction_ms": kept.prediction_ms,
        "strokes": kept.strokes,
        "pens_px": kept.pens_px,
        "ink_png": base64.b64encode(kept.ink_png).decode("ascii"),
    }


def next_page(page: list[KeptDrawing], limit: int) -> str | None:
    """Return what asks for the page after this one; None at the end."""
    if len(page) < limit:
        return None
    return f"{page[-1].created_at.isoformat()}_{page[-1].id}"


def read_cursor(text: str) -> tuple[datetime, UUID]:
    """Return where a page begins; raises ValueError for what `next_page` did not make."""
    moment, _, drawing_id = text.rpartition("_")
    at = datetime.fromisoformat(moment)
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at, UUID(drawing_id)


def export_lines(engine: Engine, filters: Filters) -> Iterator[bytes]:
    """Yield every drawing as a line of JSON, newest first, a page at a time."""
    before: tuple[datetime, UUID] | None = None
    while True:
        page = list_drawings(engine, filters, limit=EXPORT_PAGE, before=before)
        rows = (json.dumps(drawing_as_object(kept), separators=(",", ":")) for kept in page)
        yield "".join(f"{row}\n" for row in rows).encode()
        if len(page) < EXPORT_PAGE:
            return
        before = (page[-1].created_at, page[-1].id)


def statistics_as_object(found: Statistics) -> dict[str, Any]:
    """Return the numbers that the dashboard's Statistics charts."""
    return {
        "drawings": found.drawings,
        "answers": found.answers,
        "share_answered": found.share_answered,
        "named": found.named,
        "read_right": found.read_right,
        "misread": found.misread,
        "refused_by_mistake": found.refused_by_mistake,
        "not_digits": found.not_digits,
        "refused_rightly": found.refused_rightly,
        "taken_for_a_digit": found.taken_for_a_digit,
        "accuracy": found.accuracy,
        "interval": None if found.interval is None else list(found.interval),
        "by_day": [{**day._asdict(), "day": day.day.isoformat()} for day in found.by_day],
        "by_digit": [digit._asdict() for digit in found.by_digit],
        "confusion": [list(row) for row in found.confusion],
        "reliability": [one._asdict() for one in found.reliability],
    }


def weights_as_object(row: WeightsRow) -> dict[str, Any]:
    """Return what is known of a version of weights, without who decided on it."""
    return {
        "version": row.version,
        "parent": row.parent,
        "made_at": row.made_at.isoformat(),
        "learnt_from": row.learnt_from,
        "verdict": row.verdict,
        "is_rejected": row.rejected_at is not None,
        "is_live": row.is_live,
    }
