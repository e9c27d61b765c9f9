"""Which fold an image belongs to: classes evenly spread, and no writer in two of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.training.options import BadOption

FEWEST_FOLDS, MOST_FOLDS = 2, 20
Folds = NDArray[np.int64]  # (N,), of each image: 0 to folds - 1


def stratified(labels: NDArray[np.generic], folds: int, seed: int) -> Folds:
    """Return folds of the same size, with the same share of each class, drawn from the seed.

    labels: (N,). Raises BadOption where there are fewer images than folds.
    """
    if len(labels) < folds:
        raise BadOption(f"--folds {folds}: there are only {len(labels)} scans")
    chance = np.random.default_rng([seed, 0])
    dealt = np.empty(len(labels), np.int64)
    start = 0  # where the last class ended, so that the first folds do not get all remainders
    for label in np.unique(labels):
        places = chance.permutation(np.flatnonzero(labels == label))
        dealt[places] = (start + np.arange(len(places))) % folds
        start += len(places)
    return dealt


def grouped(
    labels: NDArray[np.generic], groups: NDArray[np.generic], folds: int, seed: int
) -> Folds:
    """Return folds such that no group is in two, with classes spread as evenly as that allows.

    labels, groups: (N,), class and writer of each. The largest group first, each goes where its
    classes are the rarest so far; the seed decides between groups of one size.
    Raises BadOption where there are fewer groups than folds.
    """
    _, label_numbers = np.unique(labels, return_inverse=True)
    names, group_numbers = np.unique(groups, return_inverse=True)
    if len(names) < folds:
        raise BadOption(f"--folds {folds}: pen drawings are of only {len(names)} writers")
    counts = np.zeros((len(names), label_numbers.max() + 1))
    np.add.at(counts, (group_numbers, label_numbers), 1)
    chance = np.random.default_rng([seed, 1])
    order = chance.permutation(len(names))
    order = order[np.argsort(-counts[order].sum(axis=1), kind="stable")]
    weights = counts.sum(axis=0) ** -2
    held = np.zeros((folds, counts.shape[1]))
    fold_of = np.empty(len(names), np.int64)
    for group in order:
        # By how much the squares of the classes' shares would grow, the group's own part aside.
        crowding = held @ (counts[group] * weights)
        fold = np.lexsort((held.sum(axis=1), crowding))[0]
        held[fold] += counts[group]
        fold_of[group] = fold
    return fold_of[group_numbers]
