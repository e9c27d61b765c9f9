"""Sent drawings made ready for a network, each of them or the reason why it cannot be read."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from enum import Enum, auto

from api.reading.sent_drawings import Sent
from api.reading.strokes_on_canvas import on_canvas
from model.errors import BadDrawing
from model.ink.images import open_image
from model.ink.pen_strokes import picture
from model.ink.preprocess import Prepared, prepare_and_count

PNG = b"\x89PNG\r\n\x1a\n"
MANY = 32  # drawings of a request: more are long work
LARGE_PIXELS, LARGE_BYTES = 1_000_000, 32 * 1024
TINY_PIXELS = 32 * 32  # the worst of them takes 4 ms, where one of 64 x 64 may take 40


class Effort(Enum):
    """What it takes to make the drawings of a request ready."""

    TINY = auto()  # less than to hand them to another thread and back
    SMALL = auto()
    LARGE = auto()  # so much that others should not stand behind them


def prepared(sent: Sequence[Sent]) -> list[Prepared | BadDrawing]:
    """Return every drawing as the networks of single characters read it, or what is wrong."""
    return [_attempt(one) for one in sent]


def effort_of(sent: Sequence[Sent]) -> Effort:
    """Return what it takes to decode these drawings and to lay them out."""
    if len(sent) > MANY:
        return Effort.LARGE
    efforts = [_effort(one.content) for one in sent]
    if len(sent) > 1:
        return Effort.LARGE if Effort.LARGE in efforts else Effort.SMALL
    return efforts[0]


def _attempt(one: Sent) -> Prepared | BadDrawing:
    try:
        if one.strokes is not None:
            return prepare_and_count(picture(on_canvas(one.strokes)))
        return prepare_and_count(open_image(one.content))
    except BadDrawing as refusal:
        return refusal


def _effort(content: bytes) -> Effort:
    """Tell by its size, and by a PNG's header: a blank sheet of 64 megapixels is a small file."""
    if len(content) > LARGE_BYTES:
        return Effort.LARGE
    if content.startswith(PNG) and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        if width * height > LARGE_PIXELS:
            return Effort.LARGE
        if width * height <= TINY_PIXELS:
            return Effort.TINY
    return Effort.SMALL
