"""What was read as writing becomes a row that the store takes."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from PIL import Image

from feedback.records.writing_rows import LONGEST_TEXT
from feedback.store import Filters, list_writings, record_drawing
from model import Reading
from model.writing.placed_characters import Character
from serving.keeping.kept_writing import row_of_writing


def a_reading(text: str) -> Reading:
    """Return a text as if it had been read, each character in a box of its own."""
    characters = tuple(
        Character(label, 0.9, {label: 0.9, "x": 0.1}, (4.0 * place, 10.0, 4.0 * place + 3, 30.0))
        for place, label in enumerate("".join(text.split()))
    )
    return Reading(text, 0.5, False, characters)


def test_of_a_long_text_the_beginning_is_kept_with_its_characters(engine) -> None:  # type: ignore[no-untyped-def]
    text = "\n".join(["four word line here"] * 40)
    row = row_of_writing(
        a_reading(text), Image.new("L", (2600, 40), 200), (2600, 40),
        id=uuid4(), session_id=uuid4(), source="upload", kind="writing", alphabet="characters",
        weights_version="v", revision=1, strokes=None, prediction_ms=1.0,
        created_at=datetime.now(UTC),
    )  # fmt: skip

    record_drawing(engine, row)

    (kept,) = list_writings(engine, Filters(), limit=5)
    assert kept.text == text[:LONGEST_TEXT]
    assert "".join(one.label for one in kept.characters) == "".join(kept.text.split())
