from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import Engine

from feedback.statistics import (
    Day,
    Digit,
    Statistics,
    read_statistics,
    weights_versions,
    wilson_interval,
)
from feedback.store import NOT_A_DIGIT, Answer, Drawing, Filters
from tests.feedback.sample_drawings import a_drawing, keep, random_drawings

MADE = random_drawings(seed=11, number=4000)
SESSION = MADE[0][0].session_id
SELECTIONS = [
    Filters(),
    Filters(since=date(2026, 2, 5), until=date(2026, 2, 15)),
    Filters(source="api"),
    Filters(weights_version="c-none"),
    Filters(weights_version="a-00000001", source="canvas", since=date(2026, 2, 1)),
    Filters(session_id=SESSION),
]


def selected(filters: Filters) -> list[tuple[Drawing, Answer | None]]:
    def wanted(drawing: Drawing) -> bool:
        day = drawing.created_at.date()
        return (
            (filters.since is None or day >= filters.since)
            and (filters.until is None or day <= filters.until)
            and filters.source in (None, drawing.source)
            and filters.weights_version in (None, drawing.weights_version)
            and filters.session_id in (None, drawing.session_id)
        )

    return [(drawing, answer) for drawing, answer in MADE if wanted(drawing)]


def recount(made: list[tuple[Drawing, Answer | None]], statistics: Statistics) -> None:
    """Count everything again, row by row, and compare."""
    answered = [(drawing, answer) for drawing, answer in made if answer is not None]
    named = [(drawing, answer) for drawing, answer in answered if answer is not NOT_A_DIGIT]
    not_digits = [drawing for drawing, answer in answered if answer is NOT_A_DIGIT]
    right = [drawing for drawing, label in named if label == drawing.predicted]
    wrong = [drawing for drawing, label in named if label != drawing.predicted]

    assert statistics.drawings == len(made)
    assert statistics.answers == len(answered)
    assert statistics.named == len(named)
    assert statistics.not_digits == len(not_digits)
    assert statistics.refused_rightly == sum(not drawing.is_digit for drawing in not_digits)
    assert statistics.refused_wrongly == sum(not drawing.is_digit for drawing, _ in named)
    assert statistics.correct == len(right)
    assert statistics.share_answered == (len(answered) / len(made) if made else None)
    assert statistics.accuracy == (len(right) / len(named) if named else None)
    assert statistics.interval == wilson_interval(len(right), len(named))

    def per_day(drawings: list[Drawing]) -> Counter[date]:
        return Counter(drawing.created_at.date() for drawing in drawings)

    all_days = per_day([drawing for drawing, _ in made])
    answered_days = per_day([drawing for drawing, _ in answered])
    named_days, right_days = per_day([drawing for drawing, _ in named]), per_day(right)
    assert statistics.by_day == tuple(
        Day(day, all_days[day], answered_days[day], named_days[day], right_days[day])
        for day in sorted(all_days)
    )

    cells = Counter((label, drawing.predicted) for drawing, label in named)
    assert statistics.confusion == tuple(
        tuple(cells[true, predicted] for predicted in range(10)) for true in range(10)
    )
    labels = Counter(label for _, label in named)
    assert statistics.by_digit == tuple(
        Digit(digit, labels[digit], cells[digit, digit]) for digit in range(10)
    )

    def histogram(drawings: list[Drawing]) -> tuple[int, ...]:
        bins = Counter(min(int(drawing.confidence * 20), 19) for drawing in drawings)
        return tuple(bins[index] for index in range(20))

    assert statistics.confidence_right == histogram(right)
    assert statistics.confidence_wrong == histogram(wrong)

    assert len(statistics.reliability) == 10
    for index, counted in enumerate(statistics.reliability):
        inside = [d for d, _ in named if min(int(d.confidence * 10), 9) == index]
        assert (counted.low, counted.high) == (index / 10, (index + 1) / 10)
        assert counted.answers == len(inside)
        assert counted.correct == sum(min(int(d.confidence * 10), 9) == index for d in right)
        if inside:
            mean = sum(drawing.confidence for drawing in inside) / len(inside)
            assert counted.mean_confidence == pytest.approx(mean, rel=1e-9)
        else:
            assert counted.mean_confidence is None


