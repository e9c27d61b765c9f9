"""What people draw that is no digit, made up: what the network learns to refuse.

Letters are recorded ones (`ALLOWED_LETTERS`); everything else is generated here. None of these
generators is used for measuring: what is refused is measured on other kinds
(`model.evaluation.out_of_distribution`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from model.errors import BadDrawing
from model.ink.pen_lines import Line
from model.ink.preprocess import prepare
from model.synthesis.line_rendering import sketch

# Thirteen letters are kept for measuring, and are never trained on.
MEASURED_LETTERS = frozenset("AEHKRTfhknrty")
# Letters that many hands write as they write a digit, or as a part of one.
DIGIT_LIKE_LETTERS = frozenset("BDILOQSZbgiloqsz")
ALLOWED_LETTERS = (
    frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    - MEASURED_LETTERS
    - DIGIT_LIKE_LETTERS
)
CANVAS_PX = 96
Drawer = Callable[[np.random.Generator], list[Line]]
Painter = Callable[[np.random.Generator], NDArray[np.bool_]]


def walk(chance: np.random.Generator) -> list[Line]:
    """A pen that wanders."""
    steps = int(chance.integers(25, 120))
    deviation, inertia = chance.uniform(0.15, 0.9), chance.uniform(0.3, 0.95)
    turns = np.zeros(steps)
    for step in range(1, steps):
        turns[step] = inertia * turns[step - 1] + chance.normal(0, deviation)
    angles = chance.uniform(0, 2 * np.pi) + turns.cumsum()
    lengths = chance.uniform(0.5, 1.5, steps)[:, None]
    return [(np.stack([np.cos(angles), np.sin(angles)], axis=1) * lengths).cumsum(axis=0)]


def zigzag(chance: np.random.Generator) -> list[Line]:
    """To and fro, as when something is crossed out."""
    points = int(chance.integers(6, 16))
    x = np.linspace(0, 1, points) + chance.normal(0, 0.02, points)
    y = (np.arange(points) % 2) * chance.uniform(0.3, 1.3) + chance.normal(0, 0.08, points)
    return [np.stack([x, y], axis=1) @ _rotation(chance.uniform(0, np.pi))]


def loops(chance: np.random.Generator) -> list[Line]:
    """Round and round."""
    rounds = chance.uniform(2, 7)
    angles = np.linspace(0, 2 * np.pi * rounds, int(18 * rounds))
    knots = np.linspace(0, angles[-1], 6)
    radii = 1 + 0.4 * np.interp(angles, knots, chance.normal(size=6))
    flatness, drift = chance.uniform(0.3, 1), chance.normal(0, 0.12, 2)
    circle = np.stack([np.cos(angles), flatness * np.sin(angles)], axis=1)
    return [circle * radii[:, None] + angles[:, None] * drift]


def corners(chance: np.random.Generator) -> list[Line]:
    """Straight lines from place to place."""
    return [chance.uniform(0, 1, (int(chance.integers(5, 13)), 2))]


def dashes(chance: np.random.Generator) -> list[Line]:
    """Short strokes here and there."""
    lines = []
    for _ in range(int(chance.integers(4, 11))):
        middle, angle = chance.uniform(0, 1, 2), chance.uniform(0, 2 * np.pi)
        half = np.array([np.cos(angle), np.sin(angle)]) * chance.uniform(0.03, 0.25)
        bend = middle + chance.normal(0, 0.08, 2)
        lines.append(np.array([middle - half, bend, middle + half]))
    return lines


SYMBOLS: tuple[tuple[tuple[tuple[float, float], ...], ...], ...] = (
    (((0, 1), (0.5, 0), (1, 1), (0, 1)),),  # triangle
    (((0, 0), (1, 0), (1, 1), (0, 1), (0, 0)),),  # square
    (((0, 1), (0, 0.45), (0.5, 0), (1, 0.45), (1, 1), (0, 1)),),  # house
    (((0.2, 1), (0.5, 0), (0.8, 1), (0, 0.38), (1, 0.38), (0.2, 1)),),  # star
    (((0, 0.5), (1, 0.5)), ((0.65, 0.2), (1, 0.5), (0.65, 0.8))),  # arrow
    (((0, 0), (1, 1)), ((1, 0), (0, 1))),  # cross
    (((0.5, 0), (0.5, 1)), ((0, 0.5), (1, 0.5))),  # plus
    (
        (
            *((0.5, 1), (0.05, 0.5), (0.05, 0.15), (0.3, 0), (0.5, 0.25)),
            *((0.7, 0), (0.95, 0.15), (0.95, 0.5), (0.5, 1)),
        ),
    ),  # heart
    (
        ((0.5, 0.3), (0.5, 0.7), (0.25, 1)),
        ((0.5, 0.7), (0.75, 1)),
        ((0.2, 0.45), (0.8, 0.45)),
        ((0.5, 0.3), (0.4, 0.2), (0.4, 0.08), (0.5, 0), (0.6, 0.08), (0.6, 0.2), (0.5, 0.3)),
    ),  # person
    (
        (
            *((0.5, 0), (0.85, 0.15), (1, 0.5), (0.85, 0.85), (0.5, 1)),
            *((0.15, 0.85), (0, 0.5), (0.15, 0.15), (0.5, 0)),
        ),
        ((0.3, 0.3), (0.3, 0.4)),
        ((0.7, 0.3), (0.7, 0.4)),
        ((0.25, 0.6), (0.5, 0.78), (0.75, 0.6)),
    ),  # smile
    (((0, 0.3), (1, 0.3)), ((0, 0.7), (1, 0.7))),  # equals
    (((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5), (0.5, 0)),),  # diamond
    (((0, 0.2), (1, 0.2), (1, 0.8), (0, 0.8), (0, 0.2), (0.5, 0.55), (1, 0.2)),),  # envelope
)


def symbol(chance: np.random.Generator) -> list[Line]:
    """A house, a heart, a star and such."""
    return [np.array(line) for line in SYMBOLS[chance.integers(len(SYMBOLS))]]


def blot(chance: np.random.Generator) -> NDArray[np.bool_]:
    """A filled round shape."""
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    radii = np.ones(60)
    for wave in range(1, 6):
        radii += chance.normal(0, 0.28 / wave) * np.cos(wave * angles + chance.uniform(0, 6.3))
    circle = np.stack([np.cos(angles), chance.uniform(0.5, 1) * np.sin(angles)], axis=1)
    outline = circle * radii.clip(0.15)[:, None]
    outline = (outline - outline.min(axis=0)) / np.ptp(outline, axis=0).max()
    sheet = Image.new("1", (CANVAS_PX, CANVAS_PX))
    ImageDraw.Draw(sheet).polygon((outline * (CANVAS_PX - 4) + 2).ravel().tolist(), fill=1)
    return np.asarray(sheet)


def patches(chance: np.random.Generator) -> NDArray[np.bool_]:
    """Smooth noise, cut at a level; often in a disc."""
    noise = ndimage.gaussian_filter(
        chance.normal(size=(CANVAS_PX, CANVAS_PX)), chance.uniform(1, 9)
    )
    mask = noise > np.quantile(noise, chance.uniform(0.3, 0.85))
    if chance.random() < 0.6:
        y, x = np.mgrid[:CANVAS_PX, :CANVAS_PX] - CANVAS_PX / 2
        mask &= x**2 + y**2 < (CANVAS_PX * chance.uniform(0.3, 0.5)) ** 2
    return np.asarray(mask)


def pieces(chance: np.random.Generator) -> NDArray[np.bool_]:
    """Filled rectangles, ellipses and polygons, some of them holes."""
    sheet = Image.new("1", (CANVAS_PX, CANVAS_PX))
    pencil = ImageDraw.Draw(sheet)
    for number in range(int(chance.integers(1, 6))):
        spots = chance.uniform(4, CANVAS_PX - 4, (int(chance.integers(3, 7)), 2))
        fill = int(number == 0 or chance.random() < 2 / 3)
        kind = chance.integers(3)
        box = [*spots[:2].min(axis=0), *(spots[:2].max(axis=0) + 3)]
        if kind == 0:
            pencil.rectangle(box, fill=fill)
        elif kind == 1:
            pencil.ellipse(box, fill=fill)
        else:
            pencil.polygon(spots.ravel().tolist(), fill=fill)
    return np.asarray(sheet)


def smear(chance: np.random.Generator) -> NDArray[np.bool_]:
    """Something rubbed over with a broad pen until it is a spot."""
    turns = int(chance.integers(6, 26))
    spots = chance.normal(0.5, 0.17, (turns, 2)) * [1, chance.uniform(0.7, 1)]  # flatter: a one
    places = CANVAS_PX * (0.1 + 0.8 * spots.clip(0, 1)) @ _rotation(chance.uniform(0, np.pi))
    places += CANVAS_PX / 2 - (places.min(axis=0) + places.max(axis=0)) / 2
    radius = CANVAS_PX * chance.uniform(0.06, 0.16)
    sheet = Image.new("1", (CANVAS_PX, CANVAS_PX))
    pencil = ImageDraw.Draw(sheet)
    pencil.line(places.ravel().tolist(), fill=1, width=round(2 * radius), joint="curve")
    for x, y in places.tolist():
        pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=1)
    return np.asarray(sheet)


def crumbs(chance: np.random.Generator) -> NDArray[np.bool_]:
    """Round spots of about one size, strewn; no noise of pixels, which is measured."""
    sheet = Image.new("1", (CANVAS_PX, CANVAS_PX))
    pencil = ImageDraw.Draw(sheet)
    size = chance.uniform(1.5, 7)
    for _ in range(int(chance.integers(6, 90))):
        x, y = chance.uniform(0, CANVAS_PX, 2)
        radius = size * chance.uniform(0.7, 1.3)
        pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=1)
    return np.asarray(sheet)


DRAWERS: tuple[tuple[Drawer, float], ...] = (
    (walk, 0.11),
    (zigzag, 0.045),
    (loops, 0.07),
    (corners, 0.06),
    (dashes, 0.04),
    (symbol, 0.045),
)
PAINTERS: tuple[tuple[Painter, float], ...] = (
    (blot, 0.12),
    (smear, 0.105),
    (patches, 0.105),
    (pieces, 0.105),
    (crumbs, 0.03),
)
# Made of digits: mirrored or lying on their side; crossed out. The rest: two side by side.
TURNED, CROSSED_OUT = 0.09, 0.045
MIRRORED = frozenset("23457")  # of these, none is a digit then
MOST_ATTEMPTS = 20


def nondigit(
    digits: Sequence[tuple[str, list[Line]]], chance: np.random.Generator
) -> NDArray[np.uint8]:
    """Return something that is no digit, prepared like any drawing: uint8 (28, 28).

    digits: labels and lines of some recorded digits, of which at times one is mirrored, turned or
    crossed out, or two are put side by side; may be none.
    """
    for _ in range(MOST_ATTEMPTS):
        try:
            return prepare(_picture(digits, chance))
        except BadDrawing:
            continue  # all paper, say: the next one
    raise AssertionError(f"{MOST_ATTEMPTS} drawings in a row without ink")


def _picture(
    digits: Sequence[tuple[str, list[Line]]], chance: np.random.Generator
) -> NDArray[np.uint8]:
    kind = chance.random()
    for drawer, share in DRAWERS:
        kind -= share
        if kind < 0:
            return sketch(drawer(chance), chance)
    for painter, share in PAINTERS:
        kind -= share
        if kind < 0:
            margin = int(CANVAS_PX * chance.uniform(0.05, 0.4))
            return np.pad(painter(chance), margin).astype(np.uint8) * 255
    turnable = [lines for label, lines in digits if label in MIRRORED]
    if not turnable:
        return sketch(walk(chance), chance)
    if kind < TURNED:
        return sketch(_turned(turnable, chance), chance)
    kind -= TURNED
    recorded = [lines for _, lines in digits]
    if kind < CROSSED_OUT:
        return sketch(crossed_out(recorded, chance), chance)
    return sketch(side_by_side(recorded, chance), chance)


def _turned(digits: Sequence[list[Line]], chance: np.random.Generator) -> list[Line]:
    """Return a digit mirrored, or turned to either side."""
    x_from_x, x_from_y, y_from_x, y_from_y = ((-1, 0, 0, 1), (0, 1, -1, 0), (0, -1, 1, 0))[
        int(chance.integers(3))
    ]
    turn = np.array([[x_from_x, y_from_x], [x_from_y, y_from_y]])
    return [line @ turn for line in digits[int(chance.integers(len(digits)))]]


def crossed_out(digits: Sequence[Sequence[Line]], chance: np.random.Generator) -> list[Line]:
    """Return a digit with a zigzag or loops over it, as large as itself or larger."""
    over = (zigzag, loops)[int(chance.integers(2))](chance)
    size = chance.uniform(0.9, 1.4)
    return [
        *_centred(digits[int(chance.integers(len(digits)))]),
        *(size * line for line in _centred(over)),
    ]


def _centred(lines: Sequence[Line]) -> list[Line]:
    """Return lines around 0, with their longest side 1."""
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    return [(line - (low + high) / 2) / max(float((high - low).max()), 1e-6) for line in lines]


def side_by_side(digits: Sequence[Sequence[Line]], chance: np.random.Generator) -> list[Line]:
    """Return two digits beside each other, from touching to apart, at about one height."""
    left, right = (digits[int(chance.integers(len(digits)))] for _ in range(2))
    width = float(np.concatenate(left)[:, 0].max())
    shift = np.array([width * chance.uniform(0.7, 1.3) + 15, chance.normal(0, 15)])
    return [*left, *(line + shift for line in right)]


def _rotation(angle: float) -> NDArray[np.float64]:
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
