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
from feedback.store import Drawing, Filters
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


def selected(filters: Filters) -> list[tuple[Drawing, int | None]]:
    def wanted(drawing: Drawing) -> bool:
        day = drawing.created_at.date()
        return (
            (filters.since is None or day >= filters.since)
            and (filters.until is None or day <= filters.until)
            and filters.source in (None, drawing.source)
            and filters.weights_version in (None, drawing.weights_version)
            and filters.session_id in (None, drawing.session_id)
        )

    return [(drawing, label) for drawing, label in MADE if wanted(drawing)]


def recount(made: list[tuple[Drawing, int | None]], statistics: Statistics) -> None:
    """Count everything again, row by row, and compare."""
    answered = [(drawing, label) for drawing, label in made if label is not None]
    right = [drawing for drawing, label in answered if label == drawing.predicted]
    wrong = [drawing for drawing, label in answered if label != drawing.predicted]

    assert statistics.drawings == len(made)
    assert statistics.answers == len(answered)
    assert statistics.correct == len(right)
    assert statistics.share_answered == (len(answered) / len(made) if made else None)
    assert statistics.accuracy == (len(right) / len(answered) if answered else None)
    assert statistics.interval == wilson_interval(len(right), len(answered))

    per_day = Counter(drawing.created_at.date() for drawing, _ in made)
    answered_per_day = Counter(drawing.created_at.date() for drawing, _ in answered)
    right_per_day = Counter(drawing.created_at.date() for drawing in right)
    assert statistics.by_day == tuple(
        Day(day, per_day[day], answered_per_day[day], right_per_day[day]) for day in sorted(per_day)
    )

    cells = Counter((label, drawing.predicted) for drawing, label in answered)
    assert statistics.confusion == tuple(
        tuple(cells[true, predicted] for predicted in range(10)) for true in range(10)
    )
    labels = Counter(label for _, label in answered)
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
        inside = [d for d, _ in answered if min(int(d.confidence * 10), 9) == index]
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
    kinds = {(label is None, label == drawing.predicted) for drawing, label in MADE}

    assert kinds == {(True, False), (False, True), (False, False)}
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
    assert statistics.by_day == (Day(date(2026, 3, 4), 1, 0, 0),)


def test_one_right_answer_leaves_a_wide_interval(engine: Engine):
    keep(engine, [(a_drawing(predicted=7, confidence=1.0), 7)])

    statistics = read_statistics(engine, Filters())

    assert statistics.accuracy == 1
    assert statistics.interval == (pytest.approx(0.2065, abs=1e-4), 1.0)
    assert statistics.confidence_right[19] == statistics.reliability[9].correct == 1


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
