from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from model.writing.paths import log_probabilities, place

Rows = NDArray[np.float64]


def rows(count: int, labels: int = 4, seed: int = 0) -> Rows:
    """Return log shares that are far from uniform."""
    shares = np.random.default_rng(seed).dirichlet([0.5] * labels, count)
    return np.log(shares)


def spelt(way: Sequence[int]) -> tuple[int, ...]:
    return tuple(label for label, _ in itertools.groupby(way) if label)


def by_all_ways(logs: Rows) -> dict[tuple[int, ...], float]:
    """Return the probability of every text, each way through the rows taken one by one."""
    found: dict[tuple[int, ...], float] = defaultdict(float)
    for way in itertools.product(range(logs.shape[1]), repeat=len(logs)):
        found[spelt(way)] += float(np.exp(sum(logs[t, label] for t, label in enumerate(way))))
    return found


@pytest.mark.parametrize("count", [1, 2, 5])
def test_each_text_has_the_sum_of_all_ways_that_spell_it(count: int) -> None:
    logs = rows(count)
    wanted = by_all_ways(logs)

    found = log_probabilities(logs, list(wanted))

    assert np.exp(found) == pytest.approx(list(wanted.values()))


def test_texts_of_any_length_are_asked_at_once_or_alone() -> None:
    logs = rows(6, seed=1)
    texts = [[1], [], [1, 1, 2], [3, 2, 1, 2]]

    together = log_probabilities(logs, texts)

    assert together == pytest.approx([log_probabilities(logs, [text])[0] for text in texts])


def test_a_text_that_has_no_room_is_as_good_as_impossible() -> None:
    too_long, no_room_between_equals = log_probabilities(rows(2), [[1, 2, 3], [1, 1]])

    assert max(too_long, no_room_between_equals) < -1e9


def test_no_texts_have_no_probabilities() -> None:
    assert log_probabilities(rows(3), []).shape == (0,)


@pytest.mark.parametrize("text", [(1,), (2, 3), (1, 1), (3, 1, 3), (2, 2, 1)])
def test_a_changed_label_has_the_probability_of_the_text_that_it_makes(
    text: tuple[int, ...],
) -> None:
    logs = rows(5, seed=2)
    wanted = by_all_ways(logs)

    instead = place(logs, text).instead

    for spot, label in itertools.product(range(len(text)), range(1, 4)):
        changed = (*text[:spot], label, *text[spot + 1 :])
        assert np.exp(instead[spot, label]) == pytest.approx(wanted[changed]), changed


def test_a_blank_instead_is_no_text() -> None:
    assert (place(rows(4), [1, 2]).instead[:, 0] < -1e9).all()


def test_characters_are_where_their_rows_speak_for_them() -> None:
    logs = np.full((20, 4), np.log(0.01))
    logs[:, 0] = np.log(0.97)
    for row, label in ((3, 1), (9, 2), (16, 2)):
        logs[row] = np.log([0.01, 0.01, 0.01, 0.01])
        logs[row, label] = np.log(0.97)

    assert place(logs, [1, 2, 2]).centres == pytest.approx([3, 9, 16], abs=0.1)


@pytest.mark.parametrize("seed", range(4))
def test_centres_stand_in_the_order_of_the_text(seed: int) -> None:
    centres = place(rows(12, seed=seed), [2, 1, 1, 3]).centres

    assert (np.diff(centres) > 0).all()
    assert centres[0] >= 0
    assert centres[-1] <= 11
