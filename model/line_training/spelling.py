"""Texts as the labels that a line network learns, and back."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from model.datasets.alphabet import CHARACTERS

BLANK = 0  # nothing new: what connectionist temporal classification puts between labels
NO_WRITING = "\N{REPLACEMENT CHARACTER}"  # the text of what is no writing
# Of each logit: the blank, the characters, the space, and what is no writing.
CLASSES = ("", *CHARACTERS, " ", NO_WRITING)
PLACES = {label: place for place, label in enumerate(CLASSES) if label}


def spell(texts: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Return the labels of all texts, one after another, and how many each has: int64 both.

    Raises KeyError for what is none of the classes.
    """
    labels = [PLACES[character] for text in texts for character in text]
    return torch.tensor(labels), torch.tensor([len(text) for text in texts])


def greedy(logits: Tensor, rows: Sequence[int]) -> list[str]:
    """Return what the likeliest label of each row spells: repeats and blanks left out.

    logits: float32 (N, T, 65); rows: of each line how many of T are its own.
    """
    best = logits.argmax(dim=2).tolist()
    texts = []
    for labels, count in zip(best, rows, strict=True):
        before, spelt = BLANK, []
        for label in labels[:count]:
            if label not in (before, BLANK):
                spelt.append(CLASSES[label])
            before = label
        texts.append("".join(spelt).strip())
    return texts
