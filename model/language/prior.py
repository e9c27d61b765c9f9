"""How likely a text is before anything was seen: a mixture over the kinds that people write.

A word may be a number, a code of any characters, or letters in one of three spellings (small,
Capitalised, CAPITALS), of a word that is known or of letters that follow each other as those of
known words do. No kind forbids a text: a code costs what its kind costs, and nothing else. Texts
of several words have the product of their words.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from model.language.word_list import SIZES, load_words

KINDS: Mapping[str, float] = {  # how often a word is of each kind, about
    "number": 0.15,
    "code": 0.15,
    "small": 0.4,
    "Capitalised": 0.15,
    "CAPITALS": 0.15,
}
KNOWN = 0.75  # share of letters that are a word of the list
# How often a word of each list is met, by one of the last: about as word frequencies fall.
WEIGHTS = dict(zip(SIZES, (120.0, 40.0, 12.0, 8.0, 4.0, 3.0, 2.0, 1.0), strict=True))
CHARACTERS = 62
DIGITS = 10
SPACE = 0.12  # share of words that another follows
ENDS = 26  # the place of a word's end among the letters
GRAMS = 4
IMPOSSIBLE = -1e9
SMOOTHING = 4.0  # how many times the shorter context counts


class State:
    """What is known after some characters of a text."""

    __slots__ = ("before", "first", "known", "last", "letters", "logs", "spelling")

    def __init__(self, before: float, logs: tuple[float, ...], letters: str,
                 first: int, last: int, known: float, spelling: float) -> None:  # fmt: skip
        """Keep it; use `Prior.start` and `Prior.extend`."""
        self.before = before  # of the words that are complete
        self.logs = logs  # of this word as number, code, small, Capitalised, CAPITALS
        self.letters = letters  # of this word, small
        self.first, self.last = first, last  # the list's words that begin so
        self.known = known  # log of the share of words that begin so
        self.spelling = spelling  # log probability of the letters, each after those before


class Prior:
    """Log probabilities of texts of digits, letters and spaces, in nats.

    What may follow the letters of a word, its end among it, adds up to their probability. Numbers
    and codes have no length of their own: those of each length add up to their kind's share, for
    whoever sees ink knows how long they are.
    """

    def __init__(self, words: Mapping[str, int], kinds: Mapping[str, float] = KINDS) -> None:
        """Count the words and their letters.

        words: with the size of the list that has each (`load_words`). kinds: how often each is met.
        """
        self.words = sorted(words)
        weights = [WEIGHTS[words[word]] for word in self.words]
        self._sums = [0.0, *accumulate(weights)]
        self._kinds = tuple(math.log(kinds[kind]) if kinds[kind] else IMPOSSIBLE for kind in KINDS)
        self._grams = _count(self.words, weights)

    def start(self) -> State:
        """Return the state before the first character."""
        return self._begin(0.0)

    def _begin(self, before: float) -> State:
        return State(before, self._kinds, "", 0, len(self.words), 0.0, 0.0)

    def extend(self, state: State, character: str) -> State:
        """Return the state after one more character: one of the 62, or a space."""
        if character == " ":
            return self._begin(self._finished(state) + math.log(SPACE))
        number, code, small, capitalised, capitals = state.logs
        code -= math.log(CHARACTERS)
        if character.isdigit():
            number -= math.log(DIGITS)
            return State(state.before, (number, code, IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE),
                         state.letters + character, 0, 0, IMPOSSIBLE, IMPOSSIBLE)  # fmt: skip
        is_capital = character.isupper()
        begins = not state.letters
        if is_capital:
            small = IMPOSSIBLE
            if not begins:
                capitalised = IMPOSSIBLE
        else:
            capitals = IMPOSSIBLE
            if begins:
                capitalised = IMPOSSIBLE
        letter = character.lower()
        letters = state.letters + letter
        first, last, known = state.first, state.last, state.known
        if last > first:
            first = bisect_left(self.words, letters, first, last)
            last = bisect_left(self.words, letters + "{", first, last)
            mass = self._sums[last] - self._sums[first]
            known = math.log(mass / self._sums[-1]) if last > first else IMPOSSIBLE
        else:
            known = IMPOSSIBLE
        spelling = state.spelling
        if spelling > IMPOSSIBLE / 2:
            spelling += self._gram(state.letters, ord(letter) - 97)
        return State(state.before, (IMPOSSIBLE, code, small, capitalised, capitals),
                     letters, first, last, known, spelling)  # fmt: skip

    def _gram(self, letters: str, place: int) -> float:
        context = letters[1 - GRAMS :]
        index = 0
        for letter in context.rjust(GRAMS - 1, "`"):  # the letter before a
            index = index * 27 + ord(letter) - 96
        return float(self._grams[index, place])

    def beginning(self, state: State) -> float:
        """Return the log probability that a text begins with the characters so far."""
        return state.before + self._mix(state, state.known, state.spelling)

    def whole(self, state: State) -> float:
        """Return the log probability that a text is the characters so far, and ends there."""
        return self._finished(state) + math.log(1 - SPACE)

    def log_probability(self, text: str) -> float:
        """Return the log probability of a whole text."""
        state = self.start()
        for character in text:
            state = self.extend(state, character)
        return self.whole(state)

    def _finished(self, state: State) -> float:
        known, spelling = IMPOSSIBLE, state.spelling
        if state.first < state.last and self.words[state.first] == state.letters:
            known = math.log(
                (self._sums[state.first + 1] - self._sums[state.first]) / self._sums[-1]
            )
        if spelling > IMPOSSIBLE / 2:
            spelling += self._gram(state.letters, ENDS)
        return state.before + self._mix(state, known, spelling)

    def _mix(self, state: State, known: float, spelling: float) -> float:
        letters = _log_sum(math.log(KNOWN) + known, math.log(1 - KNOWN) + spelling)
        number, code, *spelt = state.logs
        most = max(spelt)
        return _log_sum(number, code, *(
            (most + math.log(sum(math.exp(one - most) for one in spelt)) + letters,)
            if most > IMPOSSIBLE / 2 else ()
        ))  # fmt: skip


def _log_sum(*logs: float) -> float:
    most = max(logs)
    if most <= IMPOSSIBLE / 2:
        return IMPOSSIBLE
    return most + math.log(sum(math.exp(one - most) for one in logs if one > most - 40))


def _count(words: Iterable[str], weights: Iterable[float]) -> NDArray[np.float32]:
    """Return log probabilities of letters, and of a word's end, after the three before.

    returns: (27³, 27); the place of a context counts its letters from 1, 0 stands for none.
    Shorter contexts fill in for what is rare (Witten and Bell's way of doing it, about).
    """
    side = 27
    pairs = list(zip(words, weights, strict=True))
    text = "".join("```" + word + "{" for word, _ in pairs)
    codes = np.frombuffer(text.encode("ascii"), np.uint8).astype(np.int64) - 96  # ` is 0, { is 27
    weight = np.repeat([w for _, w in pairs], [len(word) + 4 for word, _ in pairs])
    ends = np.flatnonzero(codes > 0)
    ends = ends[ends >= GRAMS - 1]
    following, mass = codes[ends] - 1, weight[ends]
    share = np.full((1, side), 1 / side)
    for length in range(GRAMS):  # letters of context
        index = np.zeros(len(ends), np.int64)
        for back in range(length, 0, -1):
            index = index * side + codes[ends - back] % side
        counts = np.bincount(index * side + following, mass, side**length * side)
        counts = counts.reshape(-1, side)
        shorter = np.tile(share, (side, 1)) if length else share
        total = counts.sum(axis=1, keepdims=True)
        kinds = SMOOTHING * np.maximum((counts > 0).sum(axis=1, keepdims=True), 1)
        share = (counts + kinds * shorter) / (total + kinds)
    logs: NDArray[np.float32] = np.log(share).astype(np.float32)
    return logs


@cache
def load_prior(kinds: tuple[tuple[str, float], ...] = tuple(KINDS.items())) -> Prior:
    """Return the prior of the shipped word list; made once, in a third of a second."""
    return Prior(load_words(), dict(kinds))
