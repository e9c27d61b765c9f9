from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from model.language.prior import KINDS, Prior
from model.writing.beam import search
from tests.model.writing.test_paths import by_all_ways

CLASSES = "", "a", "b", " "
LETTERS = CLASSES[:3]


@pytest.fixture(scope="module")
def prior() -> Prior:
    return Prior({"ab": 10, "abba": 35})


def shares(count: int, labels: int, seed: int) -> NDArray[np.float64]:
    drawn = np.random.default_rng(seed).dirichlet([1.0] * labels, count)
    return (drawn + 0.01) / (drawn + 0.01).sum(axis=1, keepdims=True)


def ranked(rows: NDArray[np.float64], bonus: float = 0.0) -> list[str]:
    """Return all texts, the likeliest first, by every way through the rows."""
    found = by_all_ways(np.log(rows))
    best = sorted(found, key=lambda labels: -(np.log(found[labels]) + bonus * len(labels)))
    return ["".join(LETTERS[label] for label in labels) for labels in best]


@pytest.mark.parametrize("seed", range(6))
def test_where_the_prior_counts_nothing_the_likeliest_texts_are_found_in_their_order(
    prior: Prior, seed: int
) -> None:
    rows = shares(5, 3, seed)

    found = search(rows, LETTERS, prior, 0.0, 0.0, beam=60)

    assert found[:8] == ranked(rows)[:8]


@pytest.mark.parametrize("bonus", [-1.5, 1.5])
def test_a_bonus_counts_for_each_character(prior: Prior, bonus: float) -> None:
    rows = shares(4, 3, 3)

    found = search(rows, LETTERS, prior, 0.0, bonus, beam=60)

    assert found[:5] == ranked(rows, bonus)[:5]


@pytest.mark.parametrize("weight", [0.3, 1.0])
def test_the_prior_counts_as_much_as_it_is_said_to(prior: Prior, weight: float) -> None:
    rows = shares(4, 3, 5)
    texts = by_all_ways(np.log(rows))

    def score(text: str) -> float:
        labels = tuple(LETTERS.index(character) for character in text)
        return float(np.log(texts[labels])) + weight * prior.log_probability(text)

    found = search(rows, LETTERS, prior, weight, 0.0, beam=60)

    every = ["".join(LETTERS[label] for label in labels) for labels in texts]
    assert found[:5] == sorted(every, key=lambda text: -score(text))[:5]


def test_a_narrow_beam_finds_what_is_clear(prior: Prior) -> None:
    rows = np.full((9, 3), 0.02)
    for row, label in enumerate((0, 1, 1, 0, 2, 0, 2, 1, 0)):
        rows[row, label] = 0.96

    assert search(rows, LETTERS, prior, 0.3, 0.0, beam=3)[0] == "abba"


def test_at_most_as_many_texts_as_the_beam_is_wide(prior: Prior) -> None:
    assert len(search(shares(6, 3, 0), LETTERS, prior, 0.0, 0.0, beam=4)) == 4


def test_blank_rows_alone_say_nothing(prior: Prior) -> None:
    rows = np.tile([1.0, 0.0, 0.0], (5, 1))

    assert search(rows, LETTERS, prior, 0.5, 0.0) == [""]


def test_without_rows_there_is_the_empty_text_alone(prior: Prior) -> None:
    assert search(np.zeros((0, 3)), LETTERS, prior, 0.5, 0.0) == [""]


def test_blank_rows_in_between_and_around_change_nothing(prior: Prior) -> None:
    rows = shares(4, 3, 7)
    blank = np.array([[1.0, 0.0, 0.0]])

    around = np.concatenate([blank, blank, rows, blank])

    assert search(around, LETTERS, prior, 0.5, 0.0) == search(rows, LETTERS, prior, 0.5, 0.0)


def test_spaces_part_words_singly_and_stand_at_no_end(prior: Prior) -> None:
    rows = np.full((9, 4), 1e-3)
    for row, label in enumerate((3, 0, 1, 2, 3, 0, 3, 1, 3)):
        rows[row, label] = 1.0

    found = search(rows / rows.sum(axis=1, keepdims=True), CLASSES, prior, 0.3, 0.0)

    assert found[0] == "ab a"
    assert len(found) == len(set(found))
    assert all(text == " ".join(text.split()) for text in found)


def test_a_prior_of_numbers_finds_no_letters() -> None:
    numbers = Prior({"a": 10}, {kind: float(kind == "number") for kind in KINDS})
    rows = np.tile([0.2, 0.6, 0.2], (4, 1))

    found = search(rows, ("", "a", "7"), numbers, 0.5, 0.0)

    assert found[0] == "7"


def test_a_doubled_letter_takes_a_blank_between(prior: Prior) -> None:
    held, parted = (
        [[0.02, 0.96, 0.02]] * 2,
        [[0.02, 0.96, 0.02], [0.96, 0.02, 0.02], [0.02, 0.96, 0.02]],
    )

    assert search(np.array(held), LETTERS, prior, 0.0, 0.0)[0] == "a"
    assert search(np.array(parted), LETTERS, prior, 0.0, 0.0)[0] == "aa"


def test_texts_come_once_each(prior: Prior) -> None:
    for seed in range(3):
        found = search(shares(6, 4, seed), CLASSES, prior, 0.2, 1.0)

        assert len(found) == len(set(found))
        assert all(isinstance(text, str) for text in found)


def test_every_text_that_is_found_can_be_spelt_by_the_rows(prior: Prior) -> None:
    rows = shares(3, 3, 11)
    possible = {
        "".join(LETTERS[label] for label, _ in itertools.groupby(way) if label)
        for way in itertools.product(range(3), repeat=3)
    }

    assert set(search(rows, LETTERS, prior, 0.5, 1.0)) <= possible
