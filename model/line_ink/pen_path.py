"""Recorded strokes as the path of a pen: a row of numbers for each small step, pen up or down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

STEPS = 14.0  # a step is the height of the line's ink by this
AIR_STEP = 2.5  # steps of the pen in the air, in those of the pen on paper
AIR_MOST = 6  # steps in the air between two strokes, at most
MOST_STEPS = 2400  # a longer path is followed in longer steps
FEATURES = 11
IN_THE_AIR = -1


class PenPath(NamedTuple):
    """The path of a pen, step by step."""

    features: NDArray[np.float32]  # (T, 11)
    stroke: NDArray[np.int64]  # (T,), place of the stroke of each step; IN_THE_AIR between two
    places: NDArray[np.float64]  # (T, 2), x and y of each step, in the strokes' unit


def follow(strokes: Sequence[NDArray[np.floating]]) -> NDArray[np.float32]:
    """Return the features of the path alone: float32 (T, 11); see `trace`."""
    return trace(strokes).features


def trace(strokes: Sequence[NDArray[np.floating]]) -> PenPath:
    """Return the path of a pen that drew one line of writing: T >= 1 steps.

    strokes: in the order in which they were drawn, each (points, 2) with x and y, y down, any unit.
    Each step has where it goes (x and y of a vector of length 1), how long it is (1 on paper),
    whether the pen is up, whether a stroke begins or ends there, how high it is (-1 at the top to 1
    at the bottom), how far left of the rightmost point so far (heights), how much it turns (sine
    and cosine), and how large the stroke is (heights).
    """
    counts = np.array([len(stroke) for stroke in strokes])
    points = np.concatenate(strokes).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    # What is flat, such as a lone dash, is no taller than a twentieth of its width.
    height = max(float(high[1] - low[1]), 0.05 * float(high[0] - low[0]), 1e-6)
    middle = np.array([low[0], (low[1] + high[1]) / 2])
    points = (points - middle) / height
    places, number, is_up, ends = _walk(points, counts)
    steps = np.diff(places, axis=0, prepend=places[:1])
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    units = steps / np.maximum(lengths, 1e-9)[:, None]
    turns = np.zeros((len(places), 2))
    if len(places) > 2:
        before, after = units[1:-1], units[2:]
        turns[1:-1, 0] = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
        turns[1:-1, 1] = (before * after).sum(axis=1)
    firsts = np.cumsum(counts) - counts
    sizes = np.maximum.reduceat(points, firsts) - np.minimum.reduceat(points, firsts)
    size = np.where(number == IN_THE_AIR, 0.0, np.minimum(sizes.max(axis=1), 3.0)[number])
    features = np.column_stack(
        [
            units,
            np.minimum(lengths * STEPS, 12) / 4,
            is_up,
            ends,
            places[:, 1] * 2,
            np.minimum(np.maximum.accumulate(places[:, 0]) - places[:, 0], 4),
            turns,
            size,
        ]
    ).astype(np.float32)
    return PenPath(features, number, places * height + middle)


def _walk(
    points: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the places of all steps, each one's stroke, where the pen is up, where strokes end.

    points: of all strokes, in heights; counts: how many each has. All at once, for a loop over
    strokes takes five times as long. Where strokes end is (T, 2): their beginnings, their ends.
    """
    firsts = np.cumsum(counts) - counts
    pieces = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T)
    pieces[firsts] = 0
    lengths = np.add.reduceat(pieces, firsts)
    step = max(1 / STEPS, float(lengths.sum()) / MOST_STEPS)
    # Strokes lie on one line of lengths, a step apart, so that one interpolation serves them all.
    gaps = np.zeros(len(points))
    gaps[firsts] = 1.0
    along = np.cumsum(pieces + gaps)
    steps = np.where(lengths > 0, np.maximum(np.round(lengths / step), 1), 0).astype(np.int64)
    stroke = np.repeat(np.arange(len(counts)), steps + 1)
    within = np.arange(len(stroke)) - np.repeat(np.cumsum(steps + 1) - steps - 1, steps + 1)
    share = within / np.maximum(steps, 1)[stroke]
    wanted = along[firsts][stroke] + share * lengths[stroke]
    on_paper = np.column_stack([np.interp(wanted, along, points[:, axis]) for axis in (0, 1)])
    starts, stops = points[firsts[1:]], points[firsts[1:] - 1]
    jumps = np.hypot(*(starts - stops).T)
    aloft = np.minimum((jumps / (step * AIR_STEP)).astype(np.int64), AIR_MOST - 1)
    jump = np.repeat(np.arange(len(jumps)), aloft)
    turn = np.arange(len(jump)) - np.repeat(np.cumsum(aloft) - aloft, aloft) + 1
    part = (turn / (aloft[jump] + 1))[:, None]
    in_air = stops[jump] + part * (starts[jump] - stops[jump])
    order = np.argsort(np.concatenate([2 * stroke, 2 * jump + 1]), kind="stable")
    number = np.concatenate([stroke, np.full(len(jump), IN_THE_AIR)])[order]
    is_first = np.concatenate([within == 0, np.zeros(len(jump), bool)])[order]
    is_last = np.concatenate([within == steps[stroke], np.zeros(len(jump), bool)])[order]
    # The pen comes to a stroke's first place through the air, but for the very first.
    is_up = (number == IN_THE_AIR) | is_first
    is_up[0] = False
    return (
        np.concatenate([on_paper, in_air])[order], number, is_up,
        np.column_stack([is_first, is_last]),
    )  # fmt: skip
