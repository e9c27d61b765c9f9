"""Drawings made up for the tests of preparation: a few strokes, on any paper, under any light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

# Strokes in a box of 100 x 100, y down: a 7 with a bar, which looks like no turned or mirrored 7.
SEVEN = [[(10, 5), (85, 5), (35, 98)], [(30, 50), (75, 50)]]


def sketch(
    *,
    size: tuple[int, int] = (280, 280),
    corner: tuple[float, float] = (70, 60),
    scale: float = 1.4,
    width: float = 18,
    ink: tuple[int, ...] = (255, 255, 255),
    paper: tuple[int, ...] = (0, 0, 0),
) -> Image.Image:
    """A drawn 7: size (width, height) and corner in px, scale in px per unit, pen width in px."""
    mask = Image.new("L", (size[0] * 3, size[1] * 3), 0)
    draw = ImageDraw.Draw(mask)
    for stroke in SEVEN:
        points = [((x * scale + corner[0]) * 3, (y * scale + corner[1]) * 3) for x, y in stroke]
        draw.line(points, fill=255, width=round(width * 3), joint="curve")
        for x, y in (points[0], points[-1]):
            r = width * 1.5
            draw.ellipse([x - r, y - r, x + r, y + r], fill=255)
    mask = mask.resize(size, Image.Resampling.BOX)
    sheet = Image.new("RGB", size, paper)
    sheet.paste(Image.new("RGB", size, ink), mask=mask)
    return sheet


def photograph(
    ink: NDArray[np.uint8], rng: np.random.Generator, *, size: tuple[int, int] = (600, 800)
) -> Image.Image:
    """A photo of an MNIST digit, (28, 28), written on paper: uneven light, a hard shadow, grain."""
    width, height = size
    side = int(min(size) * rng.uniform(0.35, 0.8))
    large = Image.fromarray(ink).resize((side, side), Image.Resampling.BICUBIC)
    large = large.filter(ImageFilter.GaussianBlur(side / 80))
    share = np.zeros((height, width))
    top, left = rng.integers(0, height - side + 1), rng.integers(0, width - side + 1)
    share[top : top + side, left : left + side] = np.clip((np.asarray(large) - 90.0) / 60, 0, 1)
    y, x = np.mgrid[0:height, 0:width] / max(size)
    light = 1 - rng.uniform(0, 0.5) * _ramp(x, y, rng).clip(0, 1)
    edge = Image.fromarray(((_ramp(x, y, rng) > 0.5) * 255).astype(np.uint8))
    edge = edge.filter(ImageFilter.GaussianBlur(rng.uniform(1, 40)))
    light *= 1 - np.asarray(edge) / 255 * rng.uniform(0.2, 0.6)
    paper, pen = rng.uniform(200, 250), rng.uniform(15, 100)
    levels = (paper * (1 - share) + pen * share) * light + rng.normal(0, 5, share.shape)
    return Image.fromarray(levels.clip(0, 255).astype(np.uint8))


def _ramp(
    x: NDArray[np.float64], y: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    angle = rng.uniform(0, 2 * np.pi)
    return (x - 0.4) * np.cos(angle) + (y - 0.4) * np.sin(angle) + 0.5