def test_statistics_equal_a_naive_recount(engine: Engine):
    keep(engine, MADE)

    for filters in SELECTIONS:
        recount(selected(filters), read_statistics(engine, filters))


def test_the_recount_meets_every_kind_of_row():
    kinds = {
        (
            drawing.is_digit,
            None if answer is None else str(answer).isdigit(),
            answer == drawing.predicted,
        )
        for drawing, answer in MADE
    }

    assert kinds == {
        (is_digit, *of_answer)
        for is_digit in (True, False)
        for of_answer in ((None, False), (False, False), (True, False), (True, True))
    }
    assert {drawing.confidence for drawing, _ in MADE} >= {0.0, 0.05, 0.3, 0.7, 0.95, 1.0}
    assert all(selected(filters) for filters in SELECTIONS if filters.weights_version != "c-none")


def test_an_empty_store_has_statistics_without_numbers_that_mean_nothing(engine: Engine):
    statistics = read_statistics(engine, Filters())

    recount([], statistics)
    assert statistics.accuracy is None
    assert statistics.interval is None
    assert statistics.share_answered is None


def test_one_drawing_without_answer_has_no_accuracy(engine: Engine):
    keep(engine, [(a_drawing(), None)])

    statistics = read_statistics(engine, Filters())

    assert (statistics.drawings, statistics.answers, statistics.accuracy) == (1, 0, None)
    assert statistics.share_answered == 0
    assert statistics.by_day == (Day(date(2026, 3, 4), 1, 0, 0, 0),)


def test_one_right_answer_leaves_a_wide_interval(engine: Engine):
    keep(engine, [(a_drawing(predicted=7, confidence=1.0), 7)])

    statistics = read_statistics(engine, Filters())

    assert statistics.accuracy == 1
    assert statistics.interval == (pytest.approx(0.2065, abs=1e-4), 1.0)
    assert statistics.confidence_right[19] == statistics.reliability[9].correct == 1


def test_an_answer_that_names_no_digit_is_counted_beside_accuracy(engine: Engine):
    keep(
        engine,
        [
            (a_drawing(is_digit=False), NOT_A_DIGIT),
            (a_drawing(is_digit=True), NOT_A_DIGIT),
            (a_drawing(predicted=7, is_digit=False), 7),
            (a_drawing(predicted=7), 1),
            (a_drawing(is_digit=False), None),
        ],
    )

    statistics = read_statistics(engine, Filters())

    assert (statistics.answers, statistics.named, statistics.not_digits) == (4, 2, 2)
    assert (statistics.refused_rightly, statistics.refused_wrongly) == (1, 1)
    assert (statistics.accuracy, statistics.share_answered) == (0.5, 0.8)
    assert sum(map(sum, statistics.confusion)) == 2


def test_answers_that_all_name_no_digit_leave_no_accuracy(engine: Engine):
    keep(engine, [(a_drawing(is_digit=False), NOT_A_DIGIT)])

    statistics = read_statistics(engine, Filters())

    assert (statistics.answers, statistics.accuracy, statistics.interval) == (1, None, None)
    assert statistics.by_day == (Day(date(2026, 3, 4), 1, 1, 0, 0),)


def test_wilson_agrees_with_published_values():
    # Newcombe (1998), Statistics in Medicine 17: 857-872, table I, method 3.
    published = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0000, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }

    for (correct, answers), interval in published.items():
        assert wilson_interval(correct, answers) == pytest.approx(interval, abs=5e-5)
    assert wilson_interval(0, 0) is None


@pytest.mark.parametrize("answers", [1, 3, 20, 1000, 10**9])
def test_wilson_stays_between_0_and_1_and_around_the_share(answers: int):
    for correct in {0, 1, answers // 2, answers - 1, answers}:
        interval = wilson_interval(correct, answers)

        assert interval is not None
        assert 0 <= interval[0] <= correct / answers <= interval[1] <= 1


def test_weights_versions_are_listed_once_and_in_order(engine: Engine):
    assert weights_versions(engine) == []

    keep(engine, MADE)

    assert weights_versions(engine) == ["a-00000001", "b-00000002", "b-00000003"]
