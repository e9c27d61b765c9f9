"""One drawing that is read as writing, or as one character, as its page knows it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from feedback.records.writing_rows import (
    LONGEST_TEXT,
    MOST_PROBABILITIES,
    Alphabet,
    Kind,
    TextAnswer,
    Writing,
    WrittenCharacter,
)
from model.line_ink.line_strip import ink_of
from model.reading.recogniser import Prediction
from model.writing.looked import Look
from model.writing.placed_characters import Box, Character
from model.writing.reader import Reading
from result.current_drawing import Drawn

INK_PX = 40  # of one character's kept picture, at most
WHOLE_PX = 80  # of the drawing's
WIDEST = 12  # heights, of either


@dataclass
class WrittenSheet(Drawn):
    """A drawing that is read as writing or as one character; one character is a text of one.

    picture: what is kept of it and where boxes lie: L, 0 = paper. paper_px: width and height of the
    canvas or picture. seen: what one character's network saw of it.
    """

    prediction: Reading | None = None
    answer: TextAnswer | None = None
    taken_back: TextAnswer | None = None
    kind: Kind = "writing"
    alphabet: Alphabet = "characters"
    paper_px: tuple[int, int] = (840, 280)
    picture: Image.Image | None = field(default=None, repr=False)
    seen: Prediction | None = field(default=None, repr=False)
    chosen: int | None = None  # the character that the page tells more of
    draft: str | None = None  # the text as it is being put right
    looks: list[Look] | None = field(default=None, repr=False)  # of `prediction`, once asked for
    problem_with_text: str | None = None  # why what was typed is no answer

    def to_row(self) -> Writing:
        """Return the drawing as the store keeps it; there must be a prediction."""
        assert self.prediction is not None
        assert self.picture is not None
        return Writing(
            id=self.id,
            session_id=self.session_id,
            source=self.source,
            kind=self.kind,
            alphabet=self.alphabet,
            weights_version=self.weights_version,
            revision=self.revision,
            text=self.prediction.text[:LONGEST_TEXT],
            is_writing=self.prediction.is_writing,
            sure=self.prediction.sure,
            confidence=self.prediction.confidence,
            characters=tuple(
                _to_kept(character, self.picture)
                for character in self.prediction.characters[:LONGEST_TEXT]
            ),
            ink_png=_to_png(self.picture, self.picture.getbbox(), WHOLE_PX),
            width_px=self.paper_px[0],
            height_px=self.paper_px[1],
            strokes=self.strokes,
            pens_px=self.pens_px,
            prediction_ms=self.prediction_ms,
            created_at=self.created_at,
        )


def as_reading(seen: Prediction, box: Box) -> Reading:
    """Return what one character was read as in the form of a text of one."""
    character = Character(seen.label, seen.confidence, seen.probabilities, box)
    is_one = seen.is_digit and seen.several is None
    return Reading(seen.label, seen.confidence, seen.sure and is_one, (character,), is_one)


def ink_picture(image: Image.Image) -> Image.Image:
    """Return a picture's ink at the picture's own size: L, 0 = paper; raises BadDrawing."""
    written = ink_of(image)
    kept = np.where(written.mask, written.ink, 0).astype(np.uint8)
    height, width = (max(round(side * written.scale), 1) for side in kept.shape)
    sheet = Image.new("L", image.size, 0)
    sheet.paste(
        Image.fromarray(kept).resize((width, height), Image.Resampling.BILINEAR),
        (round(written.left), round(written.top)),
    )
    return sheet


def _to_kept(character: Character, picture: Image.Image) -> WrittenCharacter:
    ranked = sorted(character.probabilities.items(), key=lambda item: -item[1])
    return WrittenCharacter(
        label=character.label,
        confidence=character.confidence,
        probabilities=dict(ranked[:MOST_PROBABILITIES]),
        box=character.box,
        ink_png=_to_png(picture, _whole(character.box, picture.size), INK_PX),
    )


def _whole(box: Box, size_px: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return a box in whole pixels with half a pen around it, within the picture."""
    reach, (width, height) = 6, size_px
    left = min(max(int(box[0]) - reach, 0), width - 1)
    top = min(max(int(box[1]) - reach, 0), height - 1)
    right, bottom = int(box[2]) + reach + 1, int(box[3]) + reach + 1
    return left, top, max(min(right, width), left + 1), max(min(bottom, height), top + 1)


def _to_png(picture: Image.Image, box: tuple[int, int, int, int] | None, most_px: int) -> bytes:
    part = picture.crop(box or (0, 0, 1, 1))
    part.thumbnail((WIDEST * most_px, most_px))
    file = io.BytesIO()
    part.save(file, "PNG")
    return file.getvalue()
