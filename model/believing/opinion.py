"""What weights say of drawings, as far as it is needed to believe or to doubt an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.believing.statements import NO_DIGIT, Answered, stacked
from model.reading.recogniser import Recogniser
from model.reading.softmax import calibrated, digit_scores

Rows = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Opinion:
    """What weights say of N drawings.

    shares: float64 (N, 11), how likely each digit is and, last, that it is none; rows add up to 1.
    features: float64 (N, features), what their last layer decides by.
    """

    shares: Rows
    features: Rows


def ask(recogniser: Recogniser, answers: Sequence[Answered]) -> Opinion:
    """Return what a recogniser says of these drawings; some milliseconds each."""
    logits, features = recogniser.logits_and_features(stacked(answers))
    card = recogniser.card
    digits = calibrated(logits[:, :NO_DIGIT], card.temperature)
    nothing = np.zeros(len(digits))
    if card.digit_threshold is not None:
        # At the threshold it might be either.
        beyond = digit_scores(logits, NO_DIGIT) - card.digit_threshold
        nothing = 1 / (1 + np.exp(np.clip(beyond, -50, 50)))
    return Opinion(with_no_digit(digits, nothing), features)


def with_no_digit(digits: Rows, nothing: Rows) -> Rows:
    """Return shares (N, 11) of the shares of ten digits (N, 10) and that of no digit (N,)."""
    return np.column_stack([digits * (1 - nothing)[:, None], nothing])
