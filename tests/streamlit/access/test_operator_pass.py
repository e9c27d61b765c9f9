"""The operator's pass: good for twelve hours, for one password, until it is made void."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from access.operator_pass import GOOD_FOR_S, Passes, cookie_of

PASSWORD = "blue-black ink"


@dataclass
class Clock:
    """Stands still until it is told otherwise."""

    now_s: float = 1_800_000_000.5

    def __call__(self) -> float:
        return self.now_s


def test_a_pass_opens_on_every_server_with_the_same_password():
    value = Passes().new(PASSWORD)

    assert Passes().is_good(value, PASSWORD)


def test_with_another_password_it_is_void():
    value = Passes().new(PASSWORD)

    assert not Passes().is_good(value, "blue-black inK")


def test_it_ends_after_twelve_hours():
    clock = Clock()
    passes = Passes(clock)
    value = passes.new(PASSWORD)

    clock.now_s += GOOD_FOR_S - 1
    assert passes.is_good(value, PASSWORD)
    clock.now_s += 1

    assert GOOD_FOR_S == 12 * 60 * 60
    assert not passes.is_good(value, PASSWORD)


def test_who_signs_out_takes_their_own_pass_back_and_no_other():
    passes = Passes()
    gone, stays = passes.new(PASSWORD), passes.new(PASSWORD)

    passes.void(gone, PASSWORD)

    assert not passes.is_good(gone, PASSWORD)
    assert passes.is_good(stays, PASSWORD)


def test_what_is_no_pass_takes_no_memory_when_it_is_taken_back():
    passes = Passes()

    for number in range(50):
        passes.void(f"{number}.{'x' * 22}.{'0' * 64}", PASSWORD)

    assert passes._void == {}


def test_what_was_taken_back_is_forgotten_once_it_is_over_anyway():
    clock = Clock()
    passes = Passes(clock)
    passes.void(passes.new(PASSWORD), PASSWORD)
    clock.now_s += GOOD_FOR_S + 1

    passes.void(passes.new(PASSWORD), PASSWORD)

    assert len(passes._void) == 1


def forgeries() -> list[object]:
    value = Passes().new(PASSWORD)
    end, random, signature = value.split(".")
    later = str(int(end) + 1)
    return [
        *(None, True, "", "True", "x" * 10_000, f"{value} ", f"{value}\n", value.upper()),
        *(f"{later}.{random}.{signature}", f"{end}.{random[::-1]}A.{signature}"),
        *(f"{end}.{random}.{'0' * 64}", f"{end}.{random}.", f"-{value}", f"{end}..{signature}"),
        f"{end}.{'é' * 22}.{signature}",
    ]


@pytest.mark.parametrize("number", range(len(forgeries())))  # they differ from run to run
def test_a_forged_one_opens_nothing(number):
    forged = forgeries()[number]
    assert not Passes().is_good(forged, PASSWORD)


def test_the_password_cannot_be_read_in_it():
    assert PASSWORD not in Passes().new(PASSWORD)


def test_the_cookie_never_comes_along_from_another_site():
    line = cookie_of("x").line("example.org", "", is_tls=True)

    assert "SameSite=Strict" in line
    assert "Max-Age=43200" in line
