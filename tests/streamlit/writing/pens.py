"""Strokes as the pad in a browser sends them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def sent(
    strokes: Sequence[Sequence[Sequence[float]]], height: float = 120, left: float = 40
) -> list[dict[str, Any]]:
    """Return recorded strokes so high, 60 px below the upper edge of the paper."""
    ys = [y for _, stroke_ys in strokes for y in stroke_ys]
    xs = [x for stroke_xs, _ in strokes for x in stroke_xs]
    scale = height / max(max(ys) - min(ys), 1)
    return [
        {
            "x": [round(left + (x - min(xs)) * scale, 1) for x in stroke_xs],
            "y": [round(60 + (y - min(ys)) * scale, 1) for y in stroke_ys],
            "pen": 9,
        }
        for stroke_xs, stroke_ys in strokes
    ]
