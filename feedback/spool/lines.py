"""One write as one line of text, and back."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from feedback.records.rows import NOT_A_DIGIT, AnyAnswer, Drawing, NotADigit, Word
from feedback.records.writing_rows import AnyDrawing, Writing, WrittenCharacter

# Grows when a program that knows the one before cannot read a line any more, or not all of it.
FORMAT = 3
# Fields that `Drawing` got after lines without them were written, with what stands for them.
ADDED_FIELDS: dict[str, Any] = {}


class BadLine(ValueError):
    """A line that no drawing can be read from: cut off, or damaged."""


def header(store: str) -> bytes:
    """Return the first line of a file of writes to that store."""
    return _line({"inkling_spool": FORMAT, "store": store})


def store_of(line: bytes) -> str | None:
    """Return the store that a file with this first line is for; None if it is none of ours."""
    try:
        values = json.loads(line)
        known = isinstance(values, dict) and 1 <= int(values.get("inkling_spool", 0)) <= FORMAT
        return str(values["store"]) if known else None
    except (ValueError, TypeError, KeyError):
        return None


def to_line(drawing: AnyDrawing, words: Sequence[Word] = ()) -> bytes:
    """Return a write as one line with its end, and with a sum that tells whether it is whole."""
    said = [
        {"id": str(word.id), "said_at": word.said_at.isoformat(), "answer": _plain(word.answer)}
        for word in words
    ]
    if isinstance(drawing, Writing):
        return _line({"writing": _of_writing(drawing), "words": said})
    values = _values(drawing) | {
        # Plain numbers, whichever array they were read from.
        "predicted": int(drawing.predicted),
        "is_digit": bool(drawing.is_digit),
        "probabilities": [float(probability) for probability in drawing.probabilities],
    }
    return _line({"drawing": values, "words": said})


def from_line(line: bytes) -> tuple[AnyDrawing, tuple[Word, ...]]:
    """Return the write that a line holds; raises `BadLine`."""
    try:
        total, text = line.split(b" ", 1)
        if int(total, 16) != zlib.crc32(text.rstrip(b"\n")):
            raise BadLine("the line is not whole")
        values = json.loads(text)
        if "writing" in values:
            return _to_writing(values["writing"]), _words(values, None)
        held = ADDED_FIELDS | values["drawing"]
        drawing = Drawing(
            **_fields_of(Drawing, held) | {"probabilities": tuple(held["probabilities"])}
        )
        return drawing, _words(values, drawing)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadLine(f"the line cannot be read ({type(error).__name__})") from None


def _values(drawing: AnyDrawing) -> dict[str, Any]:
    return asdict(drawing) | {
        "id": str(drawing.id),
        "session_id": str(drawing.session_id),
        "ink_png": _as_text(drawing.ink_png),
        "created_at": drawing.created_at.isoformat(),
        "confidence": float(drawing.confidence),
        "prediction_ms": float(drawing.prediction_ms),
    }


def _of_writing(writing: Writing) -> dict[str, Any]:
    characters = [
        asdict(one)
        | {
            "confidence": float(one.confidence),
            "probabilities": {label: float(share) for label, share in one.probabilities.items()},
            "box": [float(side) for side in one.box],
            "ink_png": _as_text(one.ink_png),
        }
        for one in writing.characters
    ]
    return _values(writing) | {
        "is_writing": bool(writing.is_writing),
        "sure": bool(writing.sure),
        "characters": characters,
    }


def _to_writing(held: dict[str, Any]) -> Writing:
    characters = tuple(
        WrittenCharacter(
            **one | {"box": tuple(one["box"]), "ink_png": base64.b64decode(one["ink_png"])}
        )
        for one in held["characters"]
    )
    return Writing(**_fields_of(Writing, held) | {"characters": characters})


def _fields_of(kind: type[AnyDrawing], held: dict[str, Any]) -> dict[str, Any]:
    return {field.name: held[field.name] for field in fields(kind)} | {
        "id": UUID(held["id"]),
        "session_id": UUID(held["session_id"]),
        "ink_png": base64.b64decode(held["ink_png"]),
        "created_at": datetime.fromisoformat(held["created_at"]),
    }


def _as_text(png: bytes) -> str:
    return base64.b64encode(png).decode("ascii")


def _words(values: dict[str, Any], drawing: Drawing | None) -> tuple[Word, ...]:
    if drawing is None or "words" in values:
        return tuple(
            Word(_said(w["answer"]), datetime.fromisoformat(w["said_at"]), UUID(w["id"]))
            for w in values["words"]
        )
    # A line of format 1: at most one answer, and nobody wrote down when it was given. So it gives
    # way to all that is said since; its id follows from the line, which may be sent twice.
    answer = values["answer"]
    if answer is None:
        return ()
    return (Word(_said(answer), drawing.created_at, uuid5(drawing.id, f"answer {answer}")),)


def _plain(answer: AnyAnswer | None) -> int | str | dict[str, str] | None:
    if answer is None:
        return None
    if isinstance(answer, NotADigit):
        return str(answer)
    # Anybody may write the words that stand for no digit.
    return {"text": str(answer)} if isinstance(answer, str) else int(answer)


def _said(answer: Any) -> AnyAnswer | None:
    if isinstance(answer, dict):
        return str(answer["text"])
    return NOT_A_DIGIT if answer == str(NOT_A_DIGIT) else answer


def _line(values: dict[str, Any]) -> bytes:
    text = json.dumps(values, separators=(",", ":")).encode()
    if "inkling_spool" in values:
        return text + b"\n"
    return b"%08x " % zlib.crc32(text) + text + b"\n"
