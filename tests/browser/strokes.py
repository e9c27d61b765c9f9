"""Each digit as this project's own hand writes it, and how to draw it on a canvas of any size."""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = tuple[float, float]
Stroke = list[Point]


def _arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> Stroke:
    """Return points on an ellipse; degrees run clockwise from three o'clock, as y points down."""
    steps = max(int(abs(end - start) / 12), 2)
    angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


# In a square of side 1, y down; the strokes in the order in which they are written.
DIGITS: dict[int, list[Stroke]] = {
    0: [_arc(0.5, 0.5, 0.22, 0.34, -90, -450)],
    1: [[(0.55, 0.13), (0.52, 0.38), (0.49, 0.62), (0.46, 0.87)]],
    2: [
        [
            *_arc(0.5, 0.34, 0.21, 0.20, -170, 25),
            (0.52, 0.62),
            (0.28, 0.85),
            (0.50, 0.84),
            (0.76, 0.84),
        ]
    ],
    3: [
        [
            *_arc(0.47, 0.32, 0.20, 0.17, -150, 80),
            (0.44, 0.49),
            *_arc(0.47, 0.67, 0.23, 0.19, -80, 150),
        ]
    ],
    4: [
        [(0.40, 0.14), (0.32, 0.36), (0.25, 0.56), (0.50, 0.57), (0.78, 0.55)],
        [(0.62, 0.30), (0.61, 0.60), (0.60, 0.88)],
    ],
    5: [
        [(0.36, 0.16), (0.34, 0.32), (0.32, 0.45), *_arc(0.46, 0.64, 0.22, 0.20, -115, 140)],
        [(0.36, 0.16), (0.54, 0.15), (0.72, 0.15)],
    ],
    6: [[(0.62, 0.14), (0.45, 0.28), (0.34, 0.48), *_arc(0.49, 0.67, 0.18, 0.18, -190, -545)]],
    7: [[(0.26, 0.18), (0.50, 0.17), (0.74, 0.17), (0.60, 0.46), (0.46, 0.86)]],
    8: [
        [
            *_arc(0.5, 0.32, 0.17, 0.17, -30, -270),
            *_arc(0.5, 0.67, 0.20, 0.18, -90, 270),
            *_arc(0.5, 0.32, 0.17, 0.17, 90, -30),
        ]
    ],
    9: [
        [
            *_arc(0.48, 0.34, 0.18, 0.19, -20, -380),
            (0.65, 0.50),
            (0.61, 0.70),
            (0.55, 0.87),
        ]
    ],
}


def scaled(strokes: Sequence[Stroke], side_px: float) -> list[Stroke]:
    """Return strokes for a square canvas of this side."""
    return [[(x * side_px, y * side_px) for x, y in stroke] for stroke in strokes]


def from_quick_draw(drawing: Sequence[Sequence[Sequence[float]]]) -> list[Stroke]:
    """Return a drawing in Quick, Draw! form, 0..255, as strokes in the middle of a unit square."""
    xs = [x for stroke in drawing for x in stroke[0]]
    ys = [y for stroke in drawing for y in stroke[1]]
    side = max(max(xs) - min(xs), max(ys) - min(ys), 1)
    shift_x = 0.5 - (max(xs) + min(xs)) / 2 / side * 0.7
    shift_y = 0.5 - (max(ys) + min(ys)) / 2 / side * 0.7
    return [
        [(x / side * 0.7 + shift_x, y / side * 0.7 + shift_y) for x, y in zip(*stroke, strict=True)]
        for stroke in drawing
    ]
