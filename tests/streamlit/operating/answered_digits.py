"""Digits that people drew and answered, as a store keeps them: each another hand, really read."""

from __future__ import annotations

import io
import random
import uuid
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from PIL import Image

from feedback.store import Answer, Drawing
from model import Recogniser
from tests.browser.strokes import DIGITS
from tests.streamlit.drawn import png_of

SIDE_PX = 280


def answered_digits(
    number: int, *, visitors: int = 6, slips: Collection[int] = ()
) -> list[tuple[Drawing, Answer]]:
    """Return drawings of the digits in turn, each with its author's answer.

    slips: places of those whose authors named the next digit, by a slip of the finger.
    """
    recogniser, chance = Recogniser.load(), random.Random(5)
    people = [uuid.UUID(int=1000 + one) for one in range(visitors)]
    began = datetime.now(UTC) - timedelta(days=1)
    made: list[tuple[Drawing, Answer]] = []
    for place in range(number):
        digit = place % 10
        image = Image.open(io.BytesIO(png_of(_by_another_hand(digit, chance))))
        read = recogniser.predict(image)
        file = io.BytesIO()
        Image.fromarray(read.ink).save(file, "PNG")
        drawing = Drawing(
            id=uuid.UUID(int=chance.getrandbits(128), version=4),
            session_id=people[place // 10 % visitors],
            source="canvas",
            weights_version=recogniser.card.version,
            revision=1,
            predicted=int(read.label),
            is_digit=read.is_digit,
            confidence=read.confidence,
            probabilities=tuple(read.probabilities.values()),
            ink_png=file.getvalue(),
            strokes=None,
            prediction_ms=3.0,
            created_at=began + timedelta(minutes=place),
        )
        made.append((drawing, (digit + 1) % 10 if place in slips else digit))
    return made


def _by_another_hand(digit: int, chance: random.Random) -> list[list[tuple[float, float]]]:
    width, height = (chance.uniform(0.75, 1.0) for _ in range(2))
    lean = chance.uniform(-0.12, 0.12)
    return [
        [
            (
                SIDE_PX * (0.5 + width * (x - 0.5) + lean * (0.5 - y)),
                SIDE_PX * (0.5 + height * (y - 0.5)),
            )
            for x, y in stroke
        ]
        for stroke in DIGITS[digit]
    ]
