"""Pen strokes drawn as training needs them: never twice the same, and fast.

Evaluation uses `canvas_rendering`, which draws as browsers do. Here a drawing is first bent as
hands and tablets differ, then drawn on a smaller canvas, at a tenth of the time. Ink is white on
black or black on white: of colours, preparation keeps no more than how far they differ from the
paper.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from model.ink.pen_lines import Line, draw_line, smooth

SIDE_PX = 84, 150  # smallest and largest canvas; what comes out of preparation is 28 px
OVERSAMPLING = 2
PEN = 0.022, 0.27  # of the drawing's longest side: hair-thin to very thick
SHARE_OF_SIDE = 0.62, 0.9
PLACE = 0.15, 0.85
ROTATION_DEG, SLANT, STRETCH = 5.0, 0.13, 0.13  # standard deviations; slant is x per y
BEND, SHIFT, TREMOR = 0.025, 0.015, 0.012  # likewise, in longest sides


def sketch(lines: Sequence[Line], chance: np.random.Generator) -> NDArray[np.uint8]:
    """Return one of the many pictures that these lines could be: uint8 (S, S), S from 84 to 150.

    Slant, stretch, rotation, bends, tremor, smoothing, pen, size, place and polarity are all drawn
    from `chance`; the same state gives the same picture.
    """
    if chance.random() < 0.6:
        lines = [smooth(line) for line in lines]
    return draw(distort(lines, chance), chance)


def distort(lines: Sequence[Line], chance: np.random.Generator) -> list[Line]:
    """Return the lines as another hand might have drawn them; their longest side is near 1."""
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    centre, size = (low + high) / 2, max(float((high - low).max()), 1e-6)
    angle = np.deg2rad(chance.normal(0, ROTATION_DEG))
    stretch = np.exp(chance.normal(0, STRETCH))
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turned @ np.array([[stretch, chance.normal(0, SLANT)], [0, 1 / stretch]])
    # A bend of the plane: three slow waves, the same for all strokes.
    amounts, phases = chance.normal(0, BEND, (2, 3)), chance.uniform(0, 2 * np.pi, (2, 3))
    waves = chance.normal(0, 3, (2, 3, 2))
    tremor = abs(chance.normal(0, TREMOR))
    distorted = []
    for line in lines:
        places = (line - centre) / size
        bends = [
            (np.sin(places @ waves[axis].T + phases[axis]) * amounts[axis]).sum(axis=1)
            for axis in (0, 1)
        ]
        places = (places + np.stack(bends, axis=1)) @ linear.T
        if len(places) > 2:
            places = places + tremor * _noise(len(places), chance)
        shift = chance.normal(0, SHIFT, 2) if len(lines) > 1 else 0
        distorted.append(places + shift)
    return distorted


def _noise(points: int, chance: np.random.Generator) -> Line:
    """Return noise that runs smoothly along a line: (points, 2), standard deviation near 1."""
    knots = max(3, points // 2)
    values = chance.normal(size=(2, knots))
    along = np.linspace(0, knots - 1, points)
    return np.stack([np.interp(along, np.arange(knots), value) for value in values], axis=1)


def draw(lines: Sequence[Line], chance: np.random.Generator) -> NDArray[np.uint8]:
    """Return the lines on a canvas of random size, place, pen and polarity: uint8 (S, S)."""
    side = int(chance.integers(*SIDE_PX))
    longest = side * chance.uniform(*SHARE_OF_SIDE)  # with ink, px
    ratio = np.exp(chance.uniform(*np.log(PEN)))
    pen = ratio * longest / (1 + ratio)
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (longest - pen) / max(float((high - low).max()), 1e-6)
    room = np.maximum(side - pen - (high - low) * scale, 0)
    corner = pen / 2 + chance.uniform(*PLACE, 2) * room
    sheet = Image.new("L", (side * OVERSAMPLING, side * OVERSAMPLING), 0)
    pencil = ImageDraw.Draw(sheet)
    for line in lines:
        draw_line(pencil, ((line - low) * scale + corner) * OVERSAMPLING, pen * OVERSAMPLING)
    canvas: NDArray[np.uint8] = np.asarray(sheet.reduce(OVERSAMPLING))
    return canvas if chance.random() < 0.5 else 255 - canvas
