"""Results are shared, and remembered for as long as they are worth it."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from store.recent import KEPT, Recent


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now_s = 50.0

    def __call__(self) -> float:
        return self.now_s


class Work:
    """Work that takes as long as the test says, and counts how often it was done."""

    def __init__(self, clock: Clock, takes_s: float) -> None:
        self.clock, self.takes_s, self.times = clock, takes_s, 0

    def __call__(self) -> int:
        self.clock.now_s += self.takes_s
        self.times += 1
        return self.times


@pytest.mark.parametrize(
    ("takes_s", "later_s", "result"),
    [(0.02, 0.19, 1), (0.02, 0.21, 2), (0.4, 3.9, 1), (0.4, 4.1, 2), (2, 4.9, 1), (2, 5.1, 2)],
)
def test_a_result_is_fresh_for_ten_times_its_cost_but_five_seconds_at_most(
    takes_s, later_s, result
):
    clock = Clock()
    recent, work = Recent(clock), Work(clock, takes_s)
    recent.result("key", work)

    clock.now_s += later_s

    assert recent.result("key", work) == result


def test_other_keys_are_other_results():
    recent = Recent()

    assert [recent.result(key, lambda key=key: key * 2) for key in "abab"] == ["aa", "bb"] * 2


def test_what_is_forgotten_is_worked_out_again():
    clock = Clock()
    recent, work = Recent(clock), Work(clock, 1)
    recent.result("key", work)

    recent.forget()

    assert recent.result("key", work) == 2


def test_an_exception_is_raised_and_not_remembered():
    recent = Recent()
    outcomes = iter([ValueError("away"), None])

    def work():
        if error := next(outcomes):
            raise error
        return "back"

    with pytest.raises(ValueError, match="away"):
        recent.result("key", work)

    assert recent.result("key", work) == "back"


@pytest.mark.parametrize("fails", [False, True])
def test_whoever_asks_meanwhile_shares_the_result_or_its_exception(fails):
    recent, begun, let_go, times = Recent(), threading.Event(), threading.Event(), []

    def work():
        times.append(1)
        begun.set()
        assert let_go.wait(10)
        if fails:
            raise ValueError("away")
        return "one"

    def asked(_):
        try:
            return recent.result("key", work)
        except ValueError as error:
            return str(error)

    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(asked, 0)
        assert begun.wait(10)
        others = [threads.submit(asked, number) for number in range(7)]
        while len(recent._works["key"].future._condition._waiters) < 7:
            time.sleep(0.001)  # until all seven wait for the first one
        let_go.set()
        outcomes = {future.result(10) for future in [first, *others]}

    assert outcomes == ({"away"} if fails else {"one"})
    assert len(times) == 1


def test_the_number_of_remembered_results_is_bounded():
    clock = Clock()
    recent, work = Recent(clock), Work(clock, 1)
    recent.result("first", work)

    for number in range(KEPT):
        recent.result(number, Work(clock, 0.0))

    clock.now_s += 0.5
    assert recent.result("first", work) == 2
