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


@dataclass(frozen=True)
class Variation:
    """How far `vary` changes ink: standard deviations, unless said otherwise.

    Farther turned or slanted, a seven becomes a one with a flag.
    """

    rotation_deg: float = 5.0
    scaling: float = 0.05
    stretch: float = 0.06
    shear: float = 0.08  # x per y
    translation: float = 0.02  # of the side of the image
    bend: float = 0.035  # likewise, of the five by five knots of an elastic grid; 0: none
    thickness_share: float = 0.35  # of the images have their strokes thickened or thinned


def vary(
    ink: Tensor,
    strengths: Tensor,
    generator: torch.Generator,
    variation: Variation = Variation(),
) -> Tensor:
    """Return ink as other hands and other pens might have left it.

    ink: float32 (N, 1, H, W), 0 = paper; strengths: float32 (N,) on the CPU, 0 to 1, the share of
    each change that an image gets. Drawn on the CPU, the same on every device.
    returns: float32 (N, 1, H, W).
    """
    count, device = len(ink), ink.device
    amounts = torch.randn(6, count, generator=generator)
    choice = torch.rand(3, count, generator=generator)
    turn = torch.deg2rad(amounts[0] * strengths * variation.rotation_deg)
    zoom = torch.exp(amounts[1] * strengths * variation.scaling)
    wide = torch.exp(amounts[2] * strengths * variation.stretch)
    shear = amounts[3] * strengths * variation.shear
    cos, sin = torch.cos(turn) * zoom, torch.sin(turn) * zoom
    shifts = amounts[4:] * variation.translation * 2
    maps = torch.stack(
        [
            torch.stack([cos * wide, cos * shear - sin, shifts[0]], dim=1),
            torch.stack([sin * wide, sin * shear + cos, shifts[1]], dim=1),
        ],
        dim=1,
    ).to(device)
    places = maps.reshape(2 * count, 3) @ _pixel_centres(*ink.shape[2:], device)
    grid = places.view(count, 2, *ink.shape[2:])
    if variation.bend:
        knots = torch.randn(count, 2, 5, 5, generator=generator) * strengths[:, None, None, None]
        grid = grid + functional.interpolate(
            knots.to(device) * variation.bend * 2,
            size=ink.shape[2:],
            mode="bicubic",
            align_corners=True,
        )
    thick = choice[0] * strengths * (choice[1] < variation.thickness_share)
    pressed = _press(ink, thick.to(device), (choice[2] < 0.5).to(device))
    return functional.grid_sample(
        pressed, grid.permute(0, 2, 3, 1), padding_mode="zeros", align_corners=False
    )


def _press(ink: Tensor, amounts: Tensor, is_harder: Tensor) -> Tensor:
    """Return strokes thickened or thinned by up to a pixel; amounts: 0 to 1, (N,)."""
    thicker = functional.max_pool2d(ink, 3, stride=1, padding=1)
    thinner = -functional.max_pool2d(-ink, 3, stride=1, padding=1)
    shares = amounts[:, None, None, None]
    # Thinned strokes must not break, so they lose half as much as the others gain.
    return torch.where(
        is_harder[:, None, None, None],
        ink + (thicker - ink) * shares * 0.9,
        ink + (thinner - ink) * shares * 0.5,
    )
