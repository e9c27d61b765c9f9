"""Hands whose characters are boxes, so that where each stands can be read off."""

from __future__ import annotations

from collections.abc import Sequence

from model.composition.hands import Hand, gather_hands
from model.pen.drawings import PenDrawing

BOX = [[[0, 200, 200, 0, 0], [0, 0, 250, 250, 0]]]


def boxes(labels: str, writer: str = "one", site: str = "syn") -> list[PenDrawing]:
    return [PenDrawing(label, writer, site, BOX) for label in labels]


def hand(labels: str) -> Hand:
    (only,) = gather_hands(boxes(labels))
    return only


def box_of(strokes: Sequence[Sequence[Sequence[float]]]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom."""
    x = [value for stroke in strokes for value in stroke[0]]
    y = [value for stroke in strokes for value in stroke[1]]
    return min(x), min(y), max(x), max(y)
