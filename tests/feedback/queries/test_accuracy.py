from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import Engine, insert

from feedback.records.schema import answers, drawings
from feedback.statistics import (
    REFUSED,
    Day,
    Digit,
    Statistics,
    Verdict,
    read_statistics,
    weights_versions,
    wilson_interval,
)
from feedback.store import NOT_A_DIGIT, Answer, Drawing, Filters
from tests.feedback.sample_drawings import a_drawing, answer_row, keep, random_drawings, row_of

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
    accepted = [(drawing, answer) for drawing, answer in answered if drawing.is_digit]
    right = [drawing for drawing, answer in accepted if answer == drawing.predicted]
    wrong = [drawing for drawing, answer in accepted if answer != drawing.predicted]

    assert statistics.drawings == len(made)
    assert statistics.answers == len(answered)
    assert statistics.named == len(named)
    assert statistics.not_digits == len(not_digits)
    assert statistics.accepted == len(accepted)
    assert statistics.read_right == len(right)
    assert statistics.misread == len(named) - len(right) - statistics.refused_by_mistake
    assert statistics.refused_by_mistake == sum(not drawing.is_digit for drawing, _ in named)
    assert statistics.refused_rightly == sum(not drawing.is_digit for drawing in not_digits)
    assert statistics.taken_for_a_digit == sum(drawing.is_digit for drawing in not_digits)
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

    cells = Counter((label, d.predicted if d.is_digit else REFUSED) for d, label in named)
    assert statistics.confusion == tuple(
        tuple(cells[said, shown] for shown in (*range(10), REFUSED)) for said in range(10)
    )
    labels = Counter(label for _, label in named)
    assert statistics.by_digit == tuple(
        Digit(digit, labels[digit], cells[digit, digit], cells[digit, REFUSED])
        for digit in range(10)
    )

    def histogram(drawings: list[Drawing]) -> tuple[int, ...]:
        bins = Counter(min(int(drawing.confidence * 20), 19) for drawing in drawings)
        return tuple(bins[index] for index in range(20))

    assert statistics.confidence_right == histogram(right)
    assert statistics.confidence_wrong == histogram(wrong)

    assert len(statistics.reliability) == 10
    for index, counted in enumerate(statistics.reliability):
        inside = [d for d, _ in accepted if min(int(d.confidence * 10), 9) == index]
        assert (counted.low, counted.high) == (index / 10, (index + 1) / 10)
        assert counted.accepted == len(inside)
        assert counted.read_right == sum(min(int(d.confidence * 10), 9) == index for d in right)
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
    assert statistics.confidence_right[19] == statistics.reliability[9].read_right == 1


def test_a_refused_digit_is_never_read_right_though_its_nearest_digit_is(engine: Engine):
    keep(engine, [(a_drawing(predicted=7, is_digit=False), 7) for _ in range(3)])
    keep(engine, [(a_drawing(predicted=7), 7)])

    statistics = read_statistics(engine, Filters())

    assert (statistics.read_right, statistics.refused_by_mistake) == (1, 3)
    assert statistics.accuracy == 0.25
    assert statistics.by_day == (Day(date(2026, 3, 4), 4, 4, 4, 1),)
    assert statistics.by_digit[7] == Digit(7, named=4, read_right=1, refused=3)
    assert statistics.confusion[7] == (0,) * 7 + (1, 0, 0, 3)


def test_the_three_ends_of_what_was_called_a_digit_make_up_its_whole(engine: Engine):
    keep(
        engine,
        [
            (a_drawing(predicted=7), 7),
            (a_drawing(predicted=7), 1),
            (a_drawing(predicted=7, is_digit=False), 1),
            (a_drawing(predicted=7, is_digit=False), NOT_A_DIGIT),
            (a_drawing(predicted=7), NOT_A_DIGIT),
            (a_drawing(), None),
        ],
    )

    statistics = read_statistics(engine, Filters())

    assert statistics.verdicts == dict.fromkeys(Verdict, 1)
    assert (statistics.named, statistics.not_digits, statistics.answers) == (3, 2, 5)
    assert statistics.accuracy == pytest.approx(1 / 3)
    assert sum(map(sum, statistics.confusion)) == statistics.named


def test_calibration_is_of_what_was_taken_for_a_digit_whatever_its_author_said(engine: Engine):
    keep(
        engine,
        [
            (a_drawing(predicted=7, confidence=0.95), 7),
            (a_drawing(predicted=7, confidence=0.95), 1),
            (a_drawing(predicted=7, confidence=0.95), NOT_A_DIGIT),
            (a_drawing(predicted=7, confidence=0.95, is_digit=False), 7),
        ],
    )

    statistics = read_statistics(engine, Filters())

    last = statistics.reliability[9]
    assert (last.accepted, last.read_right) == (3, 1)
    assert (sum(statistics.confidence_right), sum(statistics.confidence_wrong)) == (1, 2)


def test_drawings_from_before_anything_was_refused_count_as_taken_for_a_digit(engine: Engine):
    made = [(a_drawing(predicted=7), 7), (a_drawing(predicted=7), NOT_A_DIGIT)]
    rows = [row_of(drawing) for drawing, _ in made]
    for row in rows:
        del row["is_digit"]  # as a version that knows no refusals writes it
    with engine.begin() as connection:
        connection.execute(insert(drawings), rows)
        connection.execute(insert(answers), [answer_row(*pair) for pair in made])

    statistics = read_statistics(engine, Filters())

    assert (statistics.read_right, statistics.taken_for_a_digit) == (1, 1)
    assert statistics.accepted == 2


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

    for (part, whole), interval in published.items():
        assert wilson_interval(part, whole) == pytest.approx(interval, abs=5e-5)
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
