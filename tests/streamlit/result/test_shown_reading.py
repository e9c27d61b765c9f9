"""What the page says of a reading: sure, not sure, or no digit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.reading.recogniser import Prediction
from result.shown_reading import as_hint, as_problem, candidates, in_words


def a_prediction(*, sure: bool, is_digit: bool = True, **shares: float) -> Prediction:
    probabilities = {str(digit): shares.get(f"p{digit}", 0.0) for digit in range(10)}
    label = max(probabilities, key=lambda name: probabilities[name])
    ink = np.zeros((28, 28), np.uint8)
    return Prediction(label, probabilities[label], sure, is_digit, probabilities, ink)


def test_a_sure_reading_is_one_digit_and_its_confidence():
    shown = in_words(a_prediction(sure=True, p3=0.98, p8=0.02))

    assert (shown["kind"], shown["label"], shown["line"]) == ("sure", "3", "98 % sure")
    assert shown["spoken"] == "I read 3, 98 % sure."
    assert shown["candidates"] == []


def test_an_unsure_reading_is_a_choice_with_shares_and_the_likeliest_is_the_label():
    shown = in_words(a_prediction(sure=False, p3=0.55, p8=0.40, p5=0.05))

    assert (shown["kind"], shown["label"], shown["line"]) == ("open", "3", "Not sure")
    assert shown["candidates"] == [["3", "55 %"], ["8", "40 %"]]
    assert shown["spoken"] == "Not sure: 3, 55 % or 8, 40 %. Which is it?"


def test_a_refusal_names_the_nearest_digit_and_its_doubt():
    shown = in_words(a_prediction(sure=False, is_digit=False, p3=0.41, p8=0.39, p5=0.2))

    assert (shown["kind"], shown["label"], shown["share"]) == ("refused", "3", "41 %")
    assert shown["line"] == "Looks like a 3, but I am not sure that it is a digit"
    assert shown["candidates"] == []
    assert shown["question"] == "Is it one?"


def test_of_several_characters_none_is_named_and_one_at_a_time_is_asked_for():
    several = replace(a_prediction(sure=False, is_digit=False, p3=0.9, p8=0.1), several=3)

    shown = in_words(several)

    assert (shown["kind"], shown["label"], shown["question"]) == ("refused", "", "")
    assert shown["line"] == "I see 3 characters here. Draw one digit at a time"
    assert shown["spoken"] == "I see 3 characters here. Draw one digit at a time."


@pytest.mark.parametrize(
    ("share", "words"), [(1.0, "100 %"), (0.9961, ">99 %"), (0.984, "98 %"), (0.004, "")]
)
def test_only_certainty_is_labelled_100_over_its_bar(share, words):
    bars = in_words(a_prediction(sure=True, p7=share))["bars"]

    assert bars[7] == ["7", share, words]
    assert [name for name, _, _ in bars] == list("0123456789")


def test_a_hint_is_not_said_aloud_and_a_problem_is():
    assert as_hint("Draw a digit.")["spoken"] == ""
    assert as_problem("too long")["spoken"] == as_problem("too long")["line"] == "Too long."


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ({"3": 0.5, "8": 0.5}, ["3", "8"]),
        ({"3": 0.4, "8": 0.3, "5": 0.2, "9": 0.1}, ["3", "8", "5"]),
        ({"3": 0.88, "8": 0.1, "5": 0.02}, ["3", "8"]),
        ({"3": 0.92, "8": 0.05, "5": 0.03}, ["3", "8"]),
        ({"8": 0.1, "3": 0.9}, ["3", "8"]),
    ],
)
def test_candidates_are_two_or_three_that_are_worth_considering(shares, expected):
    assert [label for label, _ in candidates(shares)] == expected
