"""Numbers of things as people read them."""

from __future__ import annotations


def counted(number: int, one: str) -> str:
    """Return `1 answer` or `1,200 answers`.

    one: what is counted, in the singular; its plural ends in s.
    """
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"
