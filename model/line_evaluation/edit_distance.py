"""How many characters have to change to make one text of another."""

from __future__ import annotations


def edits(wanted: str, found: str) -> int:
    """Return the fewest insertions, deletions and replacements (Levenshtein, 1966)."""
    before = list(range(len(found) + 1))
    for row, character in enumerate(wanted, 1):
        after = [row]
        for column, other in enumerate(found, 1):
            after.append(
                min(before[column] + 1, after[-1] + 1, before[column - 1] + (character != other))
            )
        before = after
    return before[-1]
