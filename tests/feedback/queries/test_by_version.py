"""Versions side by side, the newest readings, and answers since a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from feedback.candidates import count_answers_since, find_drawings
from feedback.statistics import count_versions, newest_readings, read_statistics
from feedback.store import NOT_A_DIGIT, Filters, record_answer
from tests.feedback.sample_drawings import a_drawing, keep, random_drawings

OLD, NEW = "six-conv-00000001", "six-conv-00000002"
DAY = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_each_version_counts_its_own_drawings_the_latest_first(engine: Engine):
    keep(
        engine,
        [
            (a_drawing(weights_version=OLD, created_at=DAY, predicted=7), 7),
            (a_drawing(weights_version=OLD, created_at=DAY, predicted=7), NOT_A_DIGIT),
            (a_drawing(weights_version=OLD, created_at=DAY, is_digit=False), None),
            (a_drawing(weights_version=NEW, created_at=DAY + timedelta(days=1)), None),
        ],
    )

    new, old = count_versions(engine, Filters())

    assert (new.version, new.drawings, new.answers, new.named) == (NEW, 1, 0, 0)
    assert (old.version, old.drawings, old.taken) == (OLD, 3, 2)
    assert (old.answers, old.named, old.read_right) == (2, 1, 1)
    assert old.first == old.last == DAY


def test_a_version_is_counted_as_the_statistics_count_it(engine: Engine):
    keep(engine, random_drawings(seed=8, number=300))

    counts = count_versions(engine, Filters())

    assert len(counts) > 1
    for count in counts:
        told = read_statistics(engine, Filters(weights_version=count.version))
        assert (count.drawings, count.answers) == (told.drawings, told.answers)
        assert (count.named, count.read_right) == (told.named, told.read_right)


def test_the_newest_readings_come_first_and_no_more_than_asked(engine: Engine):
    drawn = [a_drawing(created_at=DAY + timedelta(hours=hour)) for hour in range(5)]
    keep(engine, [(one, None) for one in drawn])

    newest = newest_readings(engine, Filters(), limit=2)

    assert [one.created_at for one in newest] == [drawn[4].created_at, drawn[3].created_at]
    assert newest[0].visitor == drawn[4].session_id
    assert (newest[0].digit, newest[0].is_digit) == (drawn[4].predicted, True)


def test_answers_are_counted_since_a_moment_by_what_they_say(engine: Engine):
    for answer in (3, 3, NOT_A_DIGIT):
        record_answer(engine, a_drawing(), answer)

    assert count_answers_since(engine, None) == {3: 2, None: 1}
    assert count_answers_since(engine, datetime.now(UTC) + timedelta(minutes=1)) == {}


def test_drawings_are_found_by_their_ids_and_those_that_are_gone_are_left_out(engine: Engine):
    one, other = a_drawing(), a_drawing()
    keep(engine, [(one, 7)])

    found = find_drawings(engine, [one.id, other.id])

    assert list(found) == [one.id]
    assert found[one.id].answer == 7
