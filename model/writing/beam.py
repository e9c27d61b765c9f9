"""Texts that a line's logits may mean: a beam search over prefixes, led by what people write.

Source of the search: Hannun et al., "First-pass large vocabulary continuous speech recognition
using bi-directional recurrent DNNs", 2014.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.language.prior import Prior, State

BLANK = 0
BEAM = 12
LABELS = 6  # that are tried in each row, at most
LEAST = 2e-3  # share of a row from which a label is tried
CUT = 9.0  # nats behind the best from which a prefix is not grown any more
NEVER = -1e30


@dataclass(slots=True)
class Prefix:
    """The beginning of a text, by all ways through the rows so far."""

    labels: tuple[int, ...]
    state: State
    prior: float  # log probability that a text begins so
    blank: float = NEVER  # of the ways that end with a blank
    label: float = NEVER  # and of those that end with its last label


def search(
    shares: NDArray[np.floating], classes: tuple[str, ...], prior: Prior, weight: float,
    bonus: float, beam: int = BEAM,
) -> list[str]:  # fmt: skip
    """Return texts that rows of label shares may mean, the likeliest first; at most `beam`.

    shares: (T, labels), each row adds up to 1, label 0 is the blank; classes: what each label is.
    weight: what the prior's log probability counts; bonus: nats for each character, for priors
    make long texts unlikely.
    """
    start = prior.start()
    best = [Prefix((), start, 0.0, blank=0.0)]
    known: dict[tuple[int, ...], tuple[State, float]] = {}
    for row in shares:
        log_blank = math.log(max(float(row[BLANK]), 1e-12))
        likely = [int(p) for p in np.argsort(-row)[: LABELS + 1] if p and row[p] > LEAST]
        if not likely:
            for one in best:
                one.blank, one.label = log_blank + _plus(one.blank, one.label), NEVER
            continue
        logs = [(place, math.log(float(row[place]))) for place in likely]
        following: dict[tuple[int, ...], Prefix] = {}
        # A prior only makes texts less likely: what is too far behind without it need not be asked.
        most = max(
            _plus(one.blank, one.label) + weight * one.prior + bonus * len(one.labels)
            for one in best
        ) + max(log_blank, logs[0][1])
        for one in best:
            both = _plus(one.blank, one.label)
            stays = following.get(one.labels)
            if stays is None:
                stays = following[one.labels] = Prefix(one.labels, one.state, one.prior)
            stays.blank = _plus(stays.blank, both + log_blank)
            last = one.labels[-1] if one.labels else -1
            for place, log in logs:
                if place == last:
                    stays.label = _plus(stays.label, one.label + log)
                    gain = one.blank + log
                else:
                    gain = both + log
                if gain + weight * one.prior + bonus * (len(one.labels) + 1) < most - CUT:
                    continue
                labels = (*one.labels, place)
                grown = following.get(labels)
                if grown is None:
                    if labels not in known:
                        state = prior.extend(one.state, classes[place])
                        known[labels] = state, prior.beginning(state)
                    grown = following[labels] = Prefix(labels, *known[labels])
                grown.label = _plus(grown.label, gain)
        ranked = sorted(
            following.values(),
            key=lambda p: -(_plus(p.blank, p.label) + weight * p.prior + bonus * len(p.labels)),
        )
        best = ranked[:beam]
    best.sort(
        key=lambda p: (
            -(_plus(p.blank, p.label) + weight * prior.whole(p.state) + bonus * len(p.labels))
        )
    )
    texts = ("".join(classes[place] for place in one.labels) for one in best)
    return list(dict.fromkeys(" ".join(text.split()) for text in texts))


def _plus(a: float, b: float) -> float:
    """Return the log of the sum of two numbers given by their logs."""
    if a < b:
        a, b = b, a
    return a + math.log1p(math.exp(b - a)) if b > a - 40 else a
