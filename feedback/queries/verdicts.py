"""What became of an answered drawing, as its author saw it: the one place that says so."""

from __future__ import annotations

import enum

from feedback.records.rows import NOT_A_DIGIT, Answer, KeptDrawing


class Verdict(enum.Enum):
    """The five ends of an answered drawing; three where its author called it a digit, then two.

    What was shown counts, never the nearest digit of a drawing that was refused.
    """

    READ_RIGHT = "read right"
    MISREAD = "misread"
    REFUSED_BY_MISTAKE = "refused by mistake"
    REFUSED_RIGHTLY = "refused rightly"
    TAKEN_FOR_A_DIGIT = "taken for a digit"

    def __str__(self) -> str:
        """Return the verdict in words, for a person or a file."""
        return self.value


def verdict(predicted: int, is_digit: bool, answer: Answer) -> Verdict:
    """Return what became of a drawing.

    predicted: the nearest digit, shown only if is_digit: False where the drawing was refused.
    """
    if answer is NOT_A_DIGIT:
        return Verdict.TAKEN_FOR_A_DIGIT if is_digit else Verdict.REFUSED_RIGHTLY
    if not is_digit:
        return Verdict.REFUSED_BY_MISTAKE
    return Verdict.READ_RIGHT if answer == predicted else Verdict.MISREAD


def verdict_on(kept: KeptDrawing) -> Verdict | None:
    """Return what became of a kept drawing; None while it has no answer."""
    if kept.answer is None:
        return None
    return verdict(kept.predicted, kept.is_digit, kept.answer)
