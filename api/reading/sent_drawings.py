"""What a request sends to be read: pictures in a form, in JSON or as they are, or strokes."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from api.reading.form_parts import form_parts
from api.rules.problems import Problem

MOST_DRAWINGS = 256
LONGEST_NAME = 200
JSON_FORM = (
    'expected {"image": "<base64>"} or {"images": [...]}, or {"strokes": [[[x, ...], [y, ...]], '
    '...]} or {"drawings": [<strokes>, ...]}'
)
NOTHING = "there is nothing to read: send a picture, or strokes"
KINDS = "send multipart/form-data with pictures, application/json, or a picture as image/..."
FIELDS = ("image", "images", "strokes", "drawings")


@dataclass(frozen=True)
class Sent:
    """One drawing as it was sent: a picture file's content, or strokes that nobody has checked."""

    name: str
    content: bytes = b""
    strokes: Any = None


async def sent_drawings(request: Request) -> list[Sent]:
    """Return what there is to read, 1 to 256 drawings; raise `Problem` for everything else."""
    content_type = request.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    body = await request.body()
    if kind == "multipart/form-data":
        sent = _of_form(content_type, body)
    elif kind == "application/json":
        sent = _of_json(body)
    elif kind.startswith("image/"):
        sent = [Sent("image", body)] if body else []
    else:
        raise Problem(415, KINDS)
    if not sent:
        raise Problem(422, NOTHING)
    if len(sent) > MOST_DRAWINGS:
        raise Problem(422, f"at most {MOST_DRAWINGS} drawings a request, not {len(sent):,}")
    return sent


def _of_form(content_type: str, body: bytes) -> list[Sent]:
    sent = []
    for number, part in enumerate(form_parts(content_type, body), start=1):
        if part.file_name is None and part.name == "strokes":
            sent.append(Sent(f"strokes-{number}", strokes=_parsed(part.content)))
        elif part.file_name is not None:
            sent.append(Sent(part.file_name[:LONGEST_NAME] or f"image-{number}", part.content))
    return sent


def _of_json(body: bytes) -> list[Sent]:
    asked = _parsed(body)
    if not isinstance(asked, dict):
        raise Problem(422, JSON_FORM)
    given = [field for field in FIELDS if field in asked]
    if len(given) != 1 or len(asked) != 1:
        raise Problem(422, JSON_FORM)
    (field,) = given
    value = asked[field]
    if field == "strokes":
        return [Sent("strokes", strokes=value)]
    if field == "image":
        return [Sent("image", _decoded(value, "image"))]
    if not isinstance(value, list):
        raise Problem(422, JSON_FORM)
    if len(value) > MOST_DRAWINGS:  # before any of them is decoded
        raise Problem(422, f"at most {MOST_DRAWINGS} drawings a request, not {len(value):,}")
    if field == "drawings":
        return [Sent(f"strokes-{n}", strokes=one) for n, one in enumerate(value, start=1)]
    return [Sent(f"image-{n}", _decoded(one, f"image {n}")) for n, one in enumerate(value, start=1)]


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem(422, "this is no JSON") from error


def _decoded(text: object, name: str) -> bytes:
    if not isinstance(text, str):
        raise Problem(422, f"{name}: expected a picture file in base64")
    if text.startswith("data:"):  # as a browser's canvas gives it
        text = text.partition(",")[2]
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Problem(422, f"{name}: this is no base64") from error
    if not content:
        raise Problem(422, f"{name}: expected a picture file in base64, not nothing")
    return content
