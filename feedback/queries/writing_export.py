"""All writing as flat rows for a file."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from feedback.queries.pseudonyms import pseudonym
from feedback.queries.writing_listing import list_writings
from feedback.queries.writing_verdicts import verdict_on_writing
from feedback.records.rows import Filters
from feedback.records.writing_rows import KeptWriting, Kind

EXPORT_PAGE = 200  # rows that are in memory at once, each with the ink of its characters


def export_writing_rows(
    engine: Engine, filters: Filters, kind: Kind | None = None
) -> Iterator[dict[str, Any]]:
    """Yield all writing as one flat row each for a CSV file, newest first.

    Reads page by page, so that neither memory nor a transaction is held for the whole of it. Empty
    cells are None; `answer` is a text or the words "no writing"; `answered_with` tells the two
    apart: "text" or "no writing"; `characters` is JSON, a list of what was read in each place, what
    it truly is where that is certain, shares and box; `ink_png` is base64.
    """
    before: tuple[datetime, UUID] | None = None
    while True:
        page = list_writings(engine, filters, limit=EXPORT_PAGE, before=before, kind=kind)
        yield from map(_flat, page)
        if len(page) < EXPORT_PAGE:
            return
        before = (page[-1].created_at, page[-1].id)


def _flat(kept: KeptWriting) -> dict[str, Any]:
    became = verdict_on_writing(kept)
    has_text = isinstance(kept.answer, str)
    return {
        "id": str(kept.id),
        "session": pseudonym(kept.session_id),
        "created_at": kept.created_at.isoformat(),
        "source": kept.source,
        "kind": kept.kind,
        "alphabet": kept.alphabet,
        "weights_version": kept.weights_version,
        "revision": kept.revision,
        "text": kept.text,
        "is_writing": kept.is_writing,
        "sure": kept.sure,
        "confidence": kept.confidence,
        "answer": kept.answer if has_text else None if kept.answer is None else "no writing",
        "answered_with": None if kept.answer is None else "text" if has_text else "no writing",
        "verdict": None if became is None else str(became),
        "answered_at": kept.answered_at.isoformat() if kept.answered_at else None,
        "characters": _json(characters_as_objects(kept)),
        "prediction_ms": kept.prediction_ms,
        "width_px": kept.width_px,
        "height_px": kept.height_px,
        "strokes": _json(kept.strokes),
        "pens_px": _json(kept.pens_px),
        "ink_png": base64.b64encode(kept.ink_png).decode("ascii"),
    }


def characters_as_objects(kept: KeptWriting) -> list[dict[str, Any]]:
    """Return what was read in each place, and what it truly is where an answer makes it certain."""
    truths = kept.truths or (None,) * len(kept.characters)
    return [
        {
            "label": one.label,
            "truth": truth,
            "confidence": one.confidence,
            "probabilities": dict(one.probabilities),
            "box": list(one.box),
        }
        for one, truth in zip(kept.characters, truths, strict=True)
    ]


def _json(value: list[Any] | None) -> str | None:
    return None if value is None else json.dumps(value, separators=(",", ":"))
