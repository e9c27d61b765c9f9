"""Whole sets of composed lines, each by one hand, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from model.composition.hands import Hand
from model.composition.layout import compose
from model.composition.patterns import Speller
from model.pen.written_lines import WrittenLine


def compose_lines(
    hands: Sequence[Hand], speller: Speller, count: int, seed: int
) -> Iterator[WrittenLine]:
    """Yield lines, each of a hand drawn with a chance that grows with its different characters.

    Each depends on the seed and its place alone: a longer set begins with a shorter one.
    hands: of one part alone (`sites`), for a line has its hand's. Without any there are no lines.
    """
    if not hands:
        return
    sizes = np.array([len(hand.glyphs) for hand in hands], float)
    shares = np.cumsum(sizes / sizes.sum())
    for place in range(count):
        chance = np.random.default_rng([seed, place])
        number = min(int(np.searchsorted(shares, chance.random(), "right")), len(hands) - 1)
        hand = hands[number]
        _, text = speller.text(hand.alphabet, chance)
        yield compose(hand, text, chance)
