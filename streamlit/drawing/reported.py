"""What a canvas reports, checked as if a stranger had made it, before anything of it is used."""

from __future__ import annotations

import base64
import binascii
import io
import math
from collections.abc import Mapping
from typing import Any

from PIL import Image

MOST_STROKES = 500
MOST_POINTS = 50_000  # in all strokes; a minute of drawing has some 4,000
MOST_PIXELS = 2000 * 2000  # of the picture: the canvas on the densest of displays has a third
MOST_CHARACTERS = 4_000_000  # of the picture; such a canvas has a tenth of it
PICTURE = "data:image/png;base64,"
LARGEST_PX = 1e6  # of a coordinate; a pen may leave the canvas


class BadReport(ValueError):
    """No canvas reports such a thing; the message says what it was, for the log."""


def checked_marks(drawing: object) -> list[dict[str, Any]]:
    """Return the strokes of a canvas's report, each with its colour and its path alone.

    drawing: `{"raw": {"objects": [{"path": [["M", x, y], ...]}, ...]}, "data": ...}`.
    """
    raw = _mapping(drawing, "a drawing").get("raw")
    objects = _mapping(raw, "its strokes").get("objects", [])
    if not isinstance(objects, list) or len(objects) > MOST_STROKES:
        raise BadReport(f"strokes that are no list of at most {MOST_STROKES}")
    marks = [_mapping(one, "a stroke") for one in objects]
    paths = [mark.get("path") for mark in marks]
    if any(path is not None and not isinstance(path, list) for path in paths):
        raise BadReport("a stroke whose path is no list")
    if sum(len(path or []) for path in paths) > MOST_POINTS:
        raise BadReport(f"more than {MOST_POINTS:,} points")
    for path in paths:
        for command in path or []:
            _check_command(command)
    return [dict(mark) for mark in marks]


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadReport(f"{name} of the type {type(value).__name__}")
    return value


def _check_command(command: object) -> None:
    """Look at one step of the pen: a letter and one to three points."""
    if not isinstance(command, list | tuple) or len(command) not in (3, 5, 7):
        raise BadReport("a step of the pen that has not one to three points")
    if command[0] not in ("M", "L", "Q", "C"):
        raise BadReport("a step of the pen that is none")
    for number in command[1:]:
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        if not is_number or not math.isfinite(number) or abs(number) > LARGEST_PX:
            raise BadReport("a point that is no two numbers")


def checked_picture(data_url: object) -> Image.Image | None:
    """Return the picture of a canvas's report, decoded; None where it has none."""
    if data_url is None or data_url == "":
        return None
    if not isinstance(data_url, str) or not data_url.startswith(PICTURE):
        raise BadReport("a picture that is no PNG in an address")
    if len(data_url) > MOST_CHARACTERS:
        raise BadReport(f"a picture of {len(data_url):,} characters")
    try:
        content = base64.b64decode(data_url.removeprefix(PICTURE), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadReport("a picture that is no base64") from error
    try:
        image = Image.open(io.BytesIO(content), formats=("PNG",))
        if image.width * image.height > MOST_PIXELS:
            raise BadReport(f"a picture of {image.width} x {image.height} pixels")
        image.load()
    except BadReport:
        raise
    except Exception as error:  # Pillow's readers raise a dozen kinds on damaged files
        raise BadReport("a picture that cannot be decoded") from error
    return image
