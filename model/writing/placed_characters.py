"""The characters of a line that was read: where each is, and what it may be instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from model.language.prior import Prior
from model.line_ink.line_strip import Strip
from model.line_ink.pen_path import IN_THE_AIR, PenPath
from model.writing.paths import LEAST, place
from model.writing.scoring import Scoring

Box = tuple[float, float, float, float]  # left, top, right, bottom
Rows = NDArray[np.float64]
RIVALS = 5  # labels at each place of which the prior is asked
PX_PER_ROW, STEPS_PER_ROW = 4, 2


@dataclass(frozen=True)
class Character:
    """One character of a text."""

    label: str
    confidence: float  # calibrated probability of `label`, the rest of the text being right
    probabilities: dict[str, float]  # by label, of all that the alphabet has; they add up to 1
    box: Box  # in pixels of the picture, or in the strokes' unit
    strokes: tuple[int, ...] = ()  # places of the strokes it is of, where there are strokes


def shares_of_places(
    text: str, strip: Rows, path: Rows | None, classes: tuple[str, ...], prior: Prior,
    scoring: Scoring,
) -> tuple[Rows, Rows, Rows | None]:  # fmt: skip
    """Return what each place of a text may hold, and where it is in the rows of both networks.

    returns: probabilities (places, labels), centres (places,) by the strip, and by the path.
    """
    places = {label: number for number, label in enumerate(classes)}
    labels = [places[character] for character in text]
    seen = place(strip, labels)
    total, followed = scoring.strip * np.maximum(seen.instead, LEAST), None
    if path is not None:
        followed = place(path, labels)
        total = total + scoring.path * np.maximum(followed.instead, LEAST)
    total[:, [0, -2, -1]] = -np.inf  # neither blank nor space nor no writing is a character
    for row, (spot, character) in zip(total, enumerate(text), strict=True):
        if character == " ":
            continue
        rivals = {int(rival) for rival in np.argsort(-row)[:RIVALS]} | {places[character]}
        changed = {
            rival: prior.log_probability(text[:spot] + classes[rival] + text[spot + 1 :])
            for rival in rivals
        }
        least = min(changed.values())
        row += scoring.prior * least  # those that nobody asked about are as unlikely as the rarest
        for rival, log in changed.items():
            row[rival] += scoring.prior * (log - least)
    shares = np.exp(log_softmax(total / scoring.temperature, axis=1))
    return shares, seen.centres, None if followed is None else followed.centres


def boxes_in_picture(centres: Rows, strip: Strip, mask: NDArray[np.bool_], lag: float) -> list[Box]:
    """Return the box of the ink around each centre, in pixels of the picture.

    centres: (characters,), in rows of the strip network; mask: the line's ink in the picture; lag:
    where within a character its centre lies.
    """
    px = to_px(centres)
    widths = np.diff(px, append=px[-1] + (px[-1] - px[-2] if len(px) > 1 else 0))
    middles = (px - lag * widths) / strip.scale + strip.left
    rows, columns = strip.box
    ink = mask[rows, columns]
    per_column = ink.sum(axis=0)
    cuts = [0]
    for left, right in zip(middles[:-1].tolist(), middles[1:].tolist(), strict=True):
        low = min(max(round(left) - columns.start, cuts[-1] + 1), ink.shape[1])
        high = max(min(round(right) - columns.start, ink.shape[1]), low)
        between = per_column[low:high]
        if not len(between):
            cuts.append(low)
            continue
        # The emptiest column, of equals the one in the middle.
        emptiest = np.flatnonzero(between == between.min())
        cuts.append(low + int(emptiest[np.abs(emptiest - len(between) / 2).argmin()]))
    cuts.append(ink.shape[1])
    boxes: list[Box] = []
    for left, right in pairwise(cuts):
        part = ink[:, left:right]
        across, down = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
        if not len(across):  # no ink between: the columns themselves
            left = min(left, ink.shape[1] - 1)
            sides = columns.start + left, columns.start + max(right, left + 1)
            boxes.append((float(sides[0]), float(rows.start), float(sides[1]), float(rows.stop)))
            continue
        boxes.append(
            (
                float(columns.start + left + across[0]),
                float(rows.start + down[0]),
                float(columns.start + left + across[-1] + 1),
                float(rows.start + down[-1] + 1),
            )
        )
    return boxes


def parts_of_path(
    centres: Rows, pen: PenPath, lag: float
) -> tuple[list[Box], list[tuple[int, ...]]]:
    """Return the box of each character, in the strokes' unit, and which strokes it is of.

    centres: (characters,), without spaces, in rows of the path network; lag: where within a
    character they lie. Where there are strokes enough, each is of one character, and each
    character has one at least; else one stroke may be of several.
    """
    middles = to_steps(centres)
    owner = _owners(middles, pen, lag)
    boxes, strokes = [], []
    for number, middle in enumerate(middles.tolist()):
        own = (owner == number) & (pen.stroke != IN_THE_AIR)
        points = pen.places[own] if own.any() else pen.places[_nearest(middle, pen)][None]
        boxes.append((*points.min(axis=0).tolist(), *points.max(axis=0).tolist()))
        strokes.append(tuple(np.unique(pen.stroke[own]).tolist()))
    return boxes, strokes


def to_steps(centres: Rows) -> Rows:
    """Return the steps of a path at which its network's rows lie."""
    return centres * STEPS_PER_ROW + (STEPS_PER_ROW - 1) / 2


