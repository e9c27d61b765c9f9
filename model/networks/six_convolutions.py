"""The network that reads drawings: six convolutions, and a branch for what is nothing of that."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.networks.seen import Seen


def normalised_convolution(
    in_channels: int, out_channels: int, *, side: int = 3, is_padded: bool = True
) -> nn.Sequential:
    """Convolution, batch normalisation, ReLU.

    side: of the convolution's kernel, odd; images: float32 (N, in_channels, H, W).
    returns: float32 (N, out_channels, H, W); without padding, H and W are smaller by side - 1.
    """
    padding = side // 2 if is_padded else 0
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, side, padding=padding, bias=False),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(),
    )


class SmoothedMaxPool2d(nn.Module):
    """Half the height and width: the largest of any 2×2, smoothed before every other is left out.

    Without smoothing, what a stroke leaves depends on whether it lies on an odd or an even pixel.
    Source: Zhang, "Making convolutional networks shift-invariant again", 2019.

    images: float32 (N, channels, H, W), H and W even.
    returns: float32 (N, channels, H // 2, W // 2), each middle where `nn.MaxPool2d(2)` has it.
    """

    kernel: Tensor

    def __init__(self, channels: int) -> None:
        """Lay out the fixed weights, which are kept so that weights without them do not fit."""
        super().__init__()
        line = torch.tensor([0.25, 0.5, 0.25])
        self.register_buffer("kernel", (line[:, None] * line).repeat(channels, 1, 1, 1))

    def forward(self, images: Tensor) -> Tensor:
        """Return the smaller maps."""
        largest = functional.max_pool2d(images, 2, stride=1)
        # In float32: channel by channel, bfloat16 takes several times as long on the CPU.
        with torch.autocast(images.device.type, enabled=False):
            return functional.conv2d(
                largest.float(), self.kernel, stride=2, padding=1, groups=len(self.kernel)
            )


class SixConvolutionNetwork(nn.Module):
    """Six convolutions and the mean over what is left of the picture: what reads drawings.

    Two convolutions at each of three sizes, as in Simonyan and Zisserman, "Very deep convolutional
    networks", 2015; the first two take no paper from outside, which is a quarter less work for the
    same pixels. Whether it is a digit at all is judged by a branch of its own, which learns, once
    they stand, from what the other layers see, strokes as well as shapes, and teaches them nothing:
    an eleventh class of the same layers cost 0.2 points of MNIST and 0.4 of drawn digits
    (`benchmarks/research/experiments.md`). The same layers read all 62 characters, with more maps
    for their shapes; what is said here of digits then goes for those.

    images: float32 (N, 1, 28, 28), from `preprocess.to_input`.
    returns: float32 (N, classes + 1) logits; softmax belongs to the caller. The last one, for what
    is no digit, lies as far below all the digits together as the branch says.
    """

    margin_px = 2  # on each side of an image, where no middle of what the layers look at lies

    def __init__(self, classes: int = 10, shapes: int = 128) -> None:
        """Lay out the layers, with random weights; shapes: how many maps the last ones have."""
        super().__init__()
        self.strokes = nn.Sequential(
            normalised_convolution(1, 32, is_padded=False),  # (N, 32, 26, 26)
            normalised_convolution(32, 32, is_padded=False),  # (N, 32, 24, 24)
            SmoothedMaxPool2d(32),  # (N, 32, 12, 12)
            normalised_convolution(32, 64),
            normalised_convolution(64, 64),
            SmoothedMaxPool2d(64),  # (N, 64, 6, 6)
        )
        self.shapes = nn.Sequential(
            normalised_convolution(64, shapes),
            normalised_convolution(shapes, shapes),
        )
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(shapes, classes)
        # Last, so that another branch leaves the digits' first weights as they are.
        self.refusal = nn.Sequential(
            normalised_convolution(64 + shapes, 56, side=1),  # (N, 56, 6, 6)
            normalised_convolution(56, 56),
            normalised_convolution(56, 44),
        )
        self.refusal_head = nn.Linear(2 * 44 + shapes, 1)

    def start_from(self, other: SixConvolutionNetwork) -> None:
        """Take over the convolutions of another one, which may have fewer maps for its shapes.

        What strokes are is the same whatever they are strokes of. The maps that the other one does
        not have, the heads and the branch stay as they are.
        """
        theirs = other.state_dict()
        with torch.no_grad():
            for name, own in self.state_dict().items():
                if name.startswith(("strokes", "shapes")):
                    there = theirs[name]
                    own[tuple(map(slice, there.shape))] = there

    def features(self, images: Tensor) -> Tensor:
        """Return what the last layer decides by: float32 (N, shapes)."""
        return self._describe(self.shapes(self.strokes(images)))

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits of a batch."""
        strokes = self.strokes(images)
        shapes = self.shapes(strokes)
        features = self._describe(shapes)
        return self._join(self.head(features), strokes.detach(), shapes.detach(), features.detach())

    def see(self, images: Tensor) -> Seen:
        """Return what it says and what led to it: a linear layer over the mean of each map."""
        strokes = self.strokes(images)
        shapes = self.shapes(strokes)
        features = self._describe(shapes)
        digits = self.head(features)
        logits = self._join(digits, strokes, shapes, features)
        return Seen(logits, features, shapes, self.head.weight[digits.argmax(dim=1)])

    def read_digits(self, images: Tensor) -> Tensor:
        """Return the logits of the digits alone, (N, classes): the branch stands still."""
        digits: Tensor = self.head(self.features(images))
        return digits

    def judge(self, images: Tensor, reader: SixConvolutionNetwork) -> Tensor:
        """Return the logits that this network's branch gives to what another one reads.

        reader: a network in evaluation mode, which learns nothing from it.
        """
        with torch.no_grad():
            strokes = reader.strokes(images)
            shapes = reader.shapes(strokes)
            features = reader._describe(shapes)
            digits = reader.head(features)
        return self._join(digits, strokes, shapes, features)

    def _describe(self, shapes: Tensor) -> Tensor:
        features: Tensor = self.dropout(shapes.mean(dim=(2, 3)))
        return features

    def _join(self, digits: Tensor, strokes: Tensor, shapes: Tensor, features: Tensor) -> Tensor:
        """Return the digits' logits and, from what led to them, the branch's."""
        digits = digits.float()
        branch = self.refusal(torch.cat([strokes, shapes], dim=1))
        seen = [branch.mean(dim=(2, 3)), branch.amax(dim=(2, 3)), features]
        is_digit = self.refusal_head(torch.cat(seen, dim=1)).float()
        return torch.cat([digits, digits.logsumexp(dim=1, keepdim=True) - is_digit], dim=1)


def is_of_branch(name: str) -> bool:
    """Tell whether a parameter or buffer belongs to the branch for what is no digit."""
    return name.startswith("refusal")
