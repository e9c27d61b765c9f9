from __future__ import annotations

import numpy as np
import pytest

from model.believing.statements import NO_DIGIT
from model.promotion.comparison import (
    LEAST_OF_DIGIT,
    Reading,
    compare_digits,
    compare_live,
    compare_strangers,
    mcnemar,
)
from model.promotion.gate_report import Row
from tests.model.promotion.judged import a_part, live_test_of, misread, read_as

N = 6000


def by_name(rows: list[Row]) -> dict[str, Row]:
    return {row.name: row for row in rows}


def compared(was_wrong: int, now_wrong: int, digit: int | None = None) -> dict[str, Row]:
    parts = {"MNIST": a_part(N), "pen": a_part(N)}
    was = dict.fromkeys(parts, misread(N, was_wrong))
    now = {"MNIST": misread(N, now_wrong, digit), "pen": misread(N, was_wrong)}
    return by_name(list(compare_digits(parts, was, now)))


def test_right_is_taken_for_a_digit_and_for_the_one_that_was_answered() -> None:
    live, rows = compare_live(
        live_test_of([3, 3, 3, NO_DIGIT]), read_as([3, None, 5, None]), read_as([3, 3, 3, None])
    )

    assert (live.digits, live.not_digits, live.was_right, live.is_right) == (3, 1, 1, 3)
    assert by_name(rows)["live test, read right"].was == pytest.approx(1 / 3)


def test_drawings_newly_right_and_newly_misread_are_named_with_what_they_were_read_as() -> None:
    beliefs = live_test_of([3, 4, 5])

    live, _ = compare_live(beliefs, read_as([None, 4, 5]), read_as([3, 9, 5]))

    ids = [belief.answered.drawing for belief in beliefs]
    assert (live.newly_right, live.newly_misread) == ((ids[0],), (ids[1],))
    assert live.readings == {
        ids[0]: {"label": 3, "was": None, "is": 3},
        ids[1]: {"label": 4, "was": 4, "is": 9},
    }


def test_the_live_test_must_not_lose_a_single_drawing_on_balance() -> None:
    labels = [3] * 40
    rows = {
        right: by_name(
            compare_live(live_test_of(labels), misread_some(20), misread_some(40 - right))[1]
        )
        for right in (19, 20)
    }

    assert not rows[19]["live test, read right"].passed
    assert rows[20]["live test, read right"].passed


def misread_some(wrong: int) -> Reading:
    return read_as([8] * wrong + [3] * (40 - wrong))


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [(0, 0, 1), (6, 0, 0.03125), (5, 0, 0.0625), (10, 2, 0.03857), (2, 10, 0.03857), (4, 4, 1)],
)
def test_mcnemars_test_is_exact_and_two_sided(gained: int, lost: int, p: float) -> None:
    assert mcnemar(gained, lost) == pytest.approx(p, abs=1e-5)


def test_a_twentieth_of_a_point_of_mnist_may_be_lost_and_no_more() -> None:
    assert compared(30, 33)["MNIST, read right"].passed
    assert not compared(30, 34)["MNIST, read right"].passed


def test_no_digit_may_lose_more_than_a_point_over_both_parts() -> None:
    assert compared(0, 11, digit=4)["4, over MNIST and pen"].passed
    assert not compared(0, 13, digit=4)["4, over MNIST and pen"].passed
    assert compared(0, 13, digit=4)["5, over MNIST and pen"].difference == 0


def test_a_digit_of_the_live_test_is_asked_about_where_there_are_enough_of_it() -> None:
    many = live_test_of([7] * LEAST_OF_DIGIT + [1] * (LEAST_OF_DIGIT - 1))
    digits = [7] * LEAST_OF_DIGIT + [1] * (LEAST_OF_DIGIT - 1)

    _, rows = compare_live(many, read_as(digits), read_as([9, 9, *digits[2:]]))

    names = by_name(rows)
    assert not names["7, in the live test"].passed
    assert "1, in the live test" not in names


def test_refusing_more_digits_or_fewer_strangers_has_its_limits() -> None:
    parts, was = {"pen": a_part(1000)}, read_as([n % 10 for n in range(1000)])
    refusing = read_as([None if n < 6 else n % 10 for n in range(1000)])
    rows = by_name(list(compare_digits(parts, {"pen": was}, {"pen": refusing})))
    kinds = ("letters", "scribbles")
    nothing = dict.fromkeys(kinds, read_as([None] * 100))
    fewer = [read_as([None] * (100 - taken) + [1] * taken) for taken in (2, 3)]
    strangers = by_name(list(compare_strangers(nothing, dict(zip(kinds, fewer, strict=True)))))

    assert not rows["pen, taken for a digit"].passed
    assert strangers["letters, refused"].passed
    assert not strangers["scribbles, refused"].passed


def test_what_authors_call_no_digit_is_counted_beside_and_asked_about_where_there_is_enough() -> (
    None
):
    labels = [1] * 10 + [NO_DIGIT] * 50
    was, now = read_as([1] * 10 + [None] * 50), read_as([1] * 10 + [None] * 40 + [2] * 10)

    _, rows = compare_live(live_test_of(labels), was, now)
    _, few = compare_live(
        live_test_of(labels[:20]), read_as([1] * 10 + [None] * 10), read_as([1] * 20)
    )

    assert not by_name(rows)["live test, no digit refused"].passed
    assert by_name(few)["live test, no digit refused"].limit is None


def test_confidence_that_means_less_than_before_has_its_limit() -> None:
    parts = {"pen": a_part(1000)}
    labels = [n % 10 for n in range(1000)]
    was = {"pen": read_as(labels, 0.999)}

    rows = by_name(list(compare_digits(parts, was, {"pen": read_as(labels, 0.98)})))

    assert not rows["pen, calibration error"].passed
    assert rows["pen, read right"].passed


def test_an_empty_live_test_has_no_share() -> None:
    live, rows = compare_live([], read_as([]), read_as([]))

    assert (live.digits, live.p) == (0, 1)
    assert by_name(rows)["live test, read right"].was is None
    assert np.all([row.passed for row in rows])
