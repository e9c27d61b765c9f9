"""What makes probabilities mean what they say, and from which of them to be sure: all fitted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

SURE_ACCURACY = 0.995  # how often a prediction that is called sure must be right
ACCEPTED_DIGITS = 0.98  # share of real digits that must not be refused
BINS = 15


def fit_temperature(*groups: tuple[NDArray[np.floating], NDArray[np.integer]]) -> float:
    """Return the temperature at which the logits' probabilities are the least surprised.

    groups: logits (N, classes) and labels (N,) of images that were not trained on. Every group
    counts the same, however many images it has: scans and drawings, say.
    returns: what to divide logits by, 0.05..20; above 1 makes probabilities less extreme.
    Guo et al., "On calibration of modern neural networks", 2017.
    """
    exact = [(np.asarray(logits, np.float64), labels) for logits, labels in groups]

    def loss(log_temperature: float) -> float:
        temperature = np.exp(log_temperature)
        surprises = [
            -log_softmax(logits / temperature, axis=1)[np.arange(len(labels)), labels].mean()
            for logits, labels in exact
        ]
        return float(np.mean(surprises))

    best = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20)), method="bounded")
    return float(np.exp(best.x))


def find_digit_threshold(*groups: NDArray[np.floating]) -> float:
    """Return the score from which on a drawing is taken for a digit.

    groups: scores of real digits, from `softmax.digit_scores`, one array for each kind that
    must be accepted; of each, at least `ACCEPTED_DIGITS` are.
    """
    return float(min(np.quantile(group, 1 - ACCEPTED_DIGITS, method="lower") for group in groups))


def find_sure_threshold(
    probabilities: NDArray[np.floating],
    labels: NDArray[np.integer],
    accuracy: float = SURE_ACCURACY,
) -> float:
    """Return the lowest confidence from which on the predictions are right often enough.

    probabilities: calibrated, (N, classes); labels: (N,); accuracy: 0..1.
    returns: the confidence c, such that of all predictions at c or above at least `accuracy` are
    right; 1 where no confidence is enough.
    """
    confidences = probabilities.max(axis=1)
    order = np.argsort(-confidences, kind="stable")
    right = (probabilities.argmax(axis=1) == labels)[order]
    share_right = right.cumsum() / np.arange(1, len(right) + 1)
    ranked = confidences[order]
    # Equal confidences stand or fall together: only the last of them can be the threshold.
    is_last_of_equals = np.append(ranked[1:] != ranked[:-1], True)
    enough = np.flatnonzero((share_right >= accuracy) & is_last_of_equals)
    return float(ranked[enough[-1]]) if len(enough) else 1.0


def reliability(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], bins: int = BINS
) -> list[dict[str, float | int | None]]:
    """Return how right the predictions are at each level of confidence, lowest level first.

    Each level has `low`, `high` (above low, up to and with high), `images`, `mean_confidence` and
    `accuracy`; the last two are None where there are no images.
    """
    confidences = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    levels = np.clip(np.ceil(confidences * bins).astype(int) - 1, 0, bins - 1)
    table: list[dict[str, float | int | None]] = []
    for level in range(bins):
        inside = levels == level
        images = int(np.count_nonzero(inside))
        table.append(
            {
                "low": level / bins,
                "high": (level + 1) / bins,
                "images": images,
                "mean_confidence": float(confidences[inside].mean()) if images else None,
                "accuracy": float(right[inside].mean()) if images else None,
            }
        )
    return table


def expected_calibration_error(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer]
) -> float:
    """Return the mean distance between confidence and accuracy, 0..1, weighted by images.

    Naeini et al., "Obtaining well calibrated probabilities using Bayesian binning", 2015.
    """
    gaps = 0.0
    for level in reliability(probabilities, labels):
        if level["images"]:
            assert level["accuracy"] is not None
            assert level["mean_confidence"] is not None
            gaps += level["images"] * abs(level["accuracy"] - level["mean_confidence"])
    return gaps / len(labels)
