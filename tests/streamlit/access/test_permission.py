"""Who is the operator, and how often somebody may guess."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from access.permission import (
    Attempt,
    TryLimit,
    comes_from_this_machine,
    process_limit,
    session_limit,
    try_password,
)

HERE = {"Host": "localhost:8501", "Origin": "http://localhost:8501"}


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def limit(clock: Clock, free_tries: int = 3) -> TryLimit:
    return TryLimit(free_tries=free_tries, first_wait_s=2, longest_wait_s=300, clock=clock)


def test_the_right_password_is_granted_and_another_is_not():
    clock = Clock()

    granted = try_password("ink 7", "ink 7", process=limit(clock), session=limit(clock))
    wrong = try_password("ink 8", "ink 7", process=limit(clock), session=limit(clock))

    assert (granted, wrong) == (Attempt.GRANTED, Attempt.WRONG)


@pytest.mark.parametrize("password", ["Käse-½", "七", "\udc80", "a" * 10_000, " "])
def test_a_password_of_any_letters_can_be_typed(password):
    clock = Clock()

    assert (
        try_password(password, password, process=limit(clock), session=limit(clock))
        is Attempt.GRANTED
    )


def test_waits_double_after_three_wrong_passwords_up_to_five_minutes():
    clock = Clock()
    mine = limit(clock)
    waits = []

    for _ in range(12):
        clock.now_s += mine.wait_s()
        mine.record_wrong()
        waits.append(mine.wait_s())

    assert waits == [0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_the_right_password_is_not_looked_at_before_the_wait_is_over():
    clock = Clock()
    mine = limit(clock)
    for _ in range(3):
        try_password("no", "yes", process=limit(clock), session=mine)

    early = try_password("yes", "yes", process=limit(clock), session=mine)
    clock.now_s += 2
    later = try_password("yes", "yes", process=limit(clock), session=mine)

    assert (early, later) == (Attempt.TOO_EARLY, Attempt.GRANTED)


def test_new_sessions_share_the_limit_of_the_process():
    clock = Clock()
    shared = limit(clock, free_tries=10)

    outcomes = [try_password("no", "yes", process=shared, session=limit(clock)) for _ in range(100)]

    assert outcomes == [Attempt.WRONG] * 10 + [Attempt.TOO_EARLY] * 90


def test_a_hundred_tries_at_once_do_not_pass_the_limit_together():
    clock = Clock()
    shared = limit(clock, free_tries=10)

    with ThreadPoolExecutor(50) as threads:
        outcomes = list(
            threads.map(
                lambda _: try_password("no", "yes", process=shared, session=limit(clock)),
                range(200),
            )
        )

    assert outcomes.count(Attempt.WRONG) == 10


def test_wrong_passwords_are_forgotten_after_a_quarter_of_an_hour_of_rest():
    clock = Clock()
    mine = limit(clock)
    for _ in range(40):
        mine.record_wrong()

    clock.now_s += 15 * 60

    assert mine.wait_s() == 0
    assert mine.wrong == 0


def test_a_stranger_who_guesses_on_keeps_the_operator_out_for_a_minute_at_most():
    shared = process_limit()
    for _ in range(10_000):
        shared.record_wrong()

    assert 0 < shared.wait_s() <= 60
    assert session_limit().longest_wait_s == 300


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        (None, HERE),
        ("127.0.0.1", HERE),
        ("127.8.9.1", {"host": "127.0.0.1:8501", "origin": "http://127.0.0.1:8501"}),
        ("::1", {"host": "[::1]:8501", "origin": "http://[::1]:8501"}),
        ("::ffff:127.0.0.1", HERE),
        (None, {"HOST": "localhost"}),
    ],
)
def test_a_browser_on_the_same_machine_is_recognised(address, headers):
    assert comes_from_this_machine(address, headers)


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.168.1.20", HERE),
        ("172.17.0.1", HERE),
        ("::ffff:192.168.1.20", HERE),
        ("not an address", HERE),
        (None, {}),
        (None, {"host": "inkling.example.org", "origin": "https://inkling.example.org"}),
        (None, {**HERE, "X-Forwarded-For": "127.0.0.1"}),
        (None, {**HERE, "x-real-ip": "127.0.0.1"}),
        (None, {**HERE, "Forwarded": "for=127.0.0.1"}),
        (None, {**HERE, "Via": "1.1 proxy"}),
        (None, {"host": "127.0.0.1:8501", "origin": "https://inkling.example.org"}),
        (None, {"host": "localhost.example.org", "origin": "http://localhost.example.org"}),
        (None, {"host": "localhost:8501", "origin": "null"}),
    ],
)
def test_whoever_may_be_far_away_is_not_taken_for_the_person_at_the_machine(address, headers):
    assert not comes_from_this_machine(address, headers)
