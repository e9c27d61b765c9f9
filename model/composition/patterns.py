"""Texts that people write: numbers, words in several spellings, codes; each of given characters."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

LETTERS = string.ascii_lowercase
KINDS: Mapping[str, float] = {  # shares of lines
    "number": 0.2,
    "word": 0.25,
    "capitalised": 0.15,
    "upper": 0.12,
    "lower": 0.08,
    "code": 0.2,
}
SEVERAL = 0.12  # share of lines of two or three words
LONGEST = 9  # characters of a word that is made up
SHORTEST = 2
BY_CHANCE = 0.15  # share of letters that follow whatever was before
CANDIDATES = 40  # words that are tried before one is made up


class Speller:
    """Makes texts; knows which words there are and which letters follow each other."""

    def __init__(self, words: Iterable[str]) -> None:
        """words: what is written in training, in any case; others than letters are left out."""
        known = {word.lower() for text in words for word in text.split()}
        self.words: list[str] = sorted(word for word in known if word.isalpha() and word.isascii())
        counts = np.full((len(LETTERS) + 1, len(LETTERS)), 1e-3)  # the first row: how words begin
        for word in self.words:
            places = [LETTERS.index(letter) for letter in word]
            for before, place in zip([-1, *places], places, strict=False):
                counts[before + 1, place] += 1
        self._follows: NDArray[np.float64] = counts

    def text(self, kind: str, alphabet: str, chance: np.random.Generator) -> str:
        """Return a text of a kind that the alphabet allows, of its characters and spaces alone."""
        words = 1 if chance.random() >= SEVERAL else int(chance.integers(2, 4))
        return " ".join(self.one(kind, alphabet, chance) for _ in range(words))

    def one(self, kind: str, alphabet: str, chance: np.random.Generator) -> str:
        """Return one word, number or code of a kind that the alphabet allows."""
        length = int(chance.integers(SHORTEST, LONGEST + 1))
        digits, upper, lower = _split(alphabet)
        match kind:
            case "number":
                return _any(digits, length, chance)
            case "code":
                return _any(alphabet, length, chance)
            case "upper":
                return self._spell(upper.lower(), length, chance).upper()
            case "capitalised":
                rest = self._spell(lower, length - 1, chance)
                return _any(upper, 1, chance) + rest
            case "word":
                return self._known(lower, chance) or self._spell(lower, length, chance)
        return self._spell(lower, length, chance)

    def _known(self, letters: str, chance: np.random.Generator) -> str | None:
        """Return a word that the letters can spell, where a few tries find one."""
        if not self.words:
            return None
        for place in chance.integers(len(self.words), size=CANDIDATES).tolist():
            word: str = self.words[place]
            if len(word) >= SHORTEST and set(word) <= set(letters):
                return word
        return None

    def _spell(self, letters: str, length: int, chance: np.random.Generator) -> str:
        """Return letters that follow each other as those of words do, mostly."""
        places = np.array([LETTERS.index(letter) for letter in letters])
        spelt: list[int] = []
        for _ in range(length):
            before = spelt[-1] + 1 if spelt else 0
            weights = self._follows[before, places]
            by_chance = chance.random() < BY_CHANCE
            p = None if by_chance else weights / weights.sum()
            spelt.append(int(chance.choice(places, p=p)))
        return "".join(LETTERS[place] for place in spelt)


def _split(alphabet: str) -> tuple[str, str, str]:
    """Return the digits, the capitals and the small letters among the characters."""
    return (
        "".join(filter(str.isdigit, alphabet)),
        "".join(filter(str.isupper, alphabet)),
        "".join(filter(str.islower, alphabet)),
    )


def allows(kind: str, alphabet: str) -> bool:
    """Tell whether the characters, letters and digits, are enough for texts of a kind."""
    digits, upper, lower = map(len, _split(alphabet))
    needed = {
        "number": digits,
        "upper": upper,
        "word": lower,
        "lower": lower,
        "capitalised": lower if upper else 0,
        "code": len(alphabet),
    }
    return needed[kind] >= SHORTEST


def _any(characters: str, length: int, chance: np.random.Generator) -> str:
    return "".join(chance.choice(list(characters), length))
