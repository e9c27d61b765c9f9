"""Many opinions to one: a weighted mean of probabilities, calibrated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.reading.softmax import calibrated

Probabilities = NDArray[np.float64]  # (N, 10), rows that add up to 1
LEAST = 1e-7  # below which a probability is none: its logarithm would speak too loud


@dataclass(frozen=True)
class Vote:
    """How much each member's word counts, and how sure all of them together are."""

    weights: Mapping[str, float]  # by member, 0 or more, which add up to 1
    temperature: float  # of the mean's logarithm, as of a network's logits

    def of(self, opinions: Mapping[str, Probabilities]) -> Probabilities:
        """Return what all say together; opinions: by name, of every member that has a weight."""
        mean = sum(weight * opinions[name] for name, weight in self.weights.items() if weight)
        assert isinstance(mean, np.ndarray), "some weight is above 0"
        return tempered(mean, self.temperature)


def tempered(probabilities: NDArray[np.floating], temperature: float) -> Probabilities:
    """Return probabilities made less extreme, or more, by a temperature: float64 (N, 10)."""
    return calibrated(np.log(np.maximum(probabilities, LEAST)), temperature)
