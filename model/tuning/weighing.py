"""How much each member's word counts, and whether all together know better than the best."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from model.ensemble.voting import LEAST, Probabilities, Vote
from model.reading.calibration import fit_temperature

STEPS = 300
Labels = Mapping[str, NDArray[np.int64]]  # by part
Opinions = Mapping[str, Mapping[str, Probabilities]]  # by part, then by member
FEWEST = 1e-3  # a weight below is none: that member need not be asked


def weigh(opinions: Opinions, labels: Labels) -> Vote:
    """Return the vote that is the least surprised by validation, where every part counts the same.

    The mean of probabilities is a mixture, whose loss has a single lowest place; expectation and
    maximisation in turn go there (Dempster, Laird and Rubin, 1977). Then one temperature.
    """
    names = list(next(iter(opinions.values())))
    right = {  # what each member gave to the true class: (N, members)
        part: np.stack([_of_truth(opinions[part][name], labels[part]) for name in names], axis=1)
        for part in opinions
    }
    weights = np.full(len(names), 1 / len(names))
    for _ in range(STEPS):
        shares = [
            (weights * part / (part @ weights)[:, None]).mean(axis=0) for part in right.values()
        ]
        weights = np.mean(shares, axis=0)
    weights[weights < FEWEST] = 0
    weights /= weights.sum()
    chosen = {name: float(weight) for name, weight in zip(names, weights, strict=True)}
    means = {part: Vote(chosen, 1.0).of(opinions[part]) for part in opinions}
    temperature = fit_temperature(
        *((np.log(np.maximum(means[part], LEAST)), labels[part]) for part in opinions)
    )
    return Vote(chosen, temperature)


def rank(opinions: Mapping[str, Probabilities], labels: Labels) -> tuple[float, float]:
    """Return what one reader of all parts is compared by: accuracy, and loss turned round."""
    accuracies = [
        float((opinions[part].argmax(axis=1) == labels[part]).mean()) for part in opinions
    ]
    losses = [-float(np.log(_of_truth(opinions[part], labels[part])).mean()) for part in opinions]
    return float(np.mean(accuracies)), -float(np.mean(losses))


def _of_truth(shares: Probabilities, labels: NDArray[np.int64]) -> NDArray[np.float64]:
    given: NDArray[np.float64] = np.maximum(shares[np.arange(len(labels)), labels], LEAST)
    return given
