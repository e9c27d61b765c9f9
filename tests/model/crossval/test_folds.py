from __future__ import annotations

import numpy as np
import pytest

from model.crossval.folds import grouped, stratified
from model.training.options import BadOption

CHANCE = np.random.default_rng(0)
LABELS = CHANCE.integers(0, 10, 1003)


@pytest.mark.parametrize("folds", [2, 5, 20])
def test_stratified_folds_are_of_one_size_and_have_each_class_evenly(folds: int) -> None:
    dealt = stratified(LABELS, folds, seed=0)

    assert np.ptp(np.bincount(dealt, minlength=folds)) <= 1
    for label in range(10):
        assert np.ptp(np.bincount(dealt[label == LABELS], minlength=folds)) <= 1


@pytest.mark.parametrize("folds", [2, 5, 20])
def test_no_group_is_in_two_folds_and_classes_are_nearly_even(folds: int) -> None:
    groups = CHANCE.integers(0, 150, len(LABELS))

    dealt = grouped(LABELS, groups, folds, seed=0)

    for group in np.unique(groups):
        assert len(set(dealt[groups == group])) == 1
    for label in range(10):
        there = np.bincount(dealt[label == LABELS], minlength=folds)
        assert there.max() <= there.mean() * 1.3 + 2


def test_drawings_without_sites_are_each_their_own_writers_and_spread_like_scans() -> None:
    dealt = grouped(LABELS, np.arange(len(LABELS)), 5, seed=0)

    for label in range(10):
        assert np.ptp(np.bincount(dealt[label == LABELS], minlength=5)) <= 1


def test_no_fold_is_empty_where_every_writer_drew_something_else() -> None:
    dealt = grouped(np.arange(4), np.arange(4), 4, seed=0)

    assert sorted(dealt) == [0, 1, 2, 3]


def test_the_seed_decides() -> None:
    groups = np.arange(len(LABELS)) // 3

    for deal in (lambda s: stratified(LABELS, 5, s), lambda s: grouped(LABELS, groups, 5, s)):
        assert (deal(0) == deal(0)).all()
        assert (deal(0) != deal(1)).any()


def test_more_folds_than_writers_are_refused() -> None:
    with pytest.raises(BadOption, match="--folds 5: pen drawings are of only 4 writers"):
        grouped(LABELS[:8], np.arange(8) // 2, 5, seed=0)


def test_more_folds_than_scans_are_refused() -> None:
    with pytest.raises(BadOption, match="--folds 5: there are only 4 scans"):
        stratified(LABELS[:4], 5, seed=0)
