"""The rows of the store as its callers see them."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final, Literal
from uuid import UUID, uuid4

Source = Literal["canvas", "upload", "api"]
SOURCES: tuple[Source, ...] = ("canvas", "upload", "api")


class NotADigit(enum.Enum):
    """The one answer that names no digit; the store holds it as an answer without a label."""

    NOT_A_DIGIT = "not a digit"

    def __str__(self) -> str:
        """Return the answer in words, for a person or a file."""
        return self.value


NOT_A_DIGIT: Final = NotADigit.NOT_A_DIGIT
Answer = int | NotADigit  # what an author says: 0 to 9, or NOT_A_DIGIT
# What an author says of any drawing: of writing a text, or NOT_A_DIGIT where it is none at all.
AnyAnswer = int | str | NotADigit


@dataclass(frozen=True)
class Word:
    """What an author says of a drawing at one moment; of several the last by `said_at` stands.

    answer: None takes back what was said before; a text is said of writing alone. said_at: when it
    was said, with its time zone. id: made once by whoever says it, so that it counts once however
    often it is sent.
    """

    answer: AnyAnswer | None
    said_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One drawing and what was read in it.

    id: made once by the caller, when the drawing got its first ink. revision: grows with every
    new prediction of the same drawing. predicted: the likeliest digit. is_digit: False where the
    network refused the drawing as no digit at all. confidence: of `predicted`, 0 to 1.
    probabilities: ten, by digit. ink_png: the 28 x 28 picture that the network saw. strokes: Quick,
    Draw! simplified form, `[[[x, ...], [y, ...]], ...]`, or None where there are none. pens_px: the
    width of each stroke's pen on a canvas of 280 px, or None where it is not known.
    prediction_ms: time the prediction took. created_at: of the first ink, with its time zone.
    """

    id: UUID
    session_id: UUID
    source: Source
    weights_version: str
    revision: int
    predicted: int
    is_digit: bool
    confidence: float
    probabilities: tuple[float, ...]
    ink_png: bytes
    strokes: list[Any] | None
    prediction_ms: float
    created_at: datetime
    pens_px: list[float] | None = None


@dataclass(frozen=True, kw_only=True)
class KeptDrawing(Drawing):
    """A drawing as the store holds it, with its author's answer where there is one.

    updated_at: when this revision was written. answer: None while there is none. All times are UTC.
    """

    updated_at: datetime
    answer: Answer | None
    answered_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ReviewedDrawing(KeptDrawing):
    """An answered drawing with what an operator decided on it, beside its author's answer.

    decision: 0 to 9, 10 for no digit, 11 to leave it out; None where nothing stands.
    """

    decision: int | None


class AnswerOutcome(enum.Enum):
    """What became of an author's words, all of which are kept."""

    SAVED = "saved"  # what they say stands
    OVERTAKEN = "overtaken"  # something else stands that was said later


@dataclass(frozen=True)
class Filters:
    """Which drawings to look at; None leaves a column unfiltered.

    since, until: UTC days of the drawings, both included.
    """

    since: date | None = None
    until: date | None = None
    source: str | None = None
    weights_version: str | None = None
    session_id: UUID | None = None
