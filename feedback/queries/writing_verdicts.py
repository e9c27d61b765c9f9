"""What became of answered writing, as its author saw it."""

from __future__ import annotations

import enum

from feedback.records.rows import NotADigit
from feedback.records.writing_rows import KeptWriting
from feedback.writings.alignment import edits_between


class WritingVerdict(enum.Enum):
    """The five ends of answered writing; three where its author gave its text, then two."""

    READ_RIGHT = "read right"
    MISREAD = "misread"
    REFUSED_BY_MISTAKE = "refused by mistake"
    REFUSED_RIGHTLY = "refused rightly"
    TAKEN_FOR_WRITING = "taken for writing"

    def __str__(self) -> str:
        """Return the verdict in words, for a person or a file."""
        return self.value


def writing_verdict(is_writing: bool, edits: int | None) -> WritingVerdict:
    """Return what became of writing. edits: from its right text; None where it is no writing."""
    if edits is None:
        return WritingVerdict.TAKEN_FOR_WRITING if is_writing else WritingVerdict.REFUSED_RIGHTLY
    if not is_writing:
        return WritingVerdict.REFUSED_BY_MISTAKE
    return WritingVerdict.MISREAD if edits else WritingVerdict.READ_RIGHT


def verdict_on_writing(kept: KeptWriting) -> WritingVerdict | None:
    """Return what became of kept writing; None while it has no answer."""
    if kept.answer is None:
        return None
    is_none_at_all = isinstance(kept.answer, NotADigit)
    edits = None if is_none_at_all else edits_between(kept.text, str(kept.answer))
    return writing_verdict(kept.is_writing, edits)
