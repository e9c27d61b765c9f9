"""How many characters are drawn: what is two digits, and what is one in two pieces."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from model.ink.preprocess import prepare, prepare_and_count
from model.ink.several import count_characters

# Strokes in a box of 100 x 100, y down.
Strokes = list[list[tuple[float, float]]]
ONE: Strokes = [[(50, 0), (50, 100)]]
SEVEN: Strokes = [[(10, 5), (85, 5), (35, 98)], [(30, 50), (75, 50)]]
TWO: Strokes = [[(15, 20), (50, 0), (85, 25), (10, 100), (90, 100)]]
FIVE: Strokes = [[(20, 15), (20, 50), (70, 50), (70, 100), (10, 100)]]
HAT: Strokes = [[(35, 0), (90, 0)]]
OPEN_FOUR: Strokes = [[(30, 0), (10, 60), (60, 60)], [(72, 10), (72, 100)]]


def canvas(
    *placed: tuple[Strokes, float, float, float],
    size: tuple[int, int] = (560, 280),
    pen: int = 10,
    paper: int = 0,
) -> NDArray[np.uint8]:
    """Strokes on a sheet; each with its left and top, and px for 100 of its units."""
    sheet = Image.new("L", size, paper)
    draw = ImageDraw.Draw(sheet)
    for strokes, left, top, side in placed:
        for stroke in strokes:
            draw.line(
                [(left + x * side / 100, top + y * side / 100) for x, y in stroke],
                fill=255 - paper,
                width=pen,
                joint="curve",
            )
    return np.asarray(sheet)


def counted(*placed: tuple[Strokes, float, float, float], **changed: object) -> int:
    return prepare_and_count(canvas(*placed, **changed)).characters  # type: ignore[arg-type]


@pytest.mark.parametrize("number", range(2, 7))
@pytest.mark.parametrize("paper", [0, 255])
def test_digits_side_by_side_are_counted(number: int, paper: int) -> None:
    some = [TWO, SEVEN, ONE, FIVE, TWO, SEVEN]
    placed = [(some[place], 20 + 85.0 * place, 100, 60) for place in range(number)]

    assert counted(*placed, paper=paper) == number


def test_digits_with_a_gap_of_a_fifth_of_their_height_are_two() -> None:
    assert counted((TWO, 100, 60, 100), (TWO, 100 + 80 + 10 + 20, 60, 100)) == 2


@pytest.mark.parametrize("pen", [4, 10, 20])
def test_a_seven_is_one_whatever_becomes_of_its_bar(pen: int) -> None:
    assert counted((SEVEN, 100, 40, 180), pen=pen) == 1


def test_a_five_whose_hat_floats_above_it_is_one() -> None:
    assert counted((FIVE, 100, 60, 160), (HAT, 110, 58, 160)) == 1


def test_an_open_four_is_one() -> None:
    assert counted((OPEN_FOUR, 100, 40, 180)) == 1


def test_a_broken_stroke_is_one() -> None:
    upper: Strokes = [[(50, 0), (50, 40)]]
    lower: Strokes = [[(52, 46), (52, 100)]]

    assert counted((upper, 100, 40, 200), (lower, 100, 40, 200)) == 1


def test_a_slip_of_the_pen_beside_a_digit_is_no_second_one() -> None:
    assert counted((TWO, 100, 60, 160), (ONE, 330, 150, 30)) == 1


def test_a_five_with_a_hat_beside_another_digit_makes_two() -> None:
    assert counted((FIVE, 60, 60, 160), (HAT, 70, 58, 160), (TWO, 300, 60, 160)) == 2


def test_two_digits_one_above_the_other_are_two() -> None:
    assert counted((TWO, 80, 20, 100), (TWO, 85, 150, 100), size=(280, 280)) == 2


def test_two_rows_of_digits_are_all_counted() -> None:
    rows = [(TWO, 40 + 120.0 * column, 20 + 130.0 * row, 90) for row in (0, 1) for column in (0, 1)]

    assert counted(*rows, size=(280, 280)) == 4


def test_counting_changes_nothing_of_what_a_network_reads() -> None:
    drawing = canvas((SEVEN, 100, 40, 180))

    assert np.array_equal(prepare_and_count(drawing).ink, prepare(drawing))


def test_a_solid_blot_of_any_size_is_one() -> None:
    assert count_characters(np.ones((700, 900), bool)) == 1


def photo(*lefts: int) -> NDArray[np.uint8]:
    """Twos on a sheet under uneven light, with grain; left edges in px."""
    drawn = canvas(*((TWO, left, 110, 80) for left in lefts), size=(800, 300), pen=8) / 255
    light = np.linspace(235, 150, drawn.shape[1])[None]
    grain = np.random.default_rng(0).normal(0, 3, drawn.shape)
    return (light * (1 - 0.8 * drawn) + grain).clip(0, 255).astype(np.uint8)


def test_a_photo_of_a_number_with_wide_gaps_is_told_as_several() -> None:
    assert prepare_and_count(photo(150, 340, 530)).characters == 3


def test_a_photo_of_one_digit_is_one() -> None:
    assert prepare_and_count(photo(340)).characters == 1


def test_what_leaves_a_photo_at_its_edge_is_no_second_digit() -> None:
    assert prepare_and_count(photo(400, 760)).characters == 1
