"""Sent drawings made ready for a network, each of them or the reason why it cannot be read."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from api.reading.sent_drawings import Sent
from api.reading.strokes_on_canvas import on_canvas
from model.errors import BadDrawing
from model.ink.images import open_image
from model.ink.pen_strokes import picture
from model.ink.preprocess import Prepared, prepare_and_count

PNG = b"\x89PNG\r\n\x1a\n"
MANY = 32  # drawings of a request: more are long work
LARGE_PIXELS, LARGE_BYTES = 1_000_000, 32 * 1024


def prepared(sent: Sequence[Sent]) -> list[Prepared | BadDrawing]:
    """Return every drawing as the networks of single characters read it, or what is wrong."""
    return [_attempt(one) for one in sent]


def are_large(sent: Sequence[Sent]) -> bool:
    """Return whether these take so long to be decoded that others should not stand behind them."""
    return len(sent) > MANY or any(_is_large(one.content) for one in sent)


def _attempt(one: Sent) -> Prepared | BadDrawing:
    try:
        if one.strokes is not None:
            return prepare_and_count(picture(on_canvas(one.strokes)))
        return prepare_and_count(open_image(one.content))
    except BadDrawing as refusal:
        return refusal


def _is_large(content: bytes) -> bool:
    """Tell by its size, and by a PNG's header: a blank sheet of 64 megapixels is a small file."""
    if len(content) > LARGE_BYTES:
        return True
    if content.startswith(PNG) and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return bool(width * height > LARGE_PIXELS)
    return False
