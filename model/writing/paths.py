"""What rows of logits say of one text: how probable it is, where its characters are, and instead.

Sums over all ways through the rows, forwards and backwards: Graves et al., "Connectionist temporal
classification", 2006. Label 0 is the blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEVER = -1e30
# What counts of a text that has no room in one network's rows: the other one may know it.
LEAST = -100.0
Rows = NDArray[np.float64]


def log_probabilities(logs: Rows, texts: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """Return the log probability of each text: (texts,), at once for all of them.

    logs: (T, labels) log shares, T >= 1. A text that has no room in the rows is as good as
    impossible.
    """
    if not texts:
        return np.zeros(0)
    longest = max(map(len, texts))
    states = np.zeros((len(texts), 2 * longest + 1), np.int64)
    for row, labels in zip(states, texts, strict=True):
        row[1 : 2 * len(labels) : 2] = labels
    skips = np.zeros(states.shape, bool)
    skips[:, 2:] = (states[:, 2:] != 0) & (states[:, 2:] != states[:, :-2])
    ahead = np.full((len(texts), states.shape[1] + 2), NEVER)
    ahead[:, 2] = logs[0, 0]
    if longest:
        ahead[:, 3] = np.where(states[:, 1] > 0, logs[0, states[:, 1]], NEVER)
    for row in logs[1:]:
        before = np.logaddexp(ahead[:, 2:], ahead[:, 1:-1])
        before = np.logaddexp(before, np.where(skips, ahead[:, :-2], NEVER))
        ahead[:, 2:] = before + row[states]
    ends = np.array([2 * len(labels) for labels in texts])
    every = np.arange(len(texts))
    last = ahead[every, ends + 2]
    return np.asarray(np.logaddexp(last, np.where(ends > 0, ahead[every, ends + 1], NEVER)))


@dataclass(frozen=True)
class Placed:
    """Where the characters of a text are, and what each might be instead."""

    centres: NDArray[np.float64]  # (characters,), row of each, in rows from 0
    instead: Rows  # (characters, labels): log probability of the text with that there


def place(logs: Rows, labels: Sequence[int]) -> Placed:
    """Return where a text's labels are in the rows, and the text's probability with each changed.

    labels: at least one. `instead` holds for each place and label the log probability of the text
    that has this label there and is otherwise the same.
    """
    count, states = len(labels), np.zeros(2 * len(labels) + 1, np.int64)
    states[1::2] = labels
    skips = np.zeros(len(states), bool)
    skips[2:] = (states[2:] != 0) & (states[2:] != states[:-2])
    length = len(logs)
    emitted = logs[:, states]
    ahead = np.full((length, len(states) + 2), NEVER)
    back = np.full((length, len(states) + 2), NEVER)
    ahead[0, 2], ahead[0, 3] = emitted[0, 0], emitted[0, 1]
    # `back` is of what comes after a row: 0 at the last row in the last two states.
    back[-1, len(states) - 1] = back[-1, len(states) - 2] = 0.0
    skips_back = np.append(skips[2:], [False, False])
    for t in range(1, length):
        before = np.logaddexp(ahead[t - 1, 2:], ahead[t - 1, 1:-1])
        before = np.logaddexp(before, np.where(skips, ahead[t - 1, :-2], NEVER))
        ahead[t, 2:] = before + emitted[t]
    for t in range(length - 2, -1, -1):
        coming = np.append(emitted[t + 1], [NEVER, NEVER]) + back[t + 1]
        after = np.logaddexp(coming[:-2], coming[1:-1])
        back[t, :-2] = np.logaddexp(after, np.where(skips_back, coming[2:], NEVER))
    own = np.arange(1, len(states), 2)
    held = ahead[:, own + 2] + back[:, own]
    held = np.exp(held - held.max(axis=0))
    rows = np.arange(length)[:, None]
    centres = (held * rows).sum(axis=0) / np.maximum(held.sum(axis=0), 1e-300)
    # Each place with any label: in from the blank and the label before, out to those after.
    from_blank = np.full((length, count), NEVER)
    from_blank[0, 0] = 0.0
    from_blank[1:] = ahead[:-1, own + 1]
    came = from_blank.copy()
    came[1:, 1:] = np.logaddexp(came[1:, 1:], ahead[:-1, own[1:]])
    coming = np.concatenate([emitted, np.full((length, 2), NEVER)], axis=1) + back
    to_blank = np.full((length, count), NEVER)
    to_blank[:-1] = coming[1:, own + 1]
    to_blank[-1, -1] = 0.0
    left = to_blank.copy()
    left[:-1] = np.logaddexp(left[:-1], coming[1:, own + 2])
    # Two of one label need a blank between them.
    every = np.arange(logs.shape[1])
    is_new = every != np.append(-1, labels[:-1])[:, None]
    is_last = every != np.append(labels[1:], -1)[:, None]
    inside = np.full((count, logs.shape[1]), NEVER)
    total = np.full((count, logs.shape[1]), NEVER)
    for t in range(length):
        before = np.where(is_new, came[t][:, None], from_blank[t][:, None])
        after = np.where(is_last, left[t][:, None], to_blank[t][:, None])
        inside = np.logaddexp(inside, before) + logs[t]
        total = np.logaddexp(total, inside + after)
    total[:, 0] = NEVER
    return Placed(centres, total)
