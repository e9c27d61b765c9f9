from __future__ import annotations

from model.composition.hands import gather_hands
from model.pen.drawings import PenDrawing
from tests.model.composition.hand_samples import boxes


def test_a_hand_has_all_that_one_writer_wrote_of_a_site() -> None:
    found = gather_hands(
        [*boxes("ab"), *boxes("ba", writer="two"), *boxes("a1", site="apb"), *boxes("a")]
    )

    assert [(hand.source, hand.writer, hand.alphabet) for hand in found] == [
        ("apb", "one", "1a"),
        ("syn", "one", "ab"),
        ("syn", "two", "ab"),
    ]
    assert [len(hand.glyphs["a"]) for hand in found] == [1, 2, 1]


def test_a_writer_of_one_character_makes_no_lines() -> None:
    assert gather_hands(boxes("aaa")) == []


def test_dots_and_what_is_no_letter_or_digit_are_left_out() -> None:
    dot = PenDrawing("i", "one", "syn", [[[5], [5]]])

    (hand,) = gather_hands([*boxes("ab+"), dot])

    assert hand.alphabet == "ab"
