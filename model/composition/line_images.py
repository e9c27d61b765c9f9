"""Written lines as strips of ink: drawn for training, or as a browser's canvas would hold them.

`sketch_line` draws on a small sheet with another pen, size and place each time, several times as
fast; `canvas_strip` draws as the dashboard's canvas does, for measuring. Both go through
`line_ink.line_strip`, as a person's drawing does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from model.ink.pen_lines import draw_line, smooth, to_lines
from model.line_ink.line_strip import strip_of_ink
from model.pen.drawings import Strokes
from model.synthesis.canvas_rendering import render

CANVAS_HEIGHT_PX = 280
WIDEST_CANVAS = 8.0  # in heights: longer lines are drawn smaller on it
LINE_PX = 44, 84  # height of the ink, at training
PEN = 0.03, 0.2  # of the height of the ink: hair-thin to very thick
MARGIN_PX = 3
SMOOTHED = 0.6  # share
SLANT, STRETCH, TREMOR = 0.1, 0.1, 0.008  # standard deviations; tremor in heights


def canvas_strip(strokes: Strokes, seed: int | list[int]) -> NDArray[np.uint8]:
    """Return a line from a canvas of 280 px height, as wide as it needs: uint8 (40, W)."""
    chance = np.random.default_rng(seed)
    points = np.concatenate(to_lines(strokes))
    width, height = np.ptp(points, axis=0)
    sides = float(np.clip(width / max(float(height), 1.0), 1.0, WIDEST_CANVAS))
    canvas_px = round(sides * CANVAS_HEIGHT_PX), CANVAS_HEIGHT_PX
    return strip_of_ink(np.asarray(render(strokes, chance, canvas_px=canvas_px).convert("L")))


def sketch_line(strokes: Strokes, chance: np.random.Generator) -> NDArray[np.uint8]:
    """Return one of the many strips that these strokes could be: uint8 (40, W).

    Slant, stretch, tremor, smoothing, pen and size are drawn from `chance`.
    """
    lines = to_lines(strokes)
    if chance.random() < SMOOTHED:
        lines = [smooth(line) for line in lines]
    points = np.concatenate(lines)
    unit = max(float(np.ptp(points[:, 1])), 1e-6)
    stretch = np.exp(chance.normal(0, STRETCH))
    linear = np.array([[stretch, chance.normal(0, SLANT)], [0, 1 / stretch]]) / unit
    tremor = abs(chance.normal(0, TREMOR))
    lines = [line @ linear.T + chance.normal(0, tremor, line.shape) for line in lines]
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    height_px = float(chance.uniform(*LINE_PX))
    scale = height_px / max(float(high[1] - low[1]), float(high[0] - low[0]) / 24, 1e-6)
    pen_px = height_px * float(np.exp(chance.uniform(*np.log(PEN))))
    corner = MARGIN_PX + pen_px / 2
    size = np.ceil((high - low) * scale + 2 * corner).astype(int)
    sheet = Image.new("L", (int(size[0]) * 2, int(size[1]) * 2), 0)
    pencil = ImageDraw.Draw(sheet)
    for line in lines:
        draw_line(pencil, ((line - low) * scale + corner) * 2, pen_px * 2)
    return strip_of_ink(np.asarray(sheet.reduce(2)))
