"""What a network says of images, with what led to it: what every network can be asked for."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from torch import Tensor


class Seen(NamedTuple):
    """What came of one pass over N images."""

    logits: Tensor  # float32 (N, classes), or one more for what is no digit
    features: Tensor  # float32 (N, features): what the last layer decides by
    maps: Tensor  # float32 (N, maps, H, W): the last ones with a height and a width
    influence: Tensor  # float32 (N, maps): of each map's mean on the likeliest class, as a slope


class Network(Protocol):
    """A network that can be exported."""

    margin_px: int  # on each side of an image, where no middle of what the maps look at lies

    def see(self, images: Tensor) -> Seen:
        """Return what it says of images, float32 (N, 1, 28, 28); in evaluation mode."""
