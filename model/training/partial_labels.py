"""Learning from labels that leave open which of several characters is meant."""

from __future__ import annotations

import torch
from torch import Tensor


def partial_cross_entropy(logits: Tensor, allowed: Tensor) -> Tensor:
    """Return the mean loss in nats: minus the log of the probability of all that a label may mean.

    logits: float32 (N, classes); allowed: bool (N, classes), at least one in each row, from
    `Scans.allowed`. With one in each row this is the usual cross-entropy; of several, a network is
    free to say which.
    """
    log_probabilities = logits.log_softmax(dim=1).masked_fill(~allowed, float("-inf"))
    return -torch.logsumexp(log_probabilities, dim=1).mean()
