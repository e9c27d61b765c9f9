"""Writing that was read, as a row of the store: its characters, and their ink as pictures."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image

from feedback.records.writing_rows import (
    LONGEST_TEXT,
    MOST_PROBABILITIES,
    Writing,
    WrittenCharacter,
)
from model import Prediction, Reading
from model.line_ink.line_strip import ink_of
from model.writing.placed_characters import Box, Character

INK_PX = 40  # of one character's kept picture, at most
WHOLE_PX = 80  # of the drawing's
WIDEST = 12  # heights, of either


def row_of_writing(
    reading: Reading, picture: Image.Image, paper_px: tuple[int, int], **more: Any
) -> Writing:
    """Return what was read in a drawing as the store keeps it, of a long text its beginning.

    picture: its ink where the reading's boxes lie: L, 0 = paper. paper_px: width and height of the
    canvas or picture. more: the fields of `Writing` that no reading knows.
    """
    text = reading.text[:LONGEST_TEXT]
    kept = reading.characters[: len("".join(text.split()))]
    return Writing(
        text=text,
        is_writing=reading.is_writing,
        sure=reading.sure,
        confidence=reading.confidence,
        characters=tuple(_to_kept(character, picture) for character in kept),
        ink_png=_to_png(picture, picture.getbbox(), WHOLE_PX),
        width_px=paper_px[0],
        height_px=paper_px[1],
        **more,
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
