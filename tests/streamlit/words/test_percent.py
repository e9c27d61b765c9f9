"""Shares in words."""

from __future__ import annotations

import pytest

from words.percent import percent, percent_range


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0.0 %"),
        (0.972, "97.2 %"),
        (1.0, "100.0 %"),
        (0.9996, "over 99.9 %"),
        (0.0001, "under 0.1 %"),
    ],
)
def test_only_all_reads_100_and_only_nothing_reads_0(share, words):
    assert percent(share) == words.replace(" %", "\u00a0%")


def test_decimals_are_as_many_as_asked_for():
    assert percent(0.98514, 2) == "98.51\u00a0%"
    assert percent(0.99999, 2) == "over 99.99\u00a0%"


def test_a_range_names_its_unit_once():
    assert percent_range(0.9, 0.98765) == "90.0 to 98.8\u00a0%"


def test_a_range_that_ends_short_of_all_or_nothing_does_not_read_so():
    assert percent_range(0.9996, 1.0) == "99.96 to 100.00\u00a0%"
    assert percent_range(0.0, 0.0004) == "0.00 to 0.04\u00a0%"
    assert percent_range(0.0, 1.0) == "0.0 to 100.0\u00a0%"
