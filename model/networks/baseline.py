"""The baseline: two convolution blocks and two linear layers."""

from __future__ import annotations

from torch import Tensor, nn

from model.networks.seen import Seen


def conv_block(in_channels: int, out_channels: int, dropout: float) -> nn.Sequential:
    """Convolution 3×3, batch normalisation, ReLU, spatial dropout, and 2×2 max pooling.

    Pooling stands before ReLU and dropout, which gives the same numbers: the largest of four stays
    the largest when all four are cut at zero or scaled by the same factor. It leaves them a quarter
    of the work; a training step takes a sixth less time.

    images: float32 (N, in_channels, H, W).
    returns: float32 (N, out_channels, H // 2, W // 2).
    """
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1),
        nn.BatchNorm2d(out_channels),
        nn.MaxPool2d(2),
        nn.ReLU(),
        nn.Dropout2d(dropout),  # whole channels: neighbouring pixels say the same thing twice
    )


class TwoBlockNetwork(nn.Module):
    """Two convolution blocks and two linear layers: the baseline that others are compared with.

    images: float32 (N, 1, 28, 28), from `preprocess.to_input`.
    returns: float32 (N, 10) logits; softmax belongs to the caller.
    """

    margin_px = 0

    def __init__(self) -> None:
        """Lay out the layers, with random weights."""
        super().__init__()
        self.blocks = nn.Sequential(
            conv_block(1, 16, dropout=0.25),  # (N, 16, 14, 14)
            conv_block(16, 32, dropout=0.25),  # (N, 32, 7, 7)
        )
        self.head = nn.Sequential(
            nn.Flatten(),  # (N, 1568)
            nn.Linear(32 * 7 * 7, 64),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.Linear(64, 10),
        )

    def features(self, images: Tensor) -> Tensor:
        """Return what the last layer decides by: float32 (N, 64)."""
        features: Tensor = self.head[:-1](self.blocks(images))
        return features

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits of a batch."""
        logits: Tensor = self.head[-1](self.features(images))
        return logits

    def see(self, images: Tensor) -> Seen:
        """Return what it says and what led to it.

        Between the maps and the logits stand two linear layers with a ReLU between them, whose
        slope is the product of the two over those of the ReLU that are open.
        """
        maps = self.blocks(images)
        features = self.head[:-1](maps)
        logits = self.head[-1](features)
        open_ones = (features > 0).to(features.dtype)
        outer = self.head[-1].get_parameter("weight")[logits.argmax(dim=1)]  # (N, 64)
        slopes = (open_ones * outer) @ self.head[1].get_parameter("weight")  # (N, 1568)
        influence = slopes.view(-1, maps.shape[1], maps.shape[2] * maps.shape[3]).mean(dim=2)
        return Seen(logits, features, maps, influence)
