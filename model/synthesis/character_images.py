"""Pen strokes of all 62 characters as training takes them, and what is no character.

Isolated characters and those cut out of written lines, each rendered so often that rare ones count
as much as common ones; the result is kept in a cache.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from model.datasets.alphabet import CHARACTERS
from model.datasets.mnist import CLASSES, Digits
from model.errors import BadDrawing
from model.ink.pen_lines import Line, to_lines
from model.ink.preprocess import prepare
from model.pen import written_lines
from model.pen.drawings import CHARACTER_FOLDERS, PenDrawing, load_pen_drawings
from model.pen.written_lines import load_written_lines
from model.synthesis import rendering_cache, training_images
from model.synthesis.line_rendering import sketch
from model.synthesis.outlier_exposure import (
    CANVAS_PX,
    DRAWERS,
    MOST_ATTEMPTS,
    PAINTERS,
    SYMBOLS,
    Drawer,
    crossed_out,
    side_by_side,
    symbol,
)
from model.synthesis.rendering_cache import Arrays, kept, key_of
from model.synthesis.training_images import SOURCES, sketch_all, stack_readable
from model.synthesis.workers import spread

NO_CHARACTER = len(CHARACTERS)  # the label of what is no character
TO_SPOIL = 600  # characters of which what is no character is made
# Symbols that are written as a character is: a cross is an X, a plus a t.
LIKE_CHARACTERS = frozenset({5, 6})
CROSSED_OUT = 0.05  # of the pictures; what no drawer and no painter makes is two side by side
# Two of these beside each other are never a third character, as c and l are d, and I and < are K.
APART = frozenset("ABDEGHKMNQRSWXZabdeghkmnqw2345689")


@dataclass(frozen=True)
class CharacterRenderings:
    """Images for training; each is (N, 28, 28) uint8 with its labels."""

    characters: Digits  # labelled by their place among CHARACTERS
    scribbles: Digits  # labelled NO_CHARACTER
    drawings: dict[str, int]  # how many drawings these are of, by where they are from


def render_characters(
    data_dir: Path, cache_dir: Path, *, of_each: int, most_rounds: int, scribbles: int, seed: int
) -> CharacterRenderings:
    """Return the characters of the training sites in many renderings, and scribbles.

    cache_dir: where the images are kept. of_each: how many renderings a class shall have at least;
    most_rounds: how often one drawing is rendered for that at most. scribbles: how many things that
    are no character are made up.
    Without pen strokes there are scribbles alone. Raises DatasetError for a damaged file.
    """
    isolated = load_pen_drawings(data_dir, "training", CHARACTER_FOLDERS)
    isolated = [drawing for drawing in isolated if drawing.label in CHARACTERS]
    cut = cut_characters(data_dir, "training")
    drawings = repeat_rare([*isolated, *cut], of_each, most_rounds)
    own = sys.modules[__name__]
    key = key_of(
        (*SOURCES, written_lines, training_images, rendering_cache, own),
        drawings,
        [scribbles, seed],
    )
    arrays = kept(cache_dir / f"characters-{key}.npz", lambda: _render(drawings, scribbles, seed))
    return CharacterRenderings(
        _to_digits(arrays["characters"], arrays["labels"]),
        _to_digits(arrays["scribbles"], np.full(len(arrays["scribbles"]), NO_CHARACTER)),
        {"pen characters": len(isolated), "characters of lines": len(cut)},
    )


def cut_characters(data_dir: Path, part: str) -> list[PenDrawing]:
    """Return the characters that are cut out of written lines of a part; none without lines."""
    return [
        character
        for line in load_written_lines(data_dir, part)
        if " " not in line.text  # such a line's words are lines as well
        for character in line.cut()
        if character.label in CHARACTERS
    ]


def repeat_rare(drawings: Sequence[PenDrawing], of_each: int, most_rounds: int) -> list[PenDrawing]:
    """Return the drawings with those of rare classes several times, round by round.

    of_each: how many of a class there shall be; most_rounds: how often a drawing comes at most.
    """
    found = Counter(drawing.label for drawing in drawings)
    rounds = {
        label: min(max(-(-of_each // count), 1), most_rounds) for label, count in found.items()
    }
    return [
        drawing
        for number in range(most_rounds)
        for drawing in drawings
        if number < rounds[drawing.label]
    ]


def no_character(
    characters: Sequence[tuple[str, list[Line]]], chance: np.random.Generator
) -> NDArray[np.uint8]:
    """Return something that is no character, prepared like any drawing: uint8 (28, 28).

    characters: labels and lines of some recorded ones, of which at times one is crossed out, or two
    are put side by side; may be none. None is turned or mirrored, as digits are for the digits'
    network: a turned one may be another letter.
    """
    for _ in range(MOST_ATTEMPTS):
        try:
            return prepare(_picture(characters, chance))
        except BadDrawing:
            continue  # all paper, say: the next one
    raise AssertionError(f"{MOST_ATTEMPTS} drawings in a row without ink")


def _picture(
    characters: Sequence[tuple[str, list[Line]]], chance: np.random.Generator
) -> NDArray[np.uint8]:
    kind = chance.random()
    for drawer, share in DRAWERS:
        kind -= share
        if kind < 0:
            return sketch(_drawn(drawer, chance), chance)
    for painter, share in PAINTERS:
        kind -= share
        if kind < 0:
            margin = int(CANVAS_PX * chance.uniform(0.05, 0.4))
            return np.pad(painter(chance), margin).astype(np.uint8) * 255
    apart = [lines for label, lines in characters if label in APART]
    if not apart:
        return sketch(_drawn(DRAWERS[0][0], chance), chance)
    if kind < CROSSED_OUT:
        return sketch(crossed_out(apart, chance), chance)
    return sketch(side_by_side(apart, chance), chance)


def _drawn(drawer: Drawer, chance: np.random.Generator) -> list[Line]:
    if drawer is not symbol:
        return drawer(chance)
    allowed = [place for place in range(len(SYMBOLS)) if place not in LIKE_CHARACTERS]
    return [np.array(line) for line in SYMBOLS[allowed[int(chance.integers(len(allowed)))]]]


def _to_digits(images: NDArray[np.uint8], labels: NDArray[np.integer]) -> Digits:
    return Digits(torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64)))


def _render(drawings: Sequence[PenDrawing], scribbles: int, seed: int) -> Arrays:
    # Habits of whole countries are known of digits alone.
    are_digits = np.array([drawing.label in CLASSES for drawing in drawings], bool)
    digits = [drawing for drawing in drawings if drawing.label in CLASSES]
    letters = [drawing for drawing in drawings if drawing.label not in CLASSES]
    made = {
        True: iter(sketch_all(digits, [seed, 10], "rendering digits")),
        False: iter(sketch_all(letters, [seed, 11], "rendering letters", has_habits=False)),
    }
    inks = [next(made[bool(is_digit)]) for is_digit in are_digits]
    some = [
        (drawing.label, to_lines(drawing.strokes))
        for drawing in drawings[:: max(len(drawings) // TO_SPOIL, 1)]
    ]
    jobs = [(some, [seed, 12, place]) for place in range(scribbles)]
    labels = np.array([CHARACTERS.index(drawing.label) for drawing in drawings], np.uint8)
    return {
        "characters": stack_readable(inks),
        "labels": labels[[ink is not None for ink in inks]] if inks else labels,
        "scribbles": stack_readable(list(spread(_scribble_one, jobs, "scribbling"))),
    }


def _scribble_one(job: tuple[list[tuple[str, list[Line]]], list[int]]) -> NDArray[np.uint8]:
    characters, seed = job
    return no_character(characters, np.random.default_rng(seed))
