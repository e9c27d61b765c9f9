"""Whole sets of composed lines, each by one hand, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from model.composition.hands import Hand
from model.composition.layout import compose
from model.composition.patterns import KINDS, Speller, allows
from model.pen.written_lines import WrittenLine


def compose_lines(
    hands: Sequence[Hand], speller: Speller, count: int, seed: int
) -> Iterator[WrittenLine]:
    """Yield the lines of `compose_kinds` alone."""
    return (line for _, line in compose_kinds(hands, speller, count, seed))


def compose_kinds(
    hands: Sequence[Hand], speller: Speller, count: int, seed: int
) -> Iterator[tuple[str, WrittenLine]]:
    """Yield kinds and lines of every kind that some hand can write, as often as `KINDS` says.

    The hand is drawn among those that can, with a chance that grows with its different characters:
    many have no digits, and numbers would be rare were hands drawn first. Each line depends on the
    seed and its place alone: a longer set begins with a shorter one.
    hands: of one part alone (`sites`), for a line has its hand's. Without any there are no lines.
    """
    able = {kind: places for kind in KINDS if len(places := _able(kind, hands))}
    if not able:
        return
    shares = np.array([KINDS[kind] for kind in able])
    sums = {
        kind: np.cumsum([len(hands[place].glyphs) for place in places])
        for kind, places in able.items()
    }
    for place in range(count):
        chance = np.random.default_rng([seed, place])
        kind = list(able)[int(chance.choice(len(shares), p=shares / shares.sum()))]
        drawn = np.searchsorted(sums[kind], chance.integers(sums[kind][-1]), "right")
        hand = hands[able[kind][drawn]]
        yield kind, compose(hand, speller.text(kind, hand.alphabet, chance), chance)


def _able(kind: str, hands: Sequence[Hand]) -> NDArray[np.int64]:
    return np.flatnonzero([allows(kind, hand.alphabet) for hand in hands])
