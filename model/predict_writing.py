"""What `python -m model.predict` says of writing, and where it takes recorded strokes from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from model.errors import BadDrawing
from model.ink.file_names import shown_name
from model.ink.images import open_image
from model.writing.placed_characters import Character
from model.writing.reader import Reader, Reading

Strokes = Sequence[Sequence[Sequence[float]]]
NO_DRAWING = 'this line is no drawing: {"drawing": [[[x, ...], [y, ...]], ...]}'
UNSURE = 0.9  # confidence of a character below which it is named as doubtful


def readings(
    reader: Reader, images: Sequence[str], strokes: Path | None
) -> Iterator[tuple[str, Reading | BadDrawing]]:
    """Yield what each picture, and each drawing of a file of strokes, was read as.

    Raises OSError where the file of strokes cannot be read.
    """
    for path in images:
        yield path, _attempt(lambda path=path: reader.read(open_image(path)))  # type: ignore[misc]
    if strokes is not None:
        for name, drawing in drawings_of(strokes):
            if isinstance(drawing, BadDrawing):
                yield name, drawing
            else:
                yield name, _attempt(lambda drawing=drawing: reader.read(strokes=drawing))  # type: ignore[misc]


def _attempt(read: Callable[[], Reading]) -> Reading | BadDrawing:
    try:
        return read()
    except BadDrawing as refusal:
        return refusal


def drawings_of(path: Path) -> Iterator[tuple[str, Strokes | BadDrawing]]:
    """Yield the strokes of each line of a `.ndjson` file in Quick, Draw! form, named FILE:LINE."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            name = f"{path}:{number}"
            try:
                row = json.loads(line)
                drawing = row["drawing"] if isinstance(row, dict) else row
            except (ValueError, KeyError, RecursionError):
                drawing = None
            if isinstance(drawing, list):
                yield name, drawing
            else:
                yield name, BadDrawing(NO_DRAWING)


def reading_as_json(name: str, answer: Reading | BadDrawing) -> str:
    """Return one JSON object for a picture or a drawing, as text."""
    return json.dumps(reading_as_object(name, answer))


def reading_as_object(name: str, answer: Reading | BadDrawing) -> dict[str, Any]:
    """Return what `--json` says of a picture or a drawing, before it is made a line of text."""
    if isinstance(answer, BadDrawing):
        return {"image": name, "error": str(answer)}
    characters: list[dict[str, Any]] = [
        {
            "prediction": character.label,
            "confidence": round(character.confidence, 6),
            "box": [round(side, 2) for side in character.box],
            "probabilities": {
                label: round(share, 6) for label, share in character.probabilities.items()
            },
        }
        for character in answer.characters
    ]
    return {
        "image": name,
        "text": answer.text,
        "confidence": round(answer.confidence, 6),
        "sure": answer.sure,
        "is_writing": answer.is_writing,
        "characters": characters,
    }


def reading_as_text(name: str, answer: Reading | BadDrawing) -> str:
    """Return one line for a picture or a drawing."""
    name = shown_name(name)
    if isinstance(answer, BadDrawing):
        return f"{name}: not read: {answer}"
    text = " / ".join(answer.text.split("\n"))
    if not answer.is_writing:
        return f"{name}: no writing (nearest {text!r}, {answer.confidence:.1%})"
    doubt = "" if answer.sure else ", not sure"
    doubtful = [
        f"{character.label} or {_other(character)}"
        for character in answer.characters
        if character.confidence < UNSURE
    ]
    more = f"; {', '.join(doubtful)}" if doubtful and not answer.sure else ""
    return f"{name}: {text} ({answer.confidence:.1%}{doubt}{more})"


def _other(character: Character) -> str:
    """Return the likeliest label that was not read."""
    shares = {k: v for k, v in character.probabilities.items() if k != character.label}
    return max(shares, key=lambda label: shares[label])
