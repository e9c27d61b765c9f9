from __future__ import annotations

import string
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from model.composition.patterns import KINDS, Speller, allows

WORDS = ["the", "quiz", "queen", "Quick", "banana", "x104"]
EVERYTHING = string.digits + string.ascii_letters


@pytest.mark.parametrize(
    ("kind", "alphabet"),
    [
        (kind, alphabet)
        for kind in KINDS
        for alphabet in ("12", "ab", "AB", "Aab1", EVERYTHING)
        if allows(kind, alphabet)
    ],
)
def test_a_text_has_characters_of_the_alphabet_alone(kind: str, alphabet: str) -> None:
    speller, chance = Speller(WORDS), np.random.default_rng(0)

    for _ in range(60):
        text = speller.text(kind, alphabet, chance)
        assert set(text.replace(" ", "")) <= set(alphabet)
        assert all(len(word) >= 2 for word in text.split(" "))


@pytest.mark.parametrize(
    ("alphabet", "kinds"),
    [
        ("12", {"number", "code"}),
        ("ab", {"word", "lower", "code"}),
        ("AB", {"upper", "code"}),
        ("A1", {"code"}),
        ("Aab", {"word", "lower", "capitalised", "code"}),
        (EVERYTHING, set(KINDS)),
    ],
)
def test_an_alphabet_allows_what_it_has_two_characters_for(alphabet: str, kinds: set[str]) -> None:
    assert {kind for kind in KINDS if allows(kind, alphabet)} == kinds


@pytest.mark.parametrize(
    ("kind", "check"),
    [
        ("number", str.isdigit),
        ("word", str.islower),
        ("lower", str.islower),
        ("upper", str.isupper),
        ("capitalised", str.istitle),
        ("code", str.isalnum),
    ],
)
def test_a_kind_is_what_it_is_called(kind: str, check: object) -> None:
    speller, chance = Speller(WORDS), np.random.default_rng(1)

    assert callable(check)
    assert all(check(speller.one(kind, EVERYTHING, chance)) for _ in range(100))


def test_words_are_those_of_training_where_the_letters_can_spell_them() -> None:
    speller, chance = Speller(WORDS), np.random.default_rng(2)

    found = {speller.one("word", string.ascii_lowercase, chance) for _ in range(200)}

    assert found == {"the", "quiz", "queen", "quick", "banana"}


def test_letters_follow_each_other_as_in_words() -> None:
    speller, chance = Speller(WORDS), np.random.default_rng(3)
    spelt = "".join(speller.one("lower", "queiztn", chance) + " " for _ in range(300))

    after_q = Counter(b for a, b in pairwise(spelt) if a == "q")

    assert after_q.most_common(1)[0][0] == "u"


def test_codes_have_every_character_as_often() -> None:
    speller, chance = Speller(WORDS), np.random.default_rng(4)

    counts = Counter("".join(speller.one("code", "Aa1b", chance) for _ in range(500)))

    assert max(counts.values()) < 1.25 * min(counts.values())


def test_without_any_words_there_are_texts_all_the_same() -> None:
    text = Speller([]).one("word", "abc", np.random.default_rng(5))

    assert set(text) <= set("abc")
