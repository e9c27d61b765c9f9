"""Readings that a program wants kept, as rows of the store; and what it says of them later."""

from __future__ import annotations

import io
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from PIL import Image
from sqlalchemy import Engine

from api.rules.problems import Problem
from feedback.candidates import find_drawings
from feedback.errors import RowRefused
from feedback.statistics import verdict_on
from feedback.store import (
    NOT_A_DIGIT,
    Answer,
    AnyAnswer,
    Drawing,
    KeptDrawing,
    Source,
    read_answer,
    record_answer,
    record_drawing,
    withdraw_answer,
)
from model import Prediction
from model.ink.pen_strokes import PenStroke, to_quick_draw

SOURCE: Source = "api"
NO_SUCH = "there is no such drawing of yours"


def row_of(
    prediction: Prediction,
    version: str,
    visitor: UUID,
    *,
    strokes: list[PenStroke] | None,
    prediction_ms: float,
) -> Drawing:
    """Return a reading of a digit as the store keeps it, with a new id."""
    png = io.BytesIO()
    Image.fromarray(prediction.ink).save(png, "PNG")
    return Drawing(
        id=uuid4(),
        session_id=visitor,
        source=SOURCE,
        weights_version=version,
        revision=1,
        predicted=int(prediction.label),
        is_digit=prediction.is_digit,
        confidence=prediction.confidence,
        probabilities=tuple(prediction.probabilities.values()),
        ink_png=png.getvalue(),
        strokes=None if strokes is None else to_quick_draw(strokes),
        pens_px=None if strokes is None else [stroke.pen_px for stroke in strokes],
        prediction_ms=prediction_ms,
        created_at=datetime.now(UTC),
    )


def keep_all(engine: Engine, rows: list[Drawing]) -> None:
    """Keep readings, one transaction each; raises StoreUnavailable where one cannot be kept."""
    for row in rows:
        record_drawing(engine, row)


def say(engine: Engine, drawing_id: UUID, visitor: UUID, answer: Answer | None) -> dict[str, Any]:
    """Keep what a drawing's author says of it, None takes it back; return what stands then.

    Raises `Problem` 404 where the visitor has kept no such drawing, `DrawingDeleted`,
    `StoreUnavailable`.
    """
    kept = find_drawings(engine, [drawing_id]).get(drawing_id)
    if kept is not None and kept.session_id != visitor:
        raise Problem(404, NO_SUCH)
    if answer is None or kept is None:  # of what is gone, the store knows whether it was deleted
        try:
            outcome = withdraw_answer(engine, drawing_id, visitor)
        except RowRefused as error:
            if type(error) is RowRefused:
                raise Problem(404, NO_SUCH) from error
            raise
    else:
        outcome = record_answer(engine, _without_answer(kept), answer)
    stands = read_answer(engine, drawing_id)
    row = None if kept is None else KeptDrawing(**{**_fields(kept), "answer": stands})
    verdict = None if row is None else verdict_on(row)
    return {
        "id": str(drawing_id),
        "answer": as_json(stands),
        "outcome": outcome.value,
        "verdict": None if verdict is None else str(verdict),
    }


def as_json(answer: AnyAnswer | None) -> int | str | None:
    """Return an answer as JSON has it."""
    return str(answer) if answer is NOT_A_DIGIT else answer


def _fields(kept: KeptDrawing) -> dict[str, Any]:
    return {name: getattr(kept, name) for name in asdict(kept)}


def _without_answer(kept: KeptDrawing) -> Drawing:
    more = ("updated_at", "answer", "answered_at")
    return Drawing(**{name: value for name, value in _fields(kept).items() if name not in more})
