"""Augmentation of whole batches: one random affine map per image, as tensor arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class Augmentation:
    """How far a digit may be changed; every amount is drawn evenly from minus to plus these."""

    rotation_deg: float = 45.0
    translation: float = 0.1  # of the side of the image, on each axis
    scaling: float = 0.1  # 0.1: from 0.9 to 1.1 of the size
    shear_deg: float = 10.0


def random_maps(
    count: int, generator: torch.Generator, augmentation: Augmentation = Augmentation()
) -> Tensor:
    """Return random affine maps from places in the result to places in the image.

    Drawn on the CPU, so that the same seed gives the same maps on every device; drawing those of a
    whole epoch in one call costs next to nothing.
    returns: float32 (count, 2, 3), on coordinates (x, y, 1) that run from -1 to 1.
    """
    amounts = torch.rand(5, count, generator=generator) * 2 - 1
    angle = torch.deg2rad(amounts[0] * augmentation.rotation_deg)
    zoom = 1 / (1 + amounts[1] * augmentation.scaling)  # backwards: larger ink, smaller steps
    shear = torch.tan(torch.deg2rad(amounts[2] * augmentation.shear_deg))
    cos, sin = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    # The whole image is 2 wide on these coordinates.
    x_shift, y_shift = amounts[3:] * augmentation.translation * 2
    linear = torch.stack([cos, cos * shear - sin, sin, sin * shear + cos]).view(2, 2, count)
    shifts = torch.stack([x_shift, y_shift])
    # The shift comes last in the result, so it is undone first on the way back to the image.
    offsets = -(linear * shifts).sum(dim=1)
    return torch.cat([linear, offsets[:, None]], dim=1).permute(2, 0, 1).contiguous()


def warp(ink: Tensor, maps: Tensor) -> Tensor:
    """Return the images seen through the maps, bilinearly sampled; paper comes in from outside.

    ink: float32 (N, 1, H, W), 0 = paper; maps: float32 (N, 2, 3), from `random_maps`.
    returns: float32 (N, 1, H, W).
    """
    count, _, height, width = ink.shape
    places = maps.reshape(2 * count, 3) @ _pixel_centres(height, width, ink.device)
    # x and y as two planes: one matrix product makes them, where `affine_grid`'s interleaved pairs
    # cost as much as the sampling itself.
    grid = places.view(count, 2, height, width).permute(0, 2, 3, 1)
    return functional.grid_sample(ink, grid, padding_mode="zeros", align_corners=False)


@cache
def _pixel_centres(height: int, width: int, device: torch.device) -> Tensor:
    """Return the pixels' centres as columns (x, y, 1): float32 (3, H * W), from -1 to 1."""
    x = (torch.arange(width, device=device) + 0.5) * (2 / width) - 1
    y = (torch.arange(height, device=device) + 0.5) * (2 / height) - 1
    return torch.stack(
        [x.repeat(height), y.repeat_interleave(width), torch.ones_like(x).repeat(height)]
    )
