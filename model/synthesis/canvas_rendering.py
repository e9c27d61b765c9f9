"""Recorded pen strokes as pictures, the way a person's drawing arrives from a browser canvas."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from model.ink.pen_lines import Line, to_lines
from model.ink.pen_strokes import SIDE_PX
from model.pen.drawings import Strokes

OVERSAMPLING = 3
PEN_PX = 10.0, 24.0  # thinnest and thickest pen
SHARE_OF_SIDE = 0.35, 0.90  # how large people draw
PLACE = 0.15, 0.85  # how far off centre, of the room that is left


def render(
    strokes: Strokes,
    chance: np.random.Generator,
    ink: tuple[int, int, int] = (255, 255, 255),
    paper: tuple[int, int, int] = (0, 0, 0),
    pen_px: float | None = None,
    canvas_px: tuple[int, int] = (SIDE_PX, SIDE_PX),
) -> Image.Image:
    """Return the drawing on a 280 x 280 px canvas: RGBA, one round pen, any size and place.

    canvas_px: another canvas, width and height, such as one that a line of writing fits.
    pen_px: the pen's width; by default drawn from `chance`, as are the drawing's size (35 to 90 %
    of the canvas) and its place. The same state of `chance` gives the same picture.
    """
    pen_px = float(chance.uniform(*PEN_PX)) if pen_px is None else pen_px
    lines = lay_out(strokes, chance, pen_px, canvas_px)

    # Greys are drawn and made smaller as one channel, in a third of the time of three.
    is_grey = len(set(ink)) == len(set(paper)) == 1
    sheet = Image.new(
        "L" if is_grey else "RGB",
        (canvas_px[0] * OVERSAMPLING, canvas_px[1] * OVERSAMPLING),
        paper[0] if is_grey else paper,
    )
    fill = ink[0] if is_grey else ink
    draw = ImageDraw.Draw(sheet)
    radius = pen_px / 2 * OVERSAMPLING
    width = max(round(pen_px * OVERSAMPLING), 1)
    for line in lines:
        places = line * OVERSAMPLING
        if len(places) > 1:
            draw.line([(x, y) for x, y in places], fill=fill, width=width, joint="curve")
        for x, y in places[[0, -1]]:  # round caps, which `line` does not draw
            draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=fill)
    return sheet.resize(canvas_px, Image.Resampling.LANCZOS).convert("RGBA")


def lay_out(
    strokes: Strokes,
    chance: np.random.Generator,
    pen_px: float,
    canvas_px: tuple[int, int] = (SIDE_PX, SIDE_PX),
) -> list[Line]:
    """Return where on the canvas a pen goes that draws these strokes: px, one line for each.

    Size and place are drawn from `chance`. What the pen covers stays on the canvas.
    """
    lines = to_lines(strokes)
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    sides_px = np.array(canvas_px, float)
    largest_px = float(chance.uniform(*SHARE_OF_SIDE)) * sides_px - pen_px
    scale = float((largest_px / np.maximum(high - low, 1.0)).min())
    room_px = np.maximum(sides_px - pen_px - (high - low) * scale, 0)
    corner = pen_px / 2 + chance.uniform(*PLACE, 2) * room_px
    return [(line - low) * scale + corner for line in lines]
