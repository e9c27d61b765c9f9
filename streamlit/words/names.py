"""What the pages call things."""

from __future__ import annotations

from feedback.records.rows import NOT_A_DIGIT, Answer

# By the store's word. It knows a third source, `api`, which nothing writes yet.
SOURCES = {"canvas": "canvas", "upload": "picture"}


def named(answer: Answer) -> str:
    """Return `a 3`, `an 8` or `not a digit`."""
    if answer is NOT_A_DIGIT:
        return str(answer)
    return f"an {answer}" if answer == 8 else f"a {answer}"
