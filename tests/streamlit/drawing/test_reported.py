"""What a canvas reports is looked at before anything is made of it."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from drawing.reported import BadReport, checked_marks, checked_picture
from tests.streamlit.drawn import digit


def url_of(content: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def png(width: int, height: int) -> bytes:
    content = io.BytesIO()
    Image.new("L", (width, height)).save(content, "PNG")
    return content.getvalue()


def test_a_real_drawing_passes_as_it_is():
    drawing = digit(4)["drawing"]

    assert checked_marks(drawing) == drawing["raw"]["objects"]
    picture = checked_picture(drawing["data"])
    assert picture is not None
    assert picture.size == (280, 280)


def test_a_canvas_without_a_picture_has_none():
    assert checked_picture(None) is None


@pytest.mark.parametrize("step", [["M", 1], ["M", "1", 2], ["A", 1, 2], ["M", float("nan"), 2]])
def test_a_step_of_the_pen_is_a_letter_and_finite_numbers(step: list[Any]):
    with pytest.raises(BadReport):
        checked_marks({"raw": {"objects": [{"path": [step]}]}})


def test_strokes_and_points_are_counted_before_they_are_looked_at():
    with pytest.raises(BadReport, match="at most 500"):
        checked_marks({"raw": {"objects": [{}] * 501}})
    with pytest.raises(BadReport, match="50,000 points"):
        checked_marks({"raw": {"objects": [{"path": [None] * 50_001}]}})


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (7, "no PNG"),
        ("/etc/passwd", "no PNG"),
        (url_of(png(5, 5), "svg+xml"), "no PNG"),
        ("data:image/png;base64," + "A" * 4_000_001, "characters"),
        ("data:image/png;base64,%%%", "no base64"),
        (url_of(b"no picture"), "cannot be decoded"),
        (url_of(png(280, 280)[:80]), "cannot be decoded"),
    ],
)
def test_what_is_no_picture_of_a_canvas_is_said_for_the_log(picture: object, words: str):
    with pytest.raises(BadReport, match=words):
        checked_picture(picture)


def test_a_picture_is_measured_before_it_is_decoded():
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 9_000, 9_000, 8, 0, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000))

    with pytest.raises(BadReport, match="9000 x 9000 pixels"):
        checked_picture(url_of(bomb))
