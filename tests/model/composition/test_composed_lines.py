from __future__ import annotations

from collections import Counter
from itertools import islice

import numpy as np

from model.composition.composed_lines import compose_lines
from model.composition.hands import gather_hands
from model.composition.patterns import KINDS, Speller
from tests.model.composition.hand_samples import boxes

HANDS = gather_hands([*boxes("ab1"), *boxes("AB23456789", writer="two")])
SPELLER = Speller(["abba"])


def test_each_line_is_of_one_hand() -> None:
    alphabets = {hand.writer: hand.alphabet for hand in HANDS}

    for line in compose_lines(HANDS, SPELLER, 100, seed=0):
        assert set(line.text.replace(" ", "")) <= set(alphabets[line.writer])


def test_a_longer_set_begins_with_a_shorter_one() -> None:
    short = list(compose_lines(HANDS, SPELLER, 5, seed=1))

    assert list(islice(compose_lines(HANDS, SPELLER, 50, seed=1), 5)) == short
    assert list(compose_lines(HANDS, SPELLER, 5, seed=2)) != short


def test_who_has_more_characters_writes_more_lines() -> None:
    two = gather_hands([*boxes("12"), *boxes("23456789", writer="two")])

    counts = Counter(line.writer for line in compose_lines(two, SPELLER, 300, seed=3))

    assert counts["two"] > 2 * counts["one"] > 0


def test_numbers_are_as_many_as_they_should_be_though_few_hands_have_digits() -> None:
    few = gather_hands(
        [*(d for name in "abcdefgh" for d in boxes("xyz", writer=name)), *boxes("123", writer="n")]
    )

    texts = [line.text for line in compose_lines(few, SPELLER, 400, seed=4)]

    able = ("number", "word", "lower", "code")
    expected = KINDS["number"] / sum(KINDS[kind] for kind in able)
    numbers = np.mean([text.replace(" ", "").isdigit() for text in texts])
    assert expected - 0.07 < numbers < expected + 0.12  # some codes are numbers too


def test_without_hands_there_are_no_lines() -> None:
    assert list(compose_lines([], SPELLER, 5, seed=0)) == []
