"""The rows of drawings that are read as writing, or as one character of any kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from feedback.records.rows import Drawing, NotADigit, Source

Kind = Literal["writing", "character"]
Alphabet = Literal["characters", "digits"]
KINDS: tuple[Kind, ...] = ("writing", "character")
ALPHABETS: tuple[Alphabet, ...] = ("characters", "digits")
LONGEST_ANSWER = 64  # characters
LONGEST_TEXT = 400  # of what was read
MOST_PROBABILITIES = 10  # of one character that are kept
# What an author says of it: its right text, or (`NOT_A_DIGIT`) that it is no writing at all.
TextAnswer = str | NotADigit


@dataclass(frozen=True, kw_only=True)
class WrittenCharacter:
    """One character of a drawing as it was read.

    label: what it was read as. confidence: of that, 0 to 1. probabilities: of the likeliest ten
    labels, the likeliest first. box: left, top, right, bottom in pixels of the drawing. ink_png:
    its own ink as a picture, at most 40 px high.
    """

    label: str
    confidence: float
    probabilities: Mapping[str, float]
    box: tuple[float, float, float, float]
    ink_png: bytes


@dataclass(frozen=True, kw_only=True)
class Writing:
    """One drawing and the text that was read in it; one character is a text of one.

    id, session_id, source, revision, strokes, pens_px, prediction_ms, created_at: as in `Drawing`.
    kind: whether it was read as writing or as a single character. weights_version: of all networks
    that read it. text: rows parted by line breaks, words by spaces. is_writing: False where it was
    refused; `text` is only the nearest one then. confidence: that the whole text is right, 0 to 1.
    characters: of the text without its spaces and line breaks, in order. ink_png: the drawing as a
    picture, at most 80 px high. width_px, height_px: of the canvas or picture that boxes are in.
    """

    id: UUID
    session_id: UUID
    source: Source
    kind: Kind
    alphabet: Alphabet
    weights_version: str
    revision: int
    text: str
    is_writing: bool
    sure: bool
    confidence: float
    characters: tuple[WrittenCharacter, ...]
    ink_png: bytes
    width_px: int
    height_px: int
    strokes: list[Any] | None
    prediction_ms: float
    created_at: datetime
    pens_px: list[float] | None = None


@dataclass(frozen=True, kw_only=True)
class KeptWriting(Writing):
    """A drawing of writing as the store holds it, with its author's answer where there is one.

    truths: of each character what the answer says that it is, None where the alignment leaves it
    open; empty while there is no answer.
    """

    updated_at: datetime
    answer: TextAnswer | None
    answered_at: datetime | None
    truths: tuple[str | None, ...] = ()


AnyDrawing = Drawing | Writing  # whatever is drawn, and kept in one row
