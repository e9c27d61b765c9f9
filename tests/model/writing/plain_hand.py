"""Plain printed writing as recorded strokes: straight lines and arcs, one unit a line's height."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from model.ink.pen_lines import Line, draw_line

GAP, WORD_GAP, HEIGHT = 0.3, 0.9, 100.0
Point = tuple[float, float]


def _arc(x: float, y: float, wide: float, high: float, start: float, end: float) -> list[Point]:
    """Return part of an ellipse around (x, y); angles in degrees, clockwise from the right."""
    angles = np.deg2rad(np.linspace(start, end, 24))
    return [(x + wide * float(np.cos(a)), y + high * float(np.sin(a))) for a in angles]


GLYPHS: dict[str, list[list[Point]]] = {
    "1": [[(0.2, 0), (0.2, 1)]],
    "2": [[*_arc(0.3, 0.28, 0.3, 0.28, 200, 390), (0, 1), (0.62, 1)]],
    "3": [[*_arc(0.25, 0.25, 0.28, 0.25, 200, 450), *_arc(0.25, 0.74, 0.3, 0.26, 270, 520)]],
    "4": [[(0.4, 0), (0, 0.62), (0.65, 0.62)], [(0.45, 0.3), (0.45, 1)]],
    "7": [[(0, 0), (0.6, 0), (0.2, 1)]],
    "0": [_arc(0.32, 0.5, 0.32, 0.5, 270, 630)],
    "A": [[(0.35, 0), (0, 1)], [(0.35, 0), (0.7, 1)], [(0.12, 0.6), (0.58, 0.6)]],
    "E": [[(0, 0), (0, 1)], [(0, 0), (0.5, 0)], [(0, 0.5), (0.42, 0.5)], [(0, 1), (0.5, 1)]],
    "H": [[(0, 0), (0, 1)], [(0.6, 0), (0.6, 1)], [(0, 0.5), (0.6, 0.5)]],
    "L": [[(0, 0), (0, 1), (0.5, 1)]],
    "M": [[(0, 1), (0, 0), (0.4, 0.7), (0.8, 0), (0.8, 1)]],
    "N": [[(0, 1), (0, 0), (0.6, 1), (0.6, 0)]],
    "T": [[(0, 0), (0.7, 0)], [(0.35, 0), (0.35, 1)]],
    "i": [[(0, 0.45), (0, 1)], [(0, 0.2), (0.02, 0.24)]],
    "t": [[(0.2, 0.1), (0.2, 1)], [(0, 0.4), (0.42, 0.4)]],
    "n": [[(0, 0.45), (0, 1), (0, 0.65), *_arc(0.2, 0.62, 0.2, 0.17, 190, 360), (0.4, 1)]],
}


def write(text: str, *, left: float = 0.0, top: float = 0.0) -> list[list[list[float]]]:
    """Return a text's strokes in Quick, Draw! form; spaces part words, line breaks rows."""
    strokes: list[list[list[float]]] = []
    x = left
    for character in text:
        if character == "\n":
            x, top = left, top + 1.8 * HEIGHT
            continue
        if character == " ":
            x += WORD_GAP * HEIGHT
            continue
        glyph = [np.array(stroke) * HEIGHT + (x, top) for stroke in GLYPHS[character]]
        strokes += [stroke.T.tolist() for stroke in glyph]
        x = max(float(stroke[:, 0].max()) for stroke in glyph) + GAP * HEIGHT
    return strokes


def picture(strokes: Sequence[Sequence[Sequence[float]]], margin_px: int = 30) -> NDArray[np.uint8]:
    """Return strokes drawn white on black, a pixel a unit: uint8 (H, W)."""
    lines: list[Line] = [np.array(stroke, float).T + margin_px for stroke in strokes]
    wide, high = (np.concatenate(lines).max(axis=0) + margin_px).astype(int).tolist()
    sheet = Image.new("L", (wide, high), 0)
    pencil = ImageDraw.Draw(sheet)
    for line in lines:
        draw_line(pencil, line, 8)
    return np.asarray(sheet)
