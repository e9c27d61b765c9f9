"""What kind of text a right text is."""

from __future__ import annotations

from typing import Literal, get_args

TextKind = Literal[
    "number",
    "lower case",
    "capitals",
    "capitalised",
    "mixed case",
    "code",
    "several words",
    "other",
]
TEXT_KINDS: tuple[TextKind, ...] = get_args(TextKind)


def kind_of_text(text: str) -> TextKind:
    """Return what kind of text it is.

    number: digits alone, also in groups. code: letters and digits in one word. other: holds what
    is neither. Single words are told apart by their letters' case.
    """
    words = text.split()
    letters = "".join(words)
    if letters.isascii() and letters.isdigit():
        return "number"
    if not (letters.isascii() and letters.isalnum()):
        return "other"
    if len(words) > 1:
        return "several words"
    if not letters.isalpha():
        return "code"
    if letters.islower():
        return "lower case"
    if letters.isupper() and len(letters) > 1:
        return "capitals"
    return "capitalised" if len(letters) == 1 or letters[1:].islower() else "mixed case"
