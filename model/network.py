"""The networks, selectable by name; each takes (N, 1, 28, 28) images to (N, classes) logits."""

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

BASELINE = "two-block"
SIX_CONVOLUTIONS = "six-conv"


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


def normalised_convolution(in_channels: int, out_channels: int) -> nn.Sequential:
    """Convolution 3×3, batch normalisation, ReLU.

    images: float32 (N, in_channels, H, W).
    returns: float32 (N, out_channels, H, W).
    """
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(),
    )


class SixConvolutionNetwork(nn.Module):
    """Six convolutions and the mean over what is left of the picture: what reads drawings.

    Two convolutions at each of three sizes, as in Simonyan and Zisserman, "Very deep convolutional
    networks", 2015. Whether it is a digit at all is judged by a branch of its own, which learns
    from what the first four convolutions see and teaches them nothing: an eleventh class of the
    same layers costs 0.3 points of MNIST (`results/ablations.txt`).

    images: float32 (N, 1, 28, 28), from `preprocess.to_input`.
    returns: float32 (N, 11) logits; softmax belongs to the caller. The last one, for what is no
    digit, lies as far below all the digits together as the branch says.
    """

    def __init__(self) -> None:
        """Lay out the layers, with random weights."""
        super().__init__()
        self.refusal = nn.Sequential(
            normalised_convolution(64, 64),  # (N, 64, 7, 7)
            normalised_convolution(64, 40),
        )
        self.refusal_head = nn.Linear(2 * 40 + 128, 1)
        self.strokes = nn.Sequential(
            normalised_convolution(1, 32),  # (N, 32, 28, 28)
            normalised_convolution(32, 32),
            nn.MaxPool2d(2),  # (N, 32, 14, 14)
            normalised_convolution(32, 64),
            normalised_convolution(64, 64),
            nn.MaxPool2d(2),  # (N, 64, 7, 7)
        )
        self.shapes = nn.Sequential(
            normalised_convolution(64, 128),
            normalised_convolution(128, 128),
        )
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(128, 10)

    def features(self, images: Tensor) -> Tensor:
        """Return what the last layer decides by: float32 (N, 128)."""
        return self._describe(self.strokes(images))

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits of a batch."""
        strokes = self.strokes(images)
        seen = self.refusal(strokes.detach())  # before the digits' maps: attention takes the last
        features = self._describe(strokes)
        digits = self.head(features).float()
        seen = torch.cat([seen.mean(dim=(2, 3)), seen.amax(dim=(2, 3)), features.detach()], dim=1)
        against = digits.logsumexp(dim=1, keepdim=True) - self.refusal_head(seen).float()
        return torch.cat([digits, against], dim=1)

    def _describe(self, strokes: Tensor) -> Tensor:
        features: Tensor = self.dropout(self.shapes(strokes).mean(dim=(2, 3)))
        return features


NETWORKS: dict[str, Callable[[], nn.Module]] = {
    BASELINE: TwoBlockNetwork,
    SIX_CONVOLUTIONS: SixConvolutionNetwork,
}


def build_network(name: str) -> nn.Module:
    """Return a new, untrained network; its weights come from torch's global random state.

    name: a key of `NETWORKS`; ValueError names the known ones for any other.
    """
    if name not in NETWORKS:
        raise ValueError(f"unknown network {name!r}: choose one of {', '.join(sorted(NETWORKS))}")
    return NETWORKS[name]()


def fuse(network: nn.Module) -> nn.Module:
    """Return a copy for prediction alone, with each normalisation inside the convolution before it.

    Its logits are the same up to rounding, in less time. network: in evaluation mode.
    """
    fused = copy.deepcopy(network)
    for block in [module for module in fused.modules() if isinstance(module, nn.Sequential)]:
        for place in range(1, len(block)):
            before, layer = block[place - 1], block[place]
            if isinstance(before, nn.Conv2d) and isinstance(layer, nn.BatchNorm2d):
                block[place - 1] = fuse_conv_bn_eval(before, layer)
                block[place] = nn.Identity()
    return fused


def count_parameters(network: nn.Module) -> int:
    """Return the number of trained numbers in a network (buffers such as running means not)."""
    return sum(parameter.numel() for parameter in network.parameters() if parameter.requires_grad)
