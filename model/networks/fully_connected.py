"""A network without convolutions: two hidden layers, which see pixels and no picture."""

from __future__ import annotations

from torch import Tensor, nn


class FullyConnectedNetwork(nn.Module):
    """784-128-128-10, with dropout of 0.10 and 0.25.

    images: float32 (N, 1, 28, 28), from `preprocess.to_input`.
    returns: float32 (N, 10) logits; softmax belongs to the caller.
    """

    def __init__(self) -> None:
        """Lay out the layers, with random weights."""
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),  # (N, 784)
            nn.Linear(784, 128),
            nn.ReLU(),
            nn.Dropout(0.10),
            nn.Linear(128, 128),
            nn.ReLU(),
            nn.Dropout(0.25),
            nn.Linear(128, 10),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits of a batch."""
        logits: Tensor = self.layers(images)
        return logits
