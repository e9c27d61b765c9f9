"""Sentences made of what went wrong."""

from __future__ import annotations


def as_sentence(words: str) -> str:
    """Return an error's words as they stand on a page."""
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "?", "!")) else ".")
