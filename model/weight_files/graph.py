"""`NAME.onnx`: the graph that predicts, with the card of the tensors in it.

An ONNX file is a protocol buffer: fields one after the other, each with its number and its length.
Its card stands in the field for metadata, so that no more of the format has to be known here. Where
it is written: https://protobuf.dev/programming-guides/encoding and onnx.proto.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from model.errors import BadWeights
from model.weight_files.card import Card, damaged, from_header, to_header
from model.weight_files.places import read_bytes

METADATA = 14  # `metadata_props` of a ModelProto: entries of a key (1) and a value (2)
GRAPH_DIGEST = "graph_digest"
VARINT, FIXED_64, BYTES, FIXED_32 = 0, 1, 2, 5  # how a field's value is written


def with_card(graph: bytes, card: Card) -> bytes:
    """Return the content of a file: a model, the completed card of its tensors, and its digest.

    graph: an ONNX model without metadata.
    """
    header = to_header(card, **{GRAPH_DIGEST: hashlib.sha256(graph).hexdigest()})
    entries = (
        _field(1, name.encode()) + _field(2, header[name].encode()) for name in sorted(header)
    )
    return graph + b"".join(_field(METADATA, entry) for entry in entries)


def read_graph(path: Path) -> tuple[bytes, Card]:
    """Return an ONNX model, without its metadata, and its card, as they were written.

    Raises WeightsNotFound where there is no file, BadWeights for pickles (never opened), foreign
    files, and those that are cut off or of which a single bit is another.
    """
    return parse_graph(read_bytes(path), path)


def parse_graph(content: bytes, path: Path) -> tuple[bytes, Card]:
    """Return the same of a file's content; path: where it is from, for what is raised."""
    header, parts = {}, []
    try:
        for number, whole, value in _fields(content):
            if number == METADATA:
                entry = {part: text.decode() for part, _, text in _fields(value)}
                header[entry[1]] = entry.get(2, "")
            else:
                parts.append(whole)
    except (ValueError, KeyError) as error:
        raise BadWeights(
            f"{path} is no weights file of Inkling's, or is cut off: "
            "it must be a whole .onnx file that `python run_model.py` wrote"
        ) from error
    card = from_header(path, header)
    graph = b"".join(parts)
    if header.get(GRAPH_DIGEST) != hashlib.sha256(graph).hexdigest():
        raise damaged(path, "its graph")
    return graph, card


def _fields(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield each field's number, the whole of it, and its value, b"" for a number.

    Raises ValueError where the content is none, or ends within a field.
    """
    place = 0
    while place < len(content):
        start = place
        key, place = _varint(content, place)
        kind, value_start = key & 7, place
        if kind == VARINT:
            _, place = _varint(content, place)
        elif kind == BYTES:
            length, value_start = _varint(content, place)
            place = value_start + length
        elif kind in (FIXED_64, FIXED_32):
            place += 8 if kind == FIXED_64 else 4
        else:
            raise ValueError(f"there is no kind {kind} of field")
        if place > len(content) or key < 8:  # no field has the number 0
            raise ValueError("a field is cut off")
        yield key >> 3, content[start:place], content[value_start:place] if kind == BYTES else b""


def _varint(content: bytes, place: int) -> tuple[int, int]:
    """Return the number at a place, seven bits to a byte, the lowest first, and where it ends."""
    number = shift = 0
    while place < len(content) and shift < 64:
        byte = content[place]
        number |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return number, place
    raise ValueError("a number is cut off")


def _field(number: int, value: bytes) -> bytes:
    return bytes([number << 3 | BYTES]) + _to_varint(len(value)) + value


def _to_varint(number: int) -> bytes:
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*encoded, number])
