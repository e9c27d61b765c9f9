"""A truth is told only where no alignment of the two texts could tell another."""

from __future__ import annotations

import itertools
import random

import pytest

from feedback.writings.alignment import certain_truths, edits_between


@pytest.mark.parametrize(
    ("read", "right", "truths"),
    [
        ("Hello", "Hello", list("Hello")),
        ("He11o", "Hello", list("Hello")),
        ("Helo", "Hello", list("Helo")),
        ("Helllo", "Hello", ["H", "e", None, None, None, "o"]),
        ("cat", "", [None, None, None]),
        ("", "cat", []),
        ("ab\ncd", "ab cd", list("abcd")),
        ("ab  cd", "ab\ncd", list("abcd")),
        ("abcd", "ab cd", list("abcd")),
        ("O0", "00", ["0", "0"]),
        ("naive", "naïve", list("naïve")),
        ("ab", "ba", [None, None]),
    ],
)
def test_what_is_certain_of_each_character(read, right, truths):
    assert certain_truths(read, right) == truths


def alignments(read: str, right: str, row: int = 0, column: int = 0):
    """Yield every alignment as its edits and what stands beside each character of `read`."""
    if row == len(read) and column == len(right):
        yield 0, ()
    if row < len(read):
        for edits, rest in alignments(read, right, row + 1, column):
            yield edits + 1, (None, *rest)
    if column < len(right):
        for edits, rest in alignments(read, right, row, column + 1):
            yield edits + 1, rest
    if row < len(read) and column < len(right):
        step = int(read[row] != right[column])
        for edits, rest in alignments(read, right, row + 1, column + 1):
            yield edits + step, (right[column], *rest)


SHORT = ["".join(signs) for length in range(4) for signs in itertools.product("ab", repeat=length)]


@pytest.mark.parametrize("read", SHORT)
def test_a_truth_is_what_all_the_best_alignments_agree_on(read):
    for right in SHORT:
        found = list(alignments(read, right))
        fewest = min(edits for edits, _ in found)
        best = [beside for edits, beside in found if edits == fewest]

        agreed = [texts[0] if len(set(texts)) == 1 else None for texts in zip(*best, strict=True)]

        assert certain_truths(read, right) == agreed
        assert edits_between(read, right) == fewest


def test_a_text_is_certain_of_itself_and_as_far_from_another_as_that_is_from_it():
    chance = random.Random(5)
    for _ in range(50):
        read, right = (
            "".join(chance.choice("ab1 Z\n") for _ in range(chance.randrange(20))) for _ in "12"
        )

        assert certain_truths(read, read) == list("".join(read.split()))
        assert len(certain_truths(read, right)) == len("".join(read.split()))
        assert edits_between(read, right) == edits_between(right, read)
        assert edits_between(read, right) <= max(len(read), len(right))


def test_the_longest_texts_are_compared():
    assert edits_between("a" * 400, "b" * 64) == 400
    assert certain_truths("a" * 400, "b" * 64) == [None] * 400
