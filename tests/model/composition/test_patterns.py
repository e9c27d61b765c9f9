from __future__ import annotations

import string
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from model.composition.patterns import KINDS, Speller

WORDS = ["the", "quiz", "queen", "Quick", "banana", "x104"]
EVERYTHING = string.digits + string.ascii_letters


def texts(alphabet: str, count: int = 300) -> list[tuple[str, str]]:
    speller, chance = Speller(WORDS), np.random.default_rng(0)
    return [speller.text(alphabet, chance) for _ in range(count)]


@pytest.mark.parametrize("alphabet", ["12", "ab", "AB", "Ab", "1a", "Aab1", EVERYTHING])
def test_a_text_has_characters_of_the_alphabet_alone(alphabet: str) -> None:
    for _, text in texts(alphabet, 100):
        assert set(text.replace(" ", "")) <= set(alphabet)
        assert all(len(word) >= 2 for word in text.split(" "))


def test_whoever_has_all_characters_writes_every_kind_as_often_as_it_should_be() -> None:
    counts = Counter(kind for kind, _ in texts(EVERYTHING, 2000))

    for kind, share in KINDS.items():
        assert counts[kind] / 2000 == pytest.approx(share, abs=0.04)


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
