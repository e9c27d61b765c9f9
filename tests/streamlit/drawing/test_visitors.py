"""Who may ask for readings, and how often."""

from __future__ import annotations

import pytest

from drawing import visitors
from drawing.visitors import A_SECOND, AT_ONCE, Visitors


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def asked(visitors: Visitors, name: str, times: int) -> int:
    """Return how many of so many questions at once are allowed."""
    return sum(visitors.may_ask(name) for _ in range(times))


def test_nobody_is_known_who_was_not_welcomed(clock):
    known = Visitors(clock)

    name = known.welcome()

    assert known.is_known(name)
    assert not known.is_known("somebody")


def test_who_asks_too_often_has_to_wait(clock):
    known = Visitors(clock)
    name = known.welcome()

    at_once = asked(known, name, 1000)
    clock.now_s = 2.0
    later = asked(known, name, 1000)

    assert at_once == AT_ONCE
    assert later == min(2 * A_SECOND, AT_ONCE)


def test_one_visitor_s_haste_is_not_another_s_wait(clock):
    known = Visitors(clock)
    hasty, other = known.welcome(), known.welcome()

    asked(known, hasty, 1000)

    assert known.may_ask(other)


def test_a_page_that_reads_at_its_usual_rate_never_waits(clock):
    known = Visitors(clock)
    name = known.welcome()

    answers = []
    for step in range(600):
        clock.now_s = step * 0.09
        answers.append(known.may_ask(name))

    assert all(answers)


def test_who_came_longest_ago_is_forgotten_first(clock, monkeypatch):
    monkeypatch.setattr(visitors, "MOST_VISITORS", 2)
    known = Visitors(clock)
    first, second = known.welcome(), known.welcome()
    known.may_ask(first)

    third = known.welcome()

    assert [known.is_known(name) for name in (first, second, third)] == [True, False, True]
