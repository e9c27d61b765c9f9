from __future__ import annotations

from collections import Counter
from itertools import islice

from model.composition.composed_lines import compose_lines
from model.composition.hands import gather_hands
from model.composition.patterns import Speller
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
    counts = Counter(line.writer for line in compose_lines(HANDS, SPELLER, 300, seed=3))

    assert counts["two"] > 2 * counts["one"] > 0


def test_without_hands_there_are_no_lines() -> None:
    assert list(compose_lines([], SPELLER, 5, seed=0)) == []
