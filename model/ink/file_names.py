"""Names of picture files as a person may read them, on a terminal or on a page."""

from __future__ import annotations

LONGEST = 120  # characters; a name that somebody sends to the page can have any length


def shown_name(name: str, longest: int | None = None) -> str:
    """Return a file's name as it is, or quoted and with escapes where it holds more than print.

    What would move a cursor, colour a terminal, begin a line of its own or turn letters around is
    shown as `\\x1b` and the like. longest: characters to keep, the middle left out; None keeps all.
    """
    shown = name if name.isprintable() else repr(name)
    if longest is not None and len(shown) > longest:
        half = (longest - 1) // 2
        shown = f"{shown[:half]}…{shown[-half:]}"
    return shown


def printable(text: str) -> str:
    """Return a message of one line in which what does not print, line breaks too, is escaped."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
