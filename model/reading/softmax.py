"""From logits to probabilities that mean what they say, and to what speaks for a digit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def calibrated(logits: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    """Return probabilities, float64 (N, classes), whose rows add up to 1."""
    # Written out: SciPy's takes ten times as long for one row, and whatever predicts would load it.
    scaled = np.asarray(logits, np.float64) / temperature
    shares: NDArray[np.float64] = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def digit_scores(logits: NDArray[np.floating], classes: int) -> NDArray[np.float64]:
    """Return how much speaks for a digit and against something else, in nats: float64 (N,).

    logits: (N, classes + 1), the last one for what is no digit. The log-odds of all the digits
    together against it.
    """
    exact = np.asarray(logits, np.float64)
    digits, nothing = exact[:, :classes], exact[:, classes]
    largest = digits.max(axis=1)
    scores: NDArray[np.float64] = (
        largest + np.log(np.exp(digits - largest[:, None]).sum(axis=1)) - nothing
    )
    return scores