def to_px(centres: Rows) -> Rows:
    """Return the columns of a strip at which its network's rows lie."""
    return (centres + 0.5) * PX_PER_ROW


def _owners(middles: Rows, pen: PenPath, lag: float) -> NDArray[np.int64]:
    """Return which character each step belongs to: (T,)."""
    ids = np.arange(int(pen.stroke.max()) + 1)
    left = np.array([pen.places[pen.stroke == one, 0].min() for one in ids])
    right = np.array([pen.places[pen.stroke == one, 0].max() for one in ids])
    # A dot or a bar that comes late lies wholly left of the beginning of what was drawn before it.
    furthest = np.maximum.accumulate(left)
    is_late = np.append(False, right[1:] < furthest[:-1])
    timely = ids[~is_late]
    owner = np.zeros(len(pen.stroke), np.int64)
    if len(timely) >= len(middles):
        steps = np.array([np.flatnonzero(pen.stroke == one)[[0, -1]] for one in timely])
        for one, number in zip(timely.tolist(), _share_out(middles, steps, lag), strict=True):
            owner[pen.stroke == one] = number
    else:
        # Between two: at the end of the first, at the beginning of the second, or halfway.
        cuts = [0.0, *(middles[:-1] + (0.5 - lag) * np.diff(middles))]
        owner = np.searchsorted(cuts, np.arange(len(pen.stroke)), "right") - 1
    for one in ids[is_late].tolist():
        owner[pen.stroke == one] = _beneath(owner, pen, one, len(middles), is_late)
    return owner


def _share_out(middles: Rows, steps: NDArray[np.int64], lag: float) -> list[int]:
    """Return which character each stroke belongs to: in order, each at least one.

    middles: (characters,), steps at which characters are; steps: (strokes, 2), first and last of
    each. A character's strokes are those that say so the nearest to where it was read, over all.
    """
    strokes, characters = len(steps), len(middles)
    cost = np.full((characters + 1, strokes + 1), np.inf)
    cost[0, 0] = 0
    before = np.zeros((characters + 1, strokes + 1), np.int64)
    for number in range(1, characters + 1):
        for end in range(number, strokes - (characters - number) + 1):
            starts = np.arange(number - 1, end)
            first, last = steps[starts, 0], steps[end - 1, 1]
            off = np.abs((first + last) / 2 + lag * (last - first) - middles[number - 1])
            total = cost[number - 1, starts] + off
            best = int(total.argmin())
            cost[number, end], before[number, end] = total[best], starts[best]
    owners, end = [0] * strokes, strokes
    for number in range(characters, 0, -1):
        start = int(before[number, end])
        owners[start:end] = [number - 1] * (end - start)
        end = start
    return owners


def _beneath(
    owner: NDArray[np.int64], pen: PenPath, stroke: int, characters: int, is_late: NDArray[np.bool_]
) -> int:
    """Return the character over or under which a late stroke stands, or the nearest one."""
    middle = float(pen.places[pen.stroke == stroke, 0].mean())
    kept = (pen.stroke != IN_THE_AIR) & ~np.append(is_late, False)[pen.stroke]
    found, least = 0, np.inf
    for number in range(characters):
        x = pen.places[kept & (owner == number), 0]
        if len(x):
            off = max(float(x.min()) - middle, middle - float(x.max()), 0.0)
            off += 1e-3 * abs(float(x.min() + x.max()) / 2 - middle)
            if off < least:
                found, least = number, off
    return found


def _nearest(middle: float, pen: PenPath) -> int:
    return min(max(round(middle), 0), len(pen.places) - 1)


def named(
    shares: Rows, classes: Sequence[str], allowed: NDArray[np.bool_] | None = None
) -> list[dict[str, float]]:
    """Return each place's probabilities by label: characters alone, of those that are allowed."""
    kept = [
        place for place in range(1, len(classes) - 2) if allowed is None or bool(allowed[place])
    ]
    return [{classes[place]: float(row[place]) for place in kept} for row in shares]
