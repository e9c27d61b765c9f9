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

from feedback.records.rows import NOT_A_DIGIT, Answer, Drawing, Word

# Grows when a program that knows the one before cannot read a line any more, or not all of it.
FORMAT = 2
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


def to_line(drawing: Drawing, words: Sequence[Word] = ()) -> bytes:
    """Return a write as one line with its end, and with a sum that tells whether it is whole."""
    values = asdict(drawing)
    values |= {
        "id": str(drawing.id),
        "session_id": str(drawing.session_id),
        "ink_png": base64.b64encode(drawing.ink_png).decode("ascii"),
        "created_at": drawing.created_at.isoformat(),
        # Plain numbers, whichever array they were read from.
        "predicted": int(drawing.predicted),
        "is_digit": bool(drawing.is_digit),
        "confidence": float(drawing.confidence),
        "probabilities": [float(probability) for probability in drawing.probabilities],
    }
    said = [
        {"id": str(word.id), "said_at": word.said_at.isoformat(), "answer": _plain(word.answer)}
        for word in words
    ]
    return _line({"drawing": values, "words": said})


def from_line(line: bytes) -> tuple[Drawing, tuple[Word, ...]]:
    """Return the write that a line holds; raises `BadLine`."""
    try:
        total, text = line.split(b" ", 1)
        if int(total, 16) != zlib.crc32(text.rstrip(b"\n")):
            raise BadLine("the line is not whole")
        values = json.loads(text)
        held = ADDED_FIELDS | values["drawing"]
        drawing = {field.name: held[field.name] for field in fields(Drawing)} | {
            "id": UUID(held["id"]),
            "session_id": UUID(held["session_id"]),
            "ink_png": base64.b64decode(held["ink_png"]),
            "probabilities": tuple(held["probabilities"]),
            "created_at": datetime.fromisoformat(held["created_at"]),
        }
        return Drawing(**drawing), _words(values, Drawing(**drawing))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadLine(f"the line cannot be read ({type(error).__name__})") from None


def _words(values: dict[str, Any], drawing: Drawing) -> tuple[Word, ...]:
    if "words" in values:
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


def _plain(answer: Answer | None) -> int | str | None:
    if answer is None:
        return None
    return str(answer) if answer is NOT_A_DIGIT else int(answer)


def _said(answer: Any) -> Answer | None:
    return NOT_A_DIGIT if answer == str(NOT_A_DIGIT) else answer


def _line(values: dict[str, Any]) -> bytes:
    text = json.dumps(values, separators=(",", ":")).encode()
    if "drawing" not in values:
        return text + b"\n"
    return b"%08x " % zlib.crc32(text) + text + b"\n"
