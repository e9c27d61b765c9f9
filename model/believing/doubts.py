"""Confident learning: which answers the weights and the other visitors' answers both contradict.

Northcutt et al., "Confident learning: estimating uncertainty in dataset labels", 2021, with a rule
in place of its thresholds: the answer is all but impossible, and something else all but certain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from model.believing.opinion import Opinion, Rows
from model.believing.statements import number_of

IMPOSSIBLE = 0.02  # below it, what was answered is contradicted,
CERTAIN = 0.9  # if something else is above this
MISTRUSTED = 0.5  # of whom so large a share of the answers is contradicted,
FEWEST_DOUBTED = 5  # and so many of them, nothing else is believed that the weights read otherwise
FOLDS = 5
CARELESS = 0.1  # share of answers that might be anything
FLOOR = 1e-3  # of a share: so sure is nobody that a hundred answers could not say otherwise
STIFFNESS = 10.0  # how hard it is to think otherwise than the weights
ITERATIONS = 60


def contradicted(shares: Rows, labels: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Return which labels (N,) are contradicted by shares (N, classes): bool (N,)."""
    own = shares[np.arange(len(labels)), labels]
    is_so: NDArray[np.bool_] = (own < IMPOSSIBLE) & (shares.max(axis=1, initial=0) > CERTAIN)
    return is_so


def mistrusted(is_contradicted: NDArray[np.bool_], visitors: Sequence[str]) -> NDArray[np.bool_]:
    """Return which answers (N,) are by visitors most of whose answers are contradicted: bool (N,).

    An answer alone may be a slip, and what is unlikely may be an honest correction. Of somebody
    who answers wrongly all the time, neither is likely any more.
    """
    answered = Counter(visitors)
    doubted = Counter(v for v, is_so in zip(visitors, is_contradicted, strict=True) if is_so)
    theirs = {
        visitor
        for visitor, number in doubted.items()
        if number >= max(FEWEST_DOUBTED, MISTRUSTED * answered[visitor])
    }
    return np.array([visitor in theirs for visitor in visitors], np.bool_)


def cross_validated(opinion: Opinion, labels: NDArray[np.integer], visitors: Sequence[str]) -> Rows:
    """Return shares (N, 11) by models that go on from the weights with other visitors' answers.

    Each is a logistic regression on the weights' features that begins with what the weights say
    and learns only what many answers agree on. Visitors are spread over folds, and a drawing is
    judged by a model of the other folds: nobody vouches for oneself. Of one visitor alone there
    are no others: the weights' own shares come back.
    """
    folds = spread(visitors)
    if folds.max(initial=0) == 0:
        return opinion.shares
    begun = np.log(np.maximum(opinion.shares, FLOOR))
    centre = opinion.features.mean(axis=0)
    width = opinion.features.std(axis=0)
    features = (opinion.features - centre) / np.where(width > 0, width, 1)
    features = np.column_stack([features / np.sqrt(features.shape[1]), np.ones(len(labels))])
    shares = np.empty_like(begun)
    for fold in range(folds.max() + 1):
        out = folds == fold
        learnt = _fit(begun[~out], features[~out], labels[~out])
        shares[out] = _softmax(begun[out] + features[out] @ learnt)
    return shares


def spread(visitors: Sequence[str]) -> NDArray[np.int64]:
    """Return the fold of each drawing, from 0: those of a visitor in one, all of like size."""
    counts = Counter(visitors)
    sizes = [0] * min(FOLDS, len(counts))
    fold_of: dict[str, int] = {}
    for visitor in sorted(counts, key=lambda v: (-counts[v], number_of(v))):
        fold = sizes.index(min(sizes))
        fold_of[visitor] = fold
        sizes[fold] += counts[visitor]
    return np.array([fold_of[visitor] for visitor in visitors], np.int64)


def _fit(begun: Rows, features: Rows, labels: NDArray[np.integer]) -> Rows:
    """Return weights (features, classes) that explain labels of which some might be anything."""
    shape = features.shape[1], begun.shape[1]
    rows = np.arange(len(labels))
    anything = CARELESS / begun.shape[1]

    def loss(flat: Rows) -> tuple[float, Rows]:
        weights = flat.reshape(shape)
        shares = _softmax(begun + features @ weights)
        own = (1 - CARELESS) * shares[rows, labels]
        meant = own / (own + anything)  # how likely the answer was meant
        slope = shares * meant[:, None]
        slope[rows, labels] -= meant
        value = -np.log(own + anything).sum() + STIFFNESS / 2 * (flat**2).sum()
        return float(value), (features.T @ slope).ravel() + STIFFNESS * flat

    best = minimize(
        loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B",
        options={"maxiter": ITERATIONS},
    )  # fmt: skip
    learnt: Rows = best.x.reshape(shape)
    return learnt


def _softmax(logits: Rows) -> Rows:
    shares: Rows = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares
