"""How passwords are compared, and how long a wrong one takes to be told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from access.permission import (
    MOST_ADDRESSES,
    WrongTries,
    comes_from_this_machine,
    is_right_password,
)

HERE = {"Host": "localhost:8501", "Origin": "http://localhost:8501"}


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_the_right_password_is_right_and_another_is_not():
    assert is_right_password("ink 7", "ink 7")
    assert not is_right_password("ink 8", "ink 7")


@pytest.mark.parametrize("password", ["Käse-½", "七", "\udc80", "a" * 10_000, " "])
def test_a_password_of_any_letters_can_be_typed(password):
    assert is_right_password(password, password)


def test_waits_of_an_address_double_after_three_wrong_passwords_up_to_a_minute():
    tries = WrongTries(clock=Clock())

    waits = [tries.record("198.51.100.7") for _ in range(12)]

    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_an_address_does_not_wait_for_what_another_one_guessed():
    tries = WrongTries(clock=Clock())
    for _ in range(12):
        tries.record("198.51.100.7")

    assert tries.record("198.51.100.8") == 0


def test_the_addresses_of_one_ipv6_network_count_as_one():
    tries = WrongTries(clock=Clock())
    for host in range(6):
        tries.record(f"2001:db8:1:2::{host}")

    assert tries.record("2001:db8:1:2:ffff::1") == 8
    assert tries.record("2001:db8:1:3::1") == 0


def test_many_addresses_together_are_slowed_by_ten_seconds_at_most():
    tries = WrongTries(clock=Clock())

    waits = [tries.record(f"2001:db8:{n:x}::1") for n in range(40)]

    assert waits[:20] == [0] * 20
    assert waits[20:24] == [1, 2, 4, 8]
    assert waits[24:] == [10] * 16


def test_a_hundred_tries_at_once_are_all_counted():
    tries = WrongTries(clock=Clock())

    with ThreadPoolExecutor(50) as threads:
        waits = list(threads.map(lambda _: tries.record("198.51.100.7"), range(100)))

    assert sorted(waits)[:5] == [0, 0, 0, 1, 2]


def test_wrong_passwords_are_forgotten_after_a_quarter_of_an_hour_of_rest():
    clock = Clock()
    tries = WrongTries(clock=clock)
    for _ in range(40):
        tries.record("198.51.100.7")

    clock.now_s += 15 * 60

    assert tries.record("198.51.100.7") == 0


def test_a_guesser_with_countless_addresses_does_not_fill_the_memory():
    tries = WrongTries(clock=Clock())

    for number in range(MOST_ADDRESSES + 100):
        tries.record(f"2001:db8:{number:x}::1")

    assert len(tries._by_address) == MOST_ADDRESSES


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
        (None, {"host": "[::1", "origin": "http://[::1"}),
    ],
)
def test_whoever_may_be_far_away_is_not_told_that_it_is_kept_here(address, headers):
    assert not comes_from_this_machine(address, headers)
