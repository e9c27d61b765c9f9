"""Drawings as the dashboard would make them."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert

from feedback.records.schema import answers, drawings
from feedback.store import NOT_A_DIGIT, SOURCES, Answer, AnyAnswer, Drawing, Word

# A 28 x 28 grey PNG, blank.
INK_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000001c0000001c080000000057668048000000"
    "104944415478da63601805a36014100300032c0001d70be97c0000000049454e44ae4260"
    "82"
)


def a_drawing(**changes: Any) -> Drawing:
    """Return a drawing with a new id, changed as asked."""
    usual: dict[str, Any] = {
        "id": uuid.uuid4(),
        "session_id": uuid.uuid4(),
        "source": "canvas",
        "weights_version": "two-block-0123abcd",
        "revision": 1,
        "predicted": 7,
        "is_digit": True,
        "confidence": 0.91,
        "probabilities": (0.01,) * 7 + (0.91,) + (0.01,) * 2,
        "ink_png": INK_PNG,
        "strokes": [[[10, 200, 100], [20, 20, 240]], [[60, 160], [130, 130]]],
        "pens_px": None,
        "prediction_ms": 3.25,
        "created_at": datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC),
    }
    return Drawing(**(usual | changes))


def words(*answers: AnyAnswer | None, first: datetime | None = None) -> tuple[Word, ...]:
    """Return what an author said, a second apart; None: that it is taken back."""
    begin = first or datetime(2026, 3, 4, 5, 7, tzinfo=UTC)
    return tuple(Word(answer, begin + timedelta(seconds=s)) for s, answer in enumerate(answers))


def row_of(drawing: Drawing) -> dict[str, Any]:
    """Return the drawing as a row of the table, for writing past the store's own functions."""
    values = {name: getattr(drawing, name) for name in Drawing.__dataclass_fields__}
    values["probabilities"] = list(drawing.probabilities)
    return values | {"updated_at": drawing.created_at}


def answer_row(drawing: Drawing, answer: Answer) -> dict[str, Any]:
    """Return an answer to the drawing as a row of the table."""
    return {
        "drawing_id": drawing.id,
        "session_id": drawing.session_id,
        "label": None if answer is NOT_A_DIGIT else answer,
        "answered_at": drawing.created_at + timedelta(seconds=5),
    }


def random_drawings(seed: int, number: int) -> list[tuple[Drawing, Answer | None]]:
    """Return drawings of a month, with the answer of about half of them; edges included.

    One in ten is no digit; the network refuses most of those, and a few digits too.
    """
    chance = random.Random(seed)
    sessions = [uuid.UUID(int=chance.getrandbits(128)) for _ in range(20)]
    edges = [index / 20 for index in range(21)]
    first = datetime(2026, 1, 30, 23, 59, tzinfo=UTC)
    made: list[tuple[Drawing, Answer | None]] = []
    for _ in range(number):
        is_scribble = chance.random() < 0.1
        predicted = chance.randrange(10)
        confidence = chance.choice(
            [chance.random(), 1 - chance.random() ** 4, chance.choice(edges)]
        )
        drawing = a_drawing(
            id=uuid.UUID(int=chance.getrandbits(128)),
            session_id=chance.choice(sessions),
            source=chance.choice(SOURCES),
            weights_version=chance.choice(["a-00000001", "b-00000002", "b-00000003"]),
            predicted=predicted,
            is_digit=chance.random() < (0.2 if is_scribble else 0.95),
            confidence=confidence,
            created_at=first + timedelta(microseconds=chance.randrange(30 * 86_400_000_000)),
        )
        answered = chance.random() < 0.5
        label: Answer = predicted if chance.random() < confidence else chance.randrange(10)
        made.append((drawing, (NOT_A_DIGIT if is_scribble else label) if answered else None))
    return made


def keep(engine: Engine, made: list[tuple[Drawing, Answer | None]]) -> None:
    """Write many drawings and answers at once."""
    with engine.begin() as connection:
        insert_all(connection, made)


def insert_all(connection: Connection, made: list[tuple[Drawing, Answer | None]]) -> None:
    """Insert drawings and answers in the caller's transaction."""
    connection.execute(insert(drawings), [row_of(drawing) for drawing, _ in made])
    answered = [answer_row(drawing, answer) for drawing, answer in made if answer is not None]
    if answered:
        connection.execute(insert(answers), answered)
