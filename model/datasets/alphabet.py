"""The 62 characters that are read, and labels that stand for one of several of them.

Scans of EMNIST ByMerge do not tell the cases of fifteen letters apart, those of Letters no case at
all: such a label trains the sum of what it may mean (`model.training.partial_labels`). Where
reading is measured without case, the same fifteen letters are merged, to 47 classes.
"""

from __future__ import annotations

import string
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CHARACTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase  # EMNIST's order
CASELESS = "cijklmopsuvwxyz"  # both cases have one shape, as far as a single character shows
MERGED = tuple(character for character in CHARACTERS if character not in CASELESS)


def merge(text: str) -> str:
    """Return a text with the letters whose case is not counted as capitals: `Cosy` is `COSY`."""
    return "".join(c.upper() if c in CASELESS else c for c in text)


def meanings(labels: Sequence[str]) -> NDArray[np.bool_]:
    """Return which characters each label may mean: (labels, 62), at least one in each row.

    labels: each of one or several characters, any of which is meant: `a`, `Cc`.
    Raises ValueError for a label with something else, or with nothing.
    """
    table = np.zeros((len(labels), len(CHARACTERS)), bool)
    for row, label in enumerate(labels):
        if not label:
            raise ValueError("a label that means nothing")
        table[row, [CHARACTERS.index(character) for character in label]] = True
    return table


def both_cases(label: str) -> str:
    """Return what a merged label means: `C` is `Cc`, `a` is `a`."""
    return label + label.lower() if label.lower() in CASELESS else label


def merged_places() -> NDArray[np.int64]:
    """Return the place in MERGED of each of the 62 characters: (62,), 0 to 46."""
    return np.array([MERGED.index(merge(character)) for character in CHARACTERS], np.int64)
