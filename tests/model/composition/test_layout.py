from __future__ import annotations

import numpy as np
import pytest

from model.composition.layout import compose
from tests.model.composition.hand_samples import box_of, hand


def many(text: str, count: int = 200) -> list[list[tuple[float, float, float, float]]]:
    """The boxes of the characters of lines of a text: left, top, right, bottom; in px of 255."""
    who = hand("".join(dict.fromkeys(text.replace(" ", "") + "ab")))
    composed = [compose(who, text, np.random.default_rng(seed)) for seed in range(count)]
    return [[box_of(character.strokes) for character in line.cut()] for line in composed]


def test_a_composed_line_is_like_a_recorded_one() -> None:
    line = compose(hand("ab1"), "ab 1a", np.random.default_rng(0))

    left, top, _, bottom = box_of(line.strokes)
    assert (left, top, bottom) == (0, 0, 255)
    assert [drawing.label for drawing in line.cut()] == ["a", "b", "1", "a"]
    assert (line.text, line.writer, line.source) == ("ab 1a", "one", "syn")


def test_a_seed_gives_the_same_line_and_another_seed_another() -> None:
    lines = [compose(hand("ab"), "abba", np.random.default_rng(seed)) for seed in (1, 1, 2)]

    assert lines[0] == lines[1] != lines[2]


def test_a_character_that_the_hand_does_not_have_is_an_error() -> None:
    with pytest.raises(KeyError):
        compose(hand("ab"), "abc", np.random.default_rng(0))


@pytest.mark.parametrize(("low", "high"), [("w", "W"), ("s", "S"), ("o", "O"), ("a", "b")])
def test_small_letters_are_lower_than_their_capitals_and_than_ascenders(
    low: str, high: str
) -> None:
    ratios = [(small[3] - small[1]) / (large[3] - large[1]) for small, large in many(low + high)]

    assert 0.45 < float(np.median(ratios)) < 0.75
    assert np.mean(np.array(ratios) < 1) > 0.97


@pytest.mark.parametrize("letter", "gjpqy")
def test_descenders_go_below_the_line(letter: str) -> None:
    below = [(deep[3] - flat[3]) / 255 for flat, deep in many("a" + letter)]

    assert float(np.median(below)) > 0.2


def test_spacing_goes_from_touching_to_wide() -> None:
    gaps = np.array([(b[0] - a[2]) / (a[3] - a[1]) for a, b in many("HH", 500)])

    assert 0.05 < np.mean(gaps <= 0) < 0.35
    assert 0.1 < np.mean(gaps > 0.45) < 0.45
    assert gaps.min() > -0.6


def test_words_stand_farther_apart_than_their_letters() -> None:
    for a, b, c in many("ab c".replace("c", "a")):
        assert c[0] - b[2] > b[0] - a[2]


def test_the_baseline_drifts() -> None:
    slopes = [
        np.polyfit([box[0] for box in line], [box[3] for box in line], 1)[0]
        for line in many("aaaaaaaa")
    ]

    assert 0.01 < float(np.std(slopes)) < 0.15
    assert abs(float(np.mean(slopes))) < 0.02
