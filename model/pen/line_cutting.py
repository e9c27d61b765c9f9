"""Where a written line falls into words, told by the ink alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.pen.unipen import Points

CLEARLY_WIDER = 1.5  # the narrowest gap between words, by the widest within one
NARROWEST_GAP = 0.2  # between words, by the height of the line
MOST_UNEVEN = 2.0  # a word's width for each of its characters, by that of the whole line


def cut_by_gaps(strokes: Sequence[Points], words: Sequence[str]) -> list[list[int]] | None:
    """Return the places of each word's strokes, in their order; None where that is doubtful.

    strokes: of a line written from left to right, in any order. The widest gaps part the words.
    Doubtful: gaps that are hardly wider than those within words, or narrow, and words whose width
    does not go with their length.
    """
    if len(words) == 1:
        return [list(range(len(strokes)))]
    lefts = np.array([stroke[:, 0].min() for stroke in strokes])
    rights = np.array([stroke[:, 0].max() for stroke in strokes])
    order = np.argsort(lefts, kind="stable")
    reached = np.maximum.accumulate(rights[order])
    gaps = lefts[order][1:] - reached[:-1]  # to the left of each stroke but the first; < 0: none
    between = np.sort(gaps)[::-1]
    cuts = len(words) - 1
    if len(gaps) < cuts:
        return None
    points = np.concatenate(strokes)
    width, height = np.ptp(points, axis=0)
    widest_within = max(float(between[cuts]), 0.0) if len(between) > cuts else 0.0
    narrowest = max(CLEARLY_WIDER * widest_within, NARROWEST_GAP * float(height))
    if between[cuts - 1] < narrowest:
        return None
    ends = np.sort(np.argsort(-gaps, kind="stable")[:cuts]) + 1
    groups = [sorted(group.tolist()) for group in np.split(order, ends)]
    ink_width = float(width - between[:cuts].sum())
    return groups if _are_even(groups, lefts, rights, words, ink_width) else None


def _are_even(
    groups: Sequence[Sequence[int]],
    lefts: NDArray[np.float64],
    rights: NDArray[np.float64],
    words: Sequence[str],
    ink_width: float,
) -> bool:
    usual = ink_width / sum(map(len, words))
    for group, word in zip(groups, words, strict=True):
        of_each = float(rights[group].max() - lefts[group].min()) / len(word) / max(usual, 1e-9)
        # One character alone may be as narrow as an I.
        if of_each > MOST_UNEVEN or (len(word) > 1 and of_each < 1 / MOST_UNEVEN):
            return False
    return True
