"""The two networks that read a line of writing: one sees its ink, one follows the pen.

Both give, for each short piece of a line from its beginning to its end, the logits of the
characters, of a space, and of nothing new (the blank of connectionist temporal classification:
Graves et al., 2006). Dense convolutions alone, no recurrence: as fast on one core as on many, and
wide enough to see the neighbours of a character, which is what tells its case.
"""

from __future__ import annotations

from typing import cast

from torch import Tensor, nn

LABELS = 65  # blank, 62 characters, space, no writing: `model.line_training.spelling`
PATH_FEATURES = 11  # of each step, from `model.line_ink.pen_path.follow`
HEIGHT_PX = 40  # of a strip, from `model.line_ink.line_strip`


class NormalisedConvolution1d(nn.Sequential):
    """Convolution along the line, batch normalisation, ReLU: (N, C, T) to (N, C', T)."""

    def __init__(
        self, inside: int, outside: int, kernel: int, *, dilation: int = 1, stride: int = 1
    ) -> None:
        """Lay out the layers; kernel: odd."""
        padding = dilation * (kernel // 2)
        super().__init__(
            nn.Conv1d(inside, outside, kernel, stride, padding, dilation, bias=False),
            nn.BatchNorm1d(outside),
            nn.ReLU(),
        )


class Residual1d(nn.Module):
    """Adds to each place what a convolution sees around it: (N, C, T) to (N, C, T)."""

    def __init__(self, channels: int, kernel: int, dilation: int) -> None:
        """Lay out the layers."""
        super().__init__()
        self.convolution = NormalisedConvolution1d(channels, channels, kernel, dilation=dilation)

    def forward(self, places: Tensor) -> Tensor:
        """Return the places, each with what is around it."""
        seen: Tensor = self.convolution(places)
        return places + seen


def _seen(inside: int, outside: int, kernel: int | tuple[int, int] = 3, stride: int = 1,
          padding: int | tuple[int, int] = 1) -> nn.Sequential:  # fmt: skip
    return nn.Sequential(
        nn.Conv2d(inside, outside, kernel, stride=stride, padding=padding, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(),
    )


class StripNetwork(nn.Module):
    """Sees a line's ink: two-dimensional convolutions down to one row, then along the line.

    strips: float32 (N, 1, 40, W), 0 = paper, 1 = full ink, W at least 8.
    returns: float32 (N, T, 65) logits, one row for each 4 px of the strip.
    """

    px_per_row = 4

    def __init__(self, width: int = 176, dropout: float = 0.15) -> None:
        """Lay out the layers; width: channels along the line."""
        super().__init__()
        self.shapes = nn.Sequential(
            _seen(1, 32, 5, 2, 2),  # (N, 32, 20, W / 2)
            _seen(32, 48),
            nn.MaxPool2d(2),  # (N, 48, 10, W / 4)
            _seen(48, 80),
            _seen(80, 80),
            nn.MaxPool2d((2, 1)),  # (N, 80, 5, W / 4)
            _seen(80, 112),
            _seen(112, width, (5, 1), 1, 0),  # (N, width, 1, W / 4)
        )
        self.along = nn.Sequential(
            *(Residual1d(width, 5, dilation) for dilation in (1, 2, 1, 4, 1))
        )
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(width, LABELS)

    def forward(self, strips: Tensor) -> Tensor:
        """Return the logits of a batch."""
        places = self.along(self.shapes(strips).squeeze(2))
        return cast(Tensor, self.head(self.dropout(places.transpose(1, 2)))).float()

    @staticmethod
    def rows(widths: Tensor) -> Tensor:
        """Return how many rows of logits strips of these widths (px) have: int64 (N,)."""
        return ((widths + 1) // 2) // 2


class PathNetwork(nn.Module):
    """Follows the pen: convolutions along its path.

    paths: float32 (N, T, 11), from `pen_path.follow`, padded with zeros.
    returns: float32 (N, T', 65) logits, one row for each two steps.
    """

    def __init__(self, width: int = 144, dropout: float = 0.15) -> None:
        """Lay out the layers; width: channels along the line."""
        super().__init__()
        self.steps = NormalisedConvolution1d(PATH_FEATURES, 96, 5)
        self.pairs = NormalisedConvolution1d(96, width, 5, stride=2)  # (N, width, T')
        self.along = nn.Sequential(
            *(Residual1d(width, 5, dilation) for dilation in (1, 2, 4, 1, 8, 1))
        )
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(width, LABELS)

    def forward(self, paths: Tensor) -> Tensor:
        """Return the logits of a batch."""
        places = self.along(self.pairs(self.steps(paths.transpose(1, 2))))
        return cast(Tensor, self.head(self.dropout(places.transpose(1, 2)))).float()

    @staticmethod
    def rows(steps: Tensor) -> Tensor:
        """Return how many rows of logits paths of so many steps have: int64 (N,)."""
        return (steps + 1) // 2
