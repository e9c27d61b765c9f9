"""What the page says of a reading: sure, not sure, or no digit."""

from __future__ import annotations

import numpy as np
import pytest

from drawing.shown_reading import candidates, reading
from model.reading.recogniser import Prediction


def a_prediction(*, sure: bool, is_digit: bool = True, **shares: float) -> Prediction:
    probabilities = {str(digit): shares.get(f"p{digit}", 0.0) for digit in range(10)}
    label = max(probabilities, key=lambda name: probabilities[name])
    ink = np.zeros((28, 28), np.uint8)
    return Prediction(label, probabilities[label], sure, is_digit, probabilities, ink)


def test_a_sure_reading_is_one_large_digit_and_its_confidence():
    html = reading(a_prediction(sure=True, p3=0.98, p8=0.02), strokes=2, is_small=False)

    assert 'data-testid="label" aria-label="I read 3">3<' in html
    assert "98 % sure" in html
    assert 'data-strokes="2"' in html
    assert "inkling-candidate" not in html


def test_an_unsure_reading_is_a_choice_with_shares_and_the_likeliest_is_the_label():
    html = reading(a_prediction(sure=False, p3=0.55, p8=0.40, p5=0.05), strokes=1, is_small=False)

    assert html.count("inkling-candidate") == 2
    assert html.count('data-testid="label"') == 1
    assert 'data-testid="label" aria-label="I read 3">3<' in html
    assert "55 %" in html
    assert "40 %" in html
    assert "Not sure" in html


def test_a_refusal_says_so_kindly_and_names_the_nearest_digit():
    refused = a_prediction(sure=False, is_digit=False, p3=0.41, p8=0.39, p5=0.2)

    html = reading(refused, strokes=1, is_small=False)

    assert "I don't think that is a digit" in html
    assert '<span data-testid="label">3</span> (41 %)' in html
    assert "I read" not in html
    assert "inkling-candidate" not in html


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
