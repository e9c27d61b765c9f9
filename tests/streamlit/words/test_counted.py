"""Numbers of things in words."""

from __future__ import annotations

import pytest

from words.counted import counted


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 answers"), (1, "1 answer"), (1200, "1,200 answers")]
)
def test_one_is_no_plural(number, words):
    assert counted(number, "answer") == words
