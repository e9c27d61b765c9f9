"""Readings that a program wants kept, as rows of the store."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from PIL import Image
from sqlalchemy import Engine

from api.reading.sent_drawings import Sent
from api.reading.strokes_on_canvas import on_canvas, on_paper
from feedback.store import AnyDrawing, Drawing, Source, Writing, record_drawing
from model import BadDrawing, Prediction, Reading
from model.ink.images import open_image
from model.ink.pen_strokes import PAPER_PX, SIDE_PX, PenStroke, picture, to_quick_draw, to_whole_px
from serving.keeping.kept_writing import as_reading, ink_picture, row_of_writing

SOURCE: Source = "api"
Answer = Prediction | Reading | BadDrawing


@dataclass(frozen=True)
class Kept:
    """Who keeps what of one request.

    what: `digits`, `characters` or `writing`; alphabet: of writing. version: of what read.
    took_ms: for each drawing.
    """

    visitor: UUID
    what: str
    alphabet: str
    version: str
    took_ms: float

    def row(self, one: Sent, answer: Answer) -> AnyDrawing | None:
        """Return a reading as the store keeps it, with a new id; None for what was not read."""
        if isinstance(answer, BadDrawing):
            return None
        if self.what == "digits":
            assert isinstance(answer, Prediction)
            return self._digit(one, answer)
        if isinstance(answer, Prediction):
            return self._character(one, answer)
        return self._writing(one, answer)

    def _digit(self, one: Sent, prediction: Prediction) -> Drawing:
        pens = None if one.strokes is None else on_canvas(one.strokes)
        png = io.BytesIO()
        Image.fromarray(prediction.ink).save(png, "PNG")
        return Drawing(
            predicted=int(prediction.label),
            is_digit=prediction.is_digit,
            confidence=prediction.confidence,
            probabilities=tuple(prediction.probabilities.values()),
            ink_png=png.getvalue(),
            strokes=None if pens is None else to_quick_draw(pens),
            **self._common(pens),
        )

    def _character(self, one: Sent, seen: Prediction) -> Writing:
        pens, drawn, size_px = None, Image.new("L", (1, 1)), (SIDE_PX, SIDE_PX)
        if one.strokes is None:
            image = open_image(one.content)
            drawn, size_px = ink_picture(image), image.size
        else:
            pens = on_canvas(one.strokes)
            drawn = picture(pens)
        left, top, right, bottom = map(float, drawn.getbbox() or (0, 0, *drawn.size))
        reading = as_reading(seen, (left, top, right, bottom))
        return self._text(reading, drawn, size_px, pens, "character")

    def _writing(self, one: Sent, reading: Reading) -> Writing:
        if one.strokes is None:
            image = open_image(one.content)
            return self._text(reading, ink_picture(image), image.size, None, "writing")
        laid = on_paper(one.strokes)
        characters = tuple(replace(it, box=laid.laid(it.box)) for it in reading.characters)
        moved = replace(reading, characters=characters)
        drawn = picture(laid.pens, PAPER_PX)
        return self._text(moved, drawn, PAPER_PX, laid.pens, "writing")

    def _text(
        self,
        reading: Reading,
        drawn: Image.Image,
        size_px: tuple[int, int],
        pens: Sequence[PenStroke] | None,
        kind: str,
    ) -> Writing:
        return row_of_writing(
            reading,
            drawn,
            size_px,
            kind=kind,
            alphabet=self.alphabet if kind == "writing" else "characters",
            strokes=None if pens is None else to_whole_px(pens),
            **self._common(pens),
        )

    def _common(self, pens: Sequence[PenStroke] | None) -> dict[str, Any]:
        return {
            "id": uuid4(),
            "session_id": self.visitor,
            "source": SOURCE,
            "weights_version": self.version,
            "revision": 1,
            "pens_px": None if pens is None else [stroke.pen_px for stroke in pens],
            "prediction_ms": self.took_ms,
            "created_at": datetime.now(UTC),
        }


def keep_all(
    engine: Engine, kept: Kept, sent: Sequence[Sent], answers: Sequence[Answer]
) -> list[str | None]:
    """Keep readings, one transaction each; return their ids, None for what was not read.

    Raises StoreUnavailable where one cannot be kept.
    """
    rows = [kept.row(one, answer) for one, answer in zip(sent, answers, strict=True)]
    for row in rows:
        if row is not None:
            record_drawing(engine, row)
    return [None if row is None else str(row.id) for row in rows]
