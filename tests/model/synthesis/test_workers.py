from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children

import pytest

from model.synthesis.workers import FEW, spread


def double(number: int) -> int:
    if number < 0:
        raise ValueError("below nothing")
    return 2 * number


@pytest.mark.parametrize("count", [0, 7, FEW + 3])
def test_every_item_is_worked_on_in_order(count: int) -> None:
    assert list(spread(double, range(count), "doubling")) == [2 * n for n in range(count)]


def test_what_goes_wrong_is_not_kept_secret() -> None:
    with pytest.raises(ValueError, match="below nothing"):
        list(spread(double, [1, -1], "doubling"))


def test_what_goes_wrong_in_a_worker_names_the_place_in_its_code() -> None:
    with pytest.raises(ValueError, match="below nothing") as caught:
        list(spread(double, [1] * FEW + [-1], "doubling"))
    assert "in double" in "".join(caught.value.__notes__)


class StaysError(Exception):
    """An error that cannot be made anew from what it holds."""

    def __init__(self) -> None:
        super().__init__(threading.Lock())


def fail_for_good(number: int) -> int:
    raise StaysError


def test_an_error_that_does_not_travel_comes_as_words() -> None:
    with pytest.raises(RuntimeError, match="StaysError"):
        list(spread(fail_for_good, range(FEW + 1), "failing"))


def end_at_once(number: int) -> int:
    os._exit(3)


def test_a_worker_that_dies_is_told_of() -> None:
    with pytest.raises(BrokenProcessPool, match="memory"):
        list(spread(end_at_once, range(FEW + 1), "ending"))


def test_who_stops_asking_has_no_workers_left() -> None:
    results = spread(double, range(10 * FEW), "doubling")
    assert next(results) == 0
    assert active_children()
    assert isinstance(results, Iterator)
    results.close()  # type: ignore[attr-defined]
    assert active_children() == []


def deaf_to(number: int) -> set[int]:
    return {int(it) for it in signal.pthread_sigmask(signal.SIG_BLOCK, ())}


@pytest.mark.skipif(os.name == "nt", reason="there is no such mask")
def test_the_parent_hears_signals_as_before_and_its_workers_none() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    found = list(spread(deaf_to, range(FEW + 1), "asking"))
    assert all({signal.SIGINT, signal.SIGTERM} <= deaf for deaf in found)
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before


def test_work_asked_for_in_another_thread_is_done_there() -> None:
    found: list[int] = []
    other = threading.Thread(target=lambda: found.extend(spread(double, range(FEW + 1), "more")))
    other.start()
    other.join(60)
    assert found == [2 * n for n in range(FEW + 1)]
