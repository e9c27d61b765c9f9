"""One write as one line of text, and back."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from feedback.records.rows import NOT_A_DIGIT, Answer, Drawing

FORMAT = 1  # grows when a program that knows the one before cannot read a line any more
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


def to_line(drawing: Drawing, answer: Answer | None) -> bytes:
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
    said = str(answer) if answer is NOT_A_DIGIT else None if answer is None else int(answer)
    return _line({"drawing": values, "answer": said})


def from_line(line: bytes) -> tuple[Drawing, Answer | None]:
    """Return the write that a line holds; raises `BadLine`."""
    try:
        total, text = line.split(b" ", 1)
        if int(total, 16) != zlib.crc32(text.rstrip(b"\n")):
            raise BadLine("the line is not whole")
        values = json.loads(text)
        answer = values["answer"]
        held = ADDED_FIELDS | values["drawing"]
        drawing = {field.name: held[field.name] for field in fields(Drawing)} | {
            "id": UUID(held["id"]),
            "session_id": UUID(held["session_id"]),
            "ink_png": base64.b64decode(held["ink_png"]),
            "probabilities": tuple(held["probabilities"]),
            "created_at": datetime.fromisoformat(held["created_at"]),
        }
        return Drawing(**drawing), NOT_A_DIGIT if answer == str(NOT_A_DIGIT) else answer
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadLine(f"the line cannot be read ({type(error).__name__})") from None


def _line(values: dict[str, Any]) -> bytes:
    text = json.dumps(values, separators=(",", ":")).encode()
    if "drawing" not in values:
        return text + b"\n"
    return b"%08x " % zlib.crc32(text) + text + b"\n"
