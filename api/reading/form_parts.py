"""The parts of a `multipart/form-data` body that is in memory (RFC 7578)."""

from __future__ import annotations

from typing import NamedTuple

from python_multipart.multipart import parse_options_header

from api.rules.problems import Problem

MOST_PARTS = 300
LONGEST_BOUNDARY = 200
MALFORMED = "this body is no multipart/form-data: {}"


class Part(NamedTuple):
    """A part of a form: a field, or a file where it has a file's name."""

    name: str
    file_name: str | None
    content: bytes


def form_parts(content_type: str, body: bytes) -> list[Part]:
    """Return the parts in their order; raise `Problem` 400 for what is no such body."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if not 0 < len(boundary) <= LONGEST_BOUNDARY:
        raise Problem(400, MALFORMED.format("its Content-Type names no boundary"))
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_PARTS + 2)
    if len(pieces) > MOST_PARTS + 1:
        raise Problem(413, f"a form has at most {MOST_PARTS} parts")
    # What stands before the first boundary and after the last is nobody's.
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise Problem(400, MALFORMED.format("its end is missing"))
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> Part:
    head, separator, content = piece.lstrip(b" \t").removeprefix(b"\r\n").partition(b"\r\n\r\n")
    if not separator:
        raise Problem(400, MALFORMED.format("a part has no head"))
    for line in head.split(b"\r\n"):
        key, _, value = line.partition(b":")
        if key.strip().lower() == b"content-disposition":
            kind, options = parse_options_header(value.strip())
            name = options.get(b"name")
            if kind != b"form-data" or name is None:
                break
            file_name = options.get(b"filename")
            return Part(_text(name), None if file_name is None else _text(file_name), content)
    raise Problem(400, MALFORMED.format("a part does not say its name"))


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
