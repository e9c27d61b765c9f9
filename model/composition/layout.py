"""Characters of one hand set side by side, as that hand would have written the line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.composition.hands import Glyph, Hand
from model.composition.letter_heights import (
    BOTTOM_DEVIATION,
    GAP,
    GAP_DEVIATION,
    HEIGHTS,
    TOP_DEVIATION,
    WORD_GAP,
)
from model.ink.pen_lines import Line
from model.pen.written_lines import WrittenLine

HEIGHT = 255.0  # of a line, as of a recorded one
TOUCHING, WIDE = 0.15, 0.2  # shares of lines
TOUCHING_GAPS, WIDE_GAPS = (-0.12, 0.03), (0.45, 1.2)  # in heights of a capital, as all that follow
GAP_SPREAD = 0.45  # of the logarithm
DEEPEST_OVERLAP = -0.3
WORD_GAPS = 0.4, 2.6
SMALL = 0.1  # deviation of the logarithm of how high small letters are, by capitals
SLANT, STRETCH, TURN_DEG = 0.12, 0.1, 2.0  # deviations: of lines the first two, of characters
RISE, WAVE, JUMP = 0.03, 0.05, 0.025  # of the baseline: for each width, over a line, of characters
WIDEST = 2.2  # a character


@dataclass(frozen=True)
class Style:
    """How a line is written; all of its characters share it."""

    small: float
    slant: float
    stretch: float
    gap: float
    gap_deviation: float
    rise: float
    wave: float
    phase: float
    wavelength: float


def draw_style(chance: np.random.Generator) -> Style:
    """Return a style: spacing from touching to wide, slant, and how the baseline drifts."""
    kind = chance.random()
    if kind < TOUCHING:
        gap, deviation = chance.uniform(*TOUCHING_GAPS), 0.04
    elif kind < TOUCHING + WIDE:
        gap, deviation = chance.uniform(*WIDE_GAPS), GAP_DEVIATION
    else:
        gap = GAP * np.exp(chance.normal(0, GAP_SPREAD))
        deviation = GAP_DEVIATION * chance.uniform(0.2, 1)
    return Style(
        small=float(np.exp(chance.normal(0, SMALL))),
        slant=float(chance.normal(0, SLANT)),
        stretch=float(np.exp(chance.normal(0, STRETCH))),
        gap=float(gap),
        gap_deviation=float(deviation),
        rise=float(chance.normal(0, RISE)),
        wave=float(chance.normal(0, WAVE)),
        phase=float(chance.uniform(0, 2 * np.pi)),
        wavelength=float(chance.uniform(3, 12)),
    )


def compose(
    hand: Hand, text: str, chance: np.random.Generator, style: Style | None = None
) -> WrittenLine:
    """Return the text as this hand might have written it, with the strokes of each character.

    text: of characters that the hand has, words parted by single spaces. The same state of
    `chance` gives the same line; style: drawn from it by default.
    Raises KeyError for a character that the hand does not have.
    """
    style = style or draw_style(chance)
    strokes: list[Line] = []
    characters: list[tuple[int, ...]] = []
    pen, is_first = 0.0, True
    for character in text:
        if character == " ":
            gap = WORD_GAP * np.exp(chance.normal(0, 0.35)) + max(style.gap, 0)
            pen += float(np.clip(gap, *WORD_GAPS))
            is_first = True
            continue
        known = hand.glyphs[character]
        glyph = _set(known[int(chance.integers(len(known)))], character, style, chance)
        if not is_first:
            gap = style.gap + chance.normal(0, style.gap_deviation)
            pen += max(float(gap), DEEPEST_OVERLAP)
        is_first = False
        left, right = _reach(glyph)
        drift = style.rise * pen + chance.normal(0, JUMP)
        drift += style.wave * np.sin(style.phase + 2 * np.pi * pen / style.wavelength)
        shift = np.array([pen - left, drift])
        characters.append(tuple(range(len(strokes), len(strokes) + len(glyph))))
        strokes += [line + shift for line in glyph]
        pen += right - left
    return WrittenLine(text, hand.writer, hand.source, _scaled(strokes), tuple(characters))


def _set(glyph: Glyph, character: str, style: Style, chance: np.random.Generator) -> Glyph:
    """Return a glyph in heights of a capital, y down, 0 on the baseline; slanted and turned."""
    points = np.concatenate(glyph)
    low, high = points.min(axis=0), points.max(axis=0)
    top, bottom = HEIGHTS[character]
    if top < 0.7:  # without an ascender
        top, bottom = top * style.small, bottom * style.small
    top += chance.normal(0, TOP_DEVIATION)
    bottom += chance.normal(0, BOTTOM_DEVIATION)
    height, width = float(high[1] - low[1]), float(high[0] - low[0])
    # A flat one, such as a one that lies on its side, stays as small as its width allows.
    scale = min(max(top - bottom, 0.2) / max(height, 1e-6), WIDEST / max(width, 1e-6))
    foot = np.array([(low[0] + high[0]) / 2, high[1]])
    angle = np.deg2rad(chance.normal(0, TURN_DEG))
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turned @ np.array([[style.stretch, -style.slant], [0, 1]]) * scale
    return [(line - foot) @ linear.T - (0, bottom) for line in glyph]


def _reach(glyph: Glyph) -> tuple[float, float]:
    x = np.concatenate(glyph)[:, 0]
    return float(x.min()), float(x.max())


def _scaled(strokes: list[Line]) -> list[list[list[float]]]:
    """Return strokes in the form of recorded lines: from the origin, 255 high."""
    points = np.concatenate(strokes)
    low = points.min(axis=0)
    scale = HEIGHT / max(float(points[:, 1].max() - low[1]), 1e-6)
    return [np.round((line - low) * scale, 1).T.tolist() for line in strokes]
