"""What a right text says of each character that was read, by aligning the two."""

from __future__ import annotations

Table = list[list[int]]  # [characters of the one][characters of the other]: fewest edits


def edits_between(read: str, right: str) -> int:
    """Return the fewest insertions, deletions and replacements (Levenshtein, 1966).

    Spaces and line breaks are one kind of blank, and several of them in a row are one.
    """
    return _fewest_edits(one_blank(read), one_blank(right))[-1][-1]


def certain_truths(read: str, right: str) -> list[str | None]:
    """Return what each character of `read` is by `right`; None where the texts leave that open.

    One for each character that is no blank, in order. It is certain where all alignments with the
    fewest edits put the same character of `right` beside it; a character that stands beside none,
    or beside a blank, has no truth. Blanks are compared as in `edits_between`.
    """
    read, right = one_blank(read), one_blank(right)
    partners = _partners(read, right)
    truths: list[str | None] = []
    for character, beside in zip(read, partners, strict=True):
        if character == " ":
            continue
        texts = {None if place is None or right[place] == " " else right[place] for place in beside}
        truths.append(texts.pop() if len(texts) == 1 else None)
    return truths


def one_blank(text: str) -> str:
    """Return a text with one space for each run of blanks, and none at its ends."""
    return " ".join(text.split())


def _partners(read: str, right: str) -> list[set[int | None]]:
    """Return, of each character, all places that stand beside it in some alignment; None: none."""
    before = _fewest_edits(read, right)
    after = _fewest_edits(read[::-1], right[::-1])
    fewest = before[-1][-1]
    rows, columns = len(read), len(right)
    partners: list[set[int | None]] = [set() for _ in read]
    for row in range(rows):
        for column in range(columns + 1):
            left = before[row][column]
            if left + 1 + after[rows - row - 1][columns - column] == fewest:
                partners[row].add(None)
            if column < columns:
                step = int(read[row] != right[column])
                if left + step + after[rows - row - 1][columns - column - 1] == fewest:
                    partners[row].add(column)
    return partners


def _fewest_edits(first: str, second: str) -> Table:
    """Return the fewest edits between all beginnings of two texts."""
    table = [list(range(len(second) + 1))]
    for row, character in enumerate(first, 1):
        line = [row]
        for column, other in enumerate(second, 1):
            line.append(
                min(
                    table[-1][column] + 1,
                    line[-1] + 1,
                    table[-1][column - 1] + (character != other),
                )
            )
        table.append(line)
    return table
