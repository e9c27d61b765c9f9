"""Drawings of writing as the dashboard would make them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from feedback.store import Writing, WrittenCharacter
from tests.feedback.sample_drawings import INK_PNG


def a_writing(text: str = "Hello", **changes: Any) -> Writing:
    """Return writing that was read as `text`, with a new id, changed as asked."""
    usual: dict[str, Any] = {
        "id": uuid.uuid4(),
        "session_id": uuid.uuid4(),
        "source": "canvas",
        "kind": "writing",
        "alphabet": "characters",
        "weights_version": "strip-0123abcd+pen-4567cdef",
        "revision": 1,
        "text": text,
        "is_writing": True,
        "sure": True,
        "confidence": 0.87,
        "characters": tuple(
            a_character(label, place) for place, label in enumerate("".join(text.split()))
        ),
        "ink_png": INK_PNG,
        "width_px": 840,
        "height_px": 280,
        "strokes": [[[10, 800, 400], [20, 20, 240]], [[60, 160], [130, 130]]],
        "pens_px": [8, 8.5],
        "prediction_ms": 31.5,
        "created_at": datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC),
    }
    return Writing(**(usual | changes))


def a_character(label: str, place: int = 0, **changes: Any) -> WrittenCharacter:
    """Return one character as it was read."""
    usual: dict[str, Any] = {
        "label": label,
        "confidence": 0.75,
        "probabilities": {label: 0.75, "#": 0.25},
        "box": (40.0 * place, 10.5, 40.0 * place + 38, 90.0),
        "ink_png": INK_PNG,
    }
    return WrittenCharacter(**(usual | changes))
