"""What the store holds, as JSON: drawings page by page or as a stream, and what they add up to."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from api.keeping.kept_answers import KINDS, as_json
from feedback.candidates import WeightsRow
from feedback.statistics import Statistics, WritingStatistics, verdict_on, verdict_on_writing
from feedback.store import (
    Filters,
    KeptDrawing,
    KeptWriting,
    characters_as_objects,
    list_drawings,
    list_writings,
    pseudonym,
)

EXPORT_PAGE = 200  # drawings that are in memory at once
AnyKept = KeptDrawing | KeptWriting


def list_page(
    engine: Engine,
    filters: Filters,
    read: str,
    *,
    limit: int,
    before: tuple[datetime, UUID] | None = None,
) -> Sequence[AnyKept]:
    """Return a page of what is kept, newest first; read: `digits`, `characters` or `writing`."""
    if read in KINDS:
        return list_writings(engine, filters, limit=limit, before=before, kind=KINDS[read])
    return list_drawings(engine, filters, limit=limit, before=before)


def drawing_as_object(kept: AnyKept) -> dict[str, Any]:
    """Return a kept drawing; its session by the same word as in the dashboard's CSV file."""
    is_text = isinstance(kept, KeptWriting)
    said = as_json(kept.answer, is_text=is_text)
    became = verdict_on_writing(kept) if isinstance(kept, KeptWriting) else verdict_on(kept)
    read = _text(kept) if isinstance(kept, KeptWriting) else _digit(kept)
    return {
        "id": str(kept.id),
        "session": pseudonym(kept.session_id),
        "created_at": kept.created_at.isoformat(),
        "source": kept.source,
        "weights_version": kept.weights_version,
        "revision": kept.revision,
        **read,
        **said,
        "verdict": None if became is None else str(became),
        "answered_at": None if kept.answered_at is None else kept.answered_at.isoformat(),
        "prediction_ms": kept.prediction_ms,
        "strokes": kept.strokes,
        "pens_px": kept.pens_px,
        "ink_png": base64.b64encode(kept.ink_png).decode("ascii"),
    }


def _digit(kept: KeptDrawing) -> dict[str, Any]:
    return {
        "predicted": kept.predicted,
        "is_digit": kept.is_digit,
        "confidence": kept.confidence,
        "probabilities": list(kept.probabilities),
    }


def _text(kept: KeptWriting) -> dict[str, Any]:
    return {
        "text": kept.text,
        "alphabet": kept.alphabet,
        "is_writing": kept.is_writing,
        "sure": kept.sure,
        "confidence": kept.confidence,
        "characters": characters_as_objects(kept),
        "width_px": kept.width_px,
        "height_px": kept.height_px,
    }


def next_page(page: Sequence[AnyKept], limit: int) -> str | None:
    """Return what asks for the page after this one; None at the end."""
    if len(page) < limit:
        return None
    moment = page[-1].created_at.astimezone(UTC).replace(tzinfo=None).isoformat()
    return f"{moment}Z_{page[-1].id}"  # in an address, the plus sign of +00:00 would be a blank


def read_cursor(text: str) -> tuple[datetime, UUID]:
    """Return where a page begins; raises ValueError for what `next_page` did not make."""
    moment, _, drawing_id = text.rpartition("_")
    at = datetime.fromisoformat(moment)
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    try:
        return at.astimezone(UTC), UUID(drawing_id)
    except OverflowError as error:
        raise ValueError("no moment of UTC is that") from error


def export_lines(engine: Engine, filters: Filters, read: str) -> Iterator[bytes]:
    """Yield every drawing as a line of JSON, newest first, a page at a time."""
    before: tuple[datetime, UUID] | None = None
    while True:
        page = list_page(engine, filters, read, limit=EXPORT_PAGE, before=before)
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


def writing_statistics_as_object(found: WritingStatistics) -> dict[str, Any]:
    """Return the numbers that the dashboard charts of writing, or of single characters."""
    return {
        "drawings": found.drawings,
        "refused": found.refused,
        "sure": found.sure,
        "answers": found.answers,
        "named": found.named,
        "read_right": found.read_right,
        "verdicts": {str(verdict): count for verdict, count in found.verdicts.items()},
        "sure_answered": found.sure_answered,
        "sure_right": found.sure_right,
        "edits": found.edits,
        "characters": found.characters,
        "error_rate": found.error_rate,
        "error_interval": None if found.error_interval is None else list(found.error_interval),
        "by_kind": [group._asdict() for group in found.by_kind],
        "by_length": [group._asdict() for group in found.by_length],
        "worst": [pair._asdict() for pair in found.worst],
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
