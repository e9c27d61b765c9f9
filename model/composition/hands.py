"""What one writer has written of isolated characters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from model.composition.letter_heights import HEIGHTS
from model.ink.pen_lines import Line, to_lines
from model.pen.drawings import PenDrawing

Glyph = list[Line]
FEWEST_CHARACTERS = 2  # different ones, of which something can be made


@dataclass(frozen=True, eq=False)
class Hand:
    """The recorded characters of one writer; each line (points, 2), y down, any unit."""

    writer: str
    source: str
    glyphs: Mapping[str, list[Glyph]]  # by label, at least one for each

    @property
    def alphabet(self) -> str:
        """Return the characters that this hand has, in the order of their codes."""
        return "".join(sorted(self.glyphs))


def gather_hands(drawings: Iterable[PenDrawing]) -> list[Hand]:
    """Return the hands of those who wrote at least two different characters, by site and writer.

    A writer is a site's: the same name at two sites is two hands. What has no extent is left out,
    and so are labels that are no letter or digit.
    """
    found: dict[tuple[str, str], dict[str, list[Glyph]]] = {}
    for drawing in drawings:
        lines = to_lines(drawing.strokes)
        points = np.concatenate(lines)
        if drawing.label in HEIGHTS and np.ptp(points, axis=0).max() > 0:
            hand = found.setdefault((drawing.source, drawing.writer), {})
            hand.setdefault(drawing.label, []).append(lines)
    return [
        Hand(writer, source, glyphs)
        for (source, writer), glyphs in sorted(found.items(), key=lambda item: item[0])
        if len(glyphs) >= FEWEST_CHARACTERS
    ]
