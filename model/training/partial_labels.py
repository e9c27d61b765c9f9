"""Learning from labels that leave open which of several characters is meant."""

from __future__ import annotations

import torch
from torch import Tensor


def partial_cross_entropy(logits: Tensor, allowed: Tensor, label_smoothing: float = 0.0) -> Tensor:
    """Return the mean loss in nats: minus the log of the probability of all that a label may mean.

    logits: float32 (N, classes); allowed: bool (N, classes), at least one in each row, from
    `Scans.allowed`. With one in each row this is the usual cross-entropy; of several, a network is
    free to say which. label_smoothing: 0..1, how much of each label is shared out over all classes.
    """
    log_probabilities = logits.log_softmax(dim=1)
    of_label = torch.logsumexp(log_probabilities.masked_fill(~allowed, float("-inf")), dim=1)
    loss = -of_label.mean()
    if not label_smoothing:
        return loss
    return (1 - label_smoothing) * loss - label_smoothing * log_probabilities.mean()
