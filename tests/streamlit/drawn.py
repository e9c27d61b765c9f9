"""Drawings as the canvas component reports them to the page."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

from PIL import Image, ImageDraw

from tests.browser.strokes import DIGITS, Stroke, scaled

SIDE_PX = 280
INK, PAPER, PEN_PX = "#1f2340", "#ffffff", 18


def reported(strokes: list[Stroke]) -> dict[str, Any]:
    """Return the canvas's state after these strokes, in pixels."""
    pen = {"type": "Path", "stroke": INK, "strokeWidth": PEN_PX, "fill": None}
    objects = [{**pen, "path": _path(stroke)} for stroke in strokes]
    return {"drawing": {"raw": {"objects": objects}, "data": None}, "backgroundFit": None}


def digit(value: int, strokes: int | None = None) -> dict[str, Any]:
    """Return the canvas's state with a digit on it, or its first strokes only."""
    return reported(scaled(DIGITS[value], SIDE_PX)[:strokes])


def _path(stroke: Stroke) -> list[list[Any]]:
    """Return the curves that the library makes of a stroke."""
    middles = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in pairwise(stroke)]
    curves = [["Q", *point, *middle] for point, middle in zip(stroke, middles, strict=False)]
    return [["M", *stroke[0]], *curves, ["L", *stroke[-1]]]


def png_of(strokes: list[Stroke]) -> bytes:
    """Return what the canvas would hold after these strokes, in pixels, as a PNG."""
    image = Image.new("RGBA", (SIDE_PX, SIDE_PX), PAPER)
    draw = ImageDraw.Draw(image)
    for stroke in strokes:
        draw.line(stroke, fill=INK, width=PEN_PX, joint="curve")
        for x, y in (stroke[0], stroke[-1]):
            r = PEN_PX / 2
            draw.ellipse((x - r, y - r, x + r, y + r), fill=INK)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
