"""What programs say of what they had kept, and what they are told then."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from api.rules.problems import Problem
from feedback.candidates import find_drawings
from feedback.errors import RowRefused
from feedback.records.writing_rows import Kind
from feedback.statistics import verdict_on, verdict_on_writing
from feedback.store import (
    NOT_A_DIGIT,
    AnyAnswer,
    AnyDrawing,
    Drawing,
    KeptDrawing,
    KeptWriting,
    Writing,
    clean_answer,
    find_writing,
    read_answer,
    record_answer,
    withdraw_answer,
)

NO_SUCH = "there is no such drawing of yours"
NOT_A_DIGIT_WORDS = str(NOT_A_DIGIT)
DIGITS_WORDS = (
    f"a digit is answered with a number from 0 to 9, or `{NOT_A_DIGIT_WORDS}`, or null to take "
    "back what was said"
)
TEXTS_WORDS = (
    "writing and single characters are answered with the text that is written, in quotes, with "
    "`is_none` where it is none, or null to take back what was said"
)
Said = int | str | None
KINDS: dict[str, Kind] = {"characters": "character", "writing": "writing"}  # in the store, by read
READS = {kind: read for read, kind in KINDS.items()}


def say(
    engine: Engine, drawing_id: UUID, visitor: UUID, said: Said, *, is_none: bool
) -> dict[str, Any]:
    """Keep what a drawing's author says of it; return what stands then.

    said: a digit, `not a digit` or a text; None takes back what was said. is_none: it is none of
    what it was read as, whatever that is. Raises `Problem` 404 where the visitor has kept no such
    drawing, and 422 for an answer of another kind; `DrawingDeleted`, `StoreUnavailable`.
    """
    kept = find_drawings(engine, [drawing_id]).get(drawing_id) or find_writing(engine, drawing_id)
    if kept is not None and kept.session_id != visitor:
        raise Problem(404, NO_SUCH)
    answer = None if kept is None else _meant(kept, said, is_none=is_none)
    try:
        if answer is None or kept is None:  # of what is gone, this knows whether it was deleted
            outcome = withdraw_answer(engine, drawing_id, visitor)
        else:
            outcome = record_answer(engine, _as_drawn(kept), answer)
    except RowRefused as error:
        if kept is not None or type(error) is not RowRefused:
            raise
        raise Problem(404, NO_SUCH) from error
    if kept is None:
        raise Problem(404, NO_SUCH)
    stands = read_answer(engine, drawing_id)
    return {
        "id": str(drawing_id),
        "read": reader_of(kept),
        **as_json(stands, is_text=isinstance(kept, KeptWriting)),
        "outcome": outcome.value,
        "verdict": _verdict(kept, stands),
    }


def reader_of(kept: KeptDrawing | KeptWriting) -> str:
    """Return what read a drawing, as `read` has it in a request."""
    return "digits" if isinstance(kept, KeptDrawing) else READS[kept.kind]


def as_json(answer: AnyAnswer | None, *, is_text: bool) -> dict[str, int | str | bool | None]:
    """Return an answer as JSON has it, and whether it says that there is none."""
    is_none = answer is NOT_A_DIGIT
    if is_none:
        return {"answer": None if is_text else NOT_A_DIGIT_WORDS, "is_none": True}
    return {"answer": answer, "is_none": False}  # type: ignore[dict-item]


def _meant(kept: KeptDrawing | KeptWriting, said: Said, *, is_none: bool) -> AnyAnswer | None:
    if is_none:
        return NOT_A_DIGIT
    if said is None:
        return None
    if isinstance(kept, KeptDrawing):
        if said == NOT_A_DIGIT_WORDS:
            return NOT_A_DIGIT
        if isinstance(said, str):
            raise _other_kind(DIGITS_WORDS)
        return said
    if not isinstance(said, str):
        raise _other_kind(TEXTS_WORDS)
    try:
        return clean_answer(said)
    except RowRefused as error:
        raise _other_kind(str(error)) from error


def _as_drawn(kept: KeptDrawing | KeptWriting) -> AnyDrawing:
    kind = Drawing if isinstance(kept, KeptDrawing) else Writing
    drawn = {field.name: getattr(kept, field.name) for field in fields(kind)}
    return kind(**drawn)


def _other_kind(words: str) -> Problem:
    errors = [{"type": "answer", "loc": ["body", "answer"], "msg": words}]
    return Problem(422, words, more={"errors": errors})


def _verdict(kept: KeptDrawing | KeptWriting, stands: AnyAnswer | None) -> str | None:
    if isinstance(kept, KeptDrawing):
        verdict: object = verdict_on(replace(kept, answer=stands))  # type: ignore[arg-type]
    else:
        verdict = verdict_on_writing(replace(kept, answer=stands))  # type: ignore[arg-type]
    return None if verdict is None else str(verdict)
