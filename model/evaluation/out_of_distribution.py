"""What is no digit, for measuring alone: kinds of drawings that training and thresholds never see.

`model.synthesis.outlier_exposure` has the ones that are learnt from. These here come from other
generators, not from other seeds of those, so that the share refused says something about what
nobody thought of.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from model.ink.pen_lines import Line
from model.synthesis.canvas_rendering import render

Chance = np.random.Generator
SCRIBBLE, SHAPE, NOISE, BLOB, DOT = "scribble", "shape", "noise", "blob", "dot"
PHOTOGRAPH = "photograph"
KINDS = (DOT, NOISE, BLOB, SCRIBBLE, SHAPE, PHOTOGRAPH)
SIDE_PX = 140


def spiral(chance: Chance) -> list[Line]:
    """A line that winds outwards."""
    angles = np.linspace(0, 2 * np.pi * chance.uniform(2.2, 6), 120)
    flatness = np.exp(chance.normal(0, 0.2))
    return [angles[:, None] * np.stack([np.cos(angles) * flatness, np.sin(angles)], axis=1)]


def lissajous(chance: Chance) -> list[Line]:
    """A figure of Lissajous with three to six lobes; two crossed lobes would be an 8."""
    across, down = ((2, 3), (3, 4), (3, 5), (4, 5), (5, 6), (5, 4))[int(chance.integers(6))]
    angles = np.linspace(0, 2 * np.pi, 150)
    x = np.sin(across * angles + chance.uniform(0.3, 1.2))
    return [np.stack([x, np.sin(down * angles)], axis=1)]


def tangle(chance: Chance) -> list[Line]:
    """Bézier curves, end to end."""
    share = np.linspace(0, 1, 14)[:, None]
    start, pieces = chance.uniform(0, 1, 2), []
    for _ in range(int(chance.integers(5, 10))):
        one, two, end = chance.uniform(-0.2, 1.2, (3, 2))
        pieces.append(
            (1 - share) ** 3 * start
            + 3 * share * (1 - share) ** 2 * one
            + 3 * share**2 * (1 - share) * two
            + share**3 * end
        )
        start = end
    return [np.concatenate(pieces)]


def hatching(chance: Chance) -> list[Line]:
    """Lines side by side, at times crossed by others."""
    angle, count = chance.uniform(0, np.pi), int(chance.integers(4, 9))
    turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    heights = np.arange(count) / count
    lines = [
        np.array([[chance.uniform(0, 0.2), y], [chance.uniform(0.8, 1), y]])
        + chance.normal(0, 0.03, (2, 2))
        for y in heights
    ]
    if chance.random() < 0.5:
        lines += [np.array([[x, 0], [x, 1]]) + chance.normal(0, 0.03, (2, 2)) for x in heights]
    return [line @ turned for line in lines]


def brownian(chance: Chance) -> list[Line]:
    """A walk without any memory."""
    return [chance.normal(size=(int(chance.integers(60, 300)), 2)).cumsum(axis=0)]


def wave(chance: Chance) -> list[Line]:
    """Up and down, as a signature might."""
    along = np.linspace(0, 1, 120)
    heights = np.sin(2 * np.pi * chance.uniform(4, 10) * along) * chance.uniform(0.15, 0.5)
    return [np.stack([along * 2.5, heights * (1 + 0.4 * np.sin(9 * along))], axis=1)]


def star_polygon(chance: Chance) -> list[Line]:
    """A star of five to eleven points, drawn in one go."""
    points = int(chance.integers(5, 12))
    step = int(chance.integers(2, max(3, points // 2)))
    angles = 2 * np.pi * np.arange(points + 1) * step / points
    radii = 1 + chance.normal(0, 0.1, points + 1)
    return [np.stack([np.cos(angles), np.sin(angles)], axis=1) * radii[:, None]]


SCRIBBLES: tuple[Callable[[Chance], list[Line]], ...] = (
    *(spiral, lissajous, tangle, hatching, brownian, wave, star_polygon),
)

CLOTHES: dict[str, tuple[tuple[float, float], ...]] = {
    "shirt": (
        *((0.3, 0), (0.7, 0), (1, 0.2), (0.88, 0.45), (0.75, 0.35)),
        *((0.75, 1), (0.25, 1), (0.25, 0.35), (0.12, 0.45), (0, 0.2)),
    ),
    "trousers": (
        *((0.25, 0), (0.75, 0), (0.85, 1), (0.6, 1)),
        *((0.5, 0.3), (0.4, 1), (0.15, 1)),
    ),
    "dress": ((0.35, 0), (0.65, 0), (0.6, 0.35), (0.9, 1), (0.1, 1), (0.4, 0.35)),
    "shoe": ((0, 0.5), (0.25, 0.4), (0.4, 0.55), (0.9, 0.7), (1, 0.85), (1, 1), (0, 1)),
    "boot": ((0.2, 0), (0.6, 0), (0.6, 0.6), (1, 0.75), (1, 1), (0.2, 1)),
    "bag": (
        *((0.05, 0.4), (0.25, 0.4), (0.3, 0.1), (0.7, 0.1)),
        *((0.75, 0.4), (0.95, 0.4), (1, 1), (0, 1)),
    ),
}


def garment(chance: Chance) -> NDArray[np.uint8]:
    """A piece of clothing as in a catalogue: a filled, often patterned silhouette."""
    outline = np.array(list(CLOTHES.values())[int(chance.integers(len(CLOTHES)))])
    margin = int(chance.integers(8, 30))
    places = (outline + chance.normal(0, 0.02, outline.shape)) * (SIDE_PX - 2 * margin) + margin
    sheet = Image.new("L", (SIDE_PX, SIDE_PX))
    ImageDraw.Draw(sheet).polygon(places.ravel().tolist(), fill=255)
    solid = np.asarray(sheet)
    if chance.random() < 0.5:
        return solid
    cloth = ndimage.gaussian_filter(chance.normal(size=solid.shape), 3)
    shades = (200 + 55 * cloth / np.abs(cloth).max()).round()
    return np.where(solid > 0, shades, 0).astype(np.uint8)


def metaballs(chance: Chance) -> NDArray[np.uint8]:
    """Drops that run into one another."""
    y, x = np.mgrid[:SIDE_PX, :SIDE_PX]
    field = np.zeros((SIDE_PX, SIDE_PX))
    for _ in range(int(chance.integers(2, 7))):
        centre = chance.uniform(0.3, 0.7, 2) * SIDE_PX
        field += chance.uniform(100, 600) / ((x - centre[0]) ** 2 + (y - centre[1]) ** 2 + 1)
    return (field > np.quantile(field, chance.uniform(0.6, 0.85))).astype(np.uint8) * 255


def static(chance: Chance) -> NDArray[np.uint8]:
    """Noise, as of a screen without a picture: even, normal, or salt on black."""
    side, kind = int(chance.integers(60, 200)), int(chance.integers(3))
    if kind == 0:
        return chance.integers(0, 256, (side, side)).astype(np.uint8)
    if kind == 1:
        return chance.normal(128, 50, (side, side)).clip(0, 255).astype(np.uint8)
    return (chance.random((side, side)) < chance.uniform(0.01, 0.2)).astype(np.uint8) * 255


def tap(chance: Chance) -> NDArray[np.uint8]:
    """One touch of the pen, or none at all."""
    sheet = Image.new("L", (280, 280))
    if chance.random() < 0.7:
        x, y = chance.uniform(30, 250, 2)
        radius = chance.uniform(5, 12)
        ImageDraw.Draw(sheet).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(sheet)


@cache
def _photographs() -> list[NDArray[np.uint8]]:
    """Return the two photographs, a temple and a flower, that come with scikit-learn."""
    from sklearn.datasets import load_sample_images

    pictures: list[NDArray[np.uint8]] = load_sample_images().images
    return pictures


def snapshot(chance: Chance) -> NDArray[np.uint8]:
    """A part of a photograph: uint8 (H, W, 3)."""
    photographs = _photographs()
    picture = photographs[int(chance.integers(len(photographs)))]
    side = int(chance.integers(80, min(picture.shape[:2])))
    top = int(chance.integers(picture.shape[0] - side))
    left = int(chance.integers(picture.shape[1] - side))
    return picture[top : top + side, left : left + side]


def stranger(kind: str, chance: Chance) -> NDArray[np.uint8]:
    """Return a picture of a kind: uint8 (H, W), (H, W, 3) or (H, W, 4).

    kind: one of `KINDS`; a `shape` is a piece of clothing, a `dot` a tap or a blank sheet.
    """
    if kind == SCRIBBLE:
        lines = SCRIBBLES[int(chance.integers(len(SCRIBBLES)))](chance)
        strokes = [[line[:, 0].tolist(), line[:, 1].tolist()] for line in _on_grid(lines)]
        return np.asarray(render(strokes, chance))
    painters = {SHAPE: garment, NOISE: static, BLOB: metaballs, DOT: tap, PHOTOGRAPH: snapshot}
    return painters[kind](chance)


def _on_grid(lines: list[Line]) -> list[Line]:
    """Return lines on coordinates from 0 to 255, as strokes have them."""
    points = np.concatenate(lines)
    low = points.min(axis=0)
    scale = 255 / max(float(np.ptp(points, axis=0).max()), 1e-6)
    return [(line - low) * scale for line in lines]
