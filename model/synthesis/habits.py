"""Ways of writing a digit that whole countries have and few recordings show.

A zero with a slash, a one with a flag or a foot, a seven with a bar, a four whose last stroke is
missing, strokes that end early, and tails that a pen leaves as it comes down or goes away: added to
recorded strokes in training, so that a site or a person with another habit is no stranger.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.ink.pen_lines import Line

SLASH, FLAG, FOOT, BAR, UNFINISHED, EARLY = 0.2, 0.55, 0.15, 0.25, 0.06, 0.25  # shares
TAIL = 0.5  # share of drawings
DETOUR = 0.2  # of its length: how far the line of a bare one strays
NARROWEST_DEG, WIDEST_DEG = 15, 50  # between flag and stem
FLATTEST_DEG = 65, 78  # from upright: wider than the widest on upright stems, never level
FLAG_LENGTH = 0.12, 0.65  # of the stem's
TRIM = 0.12  # of a stroke's points, at most, are missing at each end
TAIL_LENGTH = 0.04, 0.22  # shortest and longest, of the drawing's longest side; mostly short
ONWARDS_DEG = -70, 30  # most tails go on as writing does, to the right; y is down
AT_THE_END, ONWARDS = 0.7, 0.7  # shares of tails: the others lead in, or go anywhere


def with_habit(label: str, lines: Sequence[Line], chance: np.random.Generator) -> list[Line]:
    """Return the lines as somebody with another habit writes this digit; mostly as they are.

    label: `0` to `9`; others have no habits but ending early and tails.
    """
    changed = list(lines)
    if label == "0" and chance.random() < SLASH:
        changed.append(_slash(changed, chance))
    elif label == "1":
        changed = _dress_one(changed, chance)
    elif label == "7" and chance.random() < BAR:
        changed.append(_bar(changed, chance))
    elif label == "4" and len(changed) > 1 and chance.random() < UNFINISHED:
        changed = changed[:-1]
    if chance.random() < EARLY:
        changed = [_trim(line, chance) for line in changed]
    if chance.random() < TAIL:
        # A seven that leads in from below would be a one.
        changed = _add_tail(changed, chance, may_lead_in=label != "7")
    return changed


def _box(lines: Sequence[Line]) -> tuple[Line, Line]:
    points = np.concatenate(lines)
    return points.min(axis=0), points.max(axis=0)


def _slash(lines: Sequence[Line], chance: np.random.Generator) -> Line:
    """Return a line from bottom left to top right, or now and then the other way."""
    low, high = _box(lines)
    centre, half = (low + high) / 2, (high - low) / 2 * chance.uniform(0.7, 1.35)
    half = np.maximum(half, (high - low).max() * 0.2) * np.array([1, -1])
    if chance.random() < 0.12:
        half = half * np.array([-1, 1])
    wobble = chance.normal(0, 0.06, (2, 2)) * (high - low).max()
    slash: Line = np.stack([centre - half, centre + half]) + wobble
    return slash


def _dress_one(lines: list[Line], chance: np.random.Generator) -> list[Line]:
    """Return a bare one with a flag, a foot, both or neither."""
    if len(lines) > 1 or not _is_straight(lines[0]):
        return lines
    stem = lines[0] if lines[0][0, 1] <= lines[0][-1, 1] else lines[0][::-1]
    length = _distance(stem[0], stem[-1])
    dressed = [stem]
    if chance.random() < FLAG:
        # Written in one go with the stem, as it mostly is.
        dressed = [np.concatenate([_flag(stem, chance), stem])]
    if chance.random() < FOOT:
        left, right = chance.uniform(0.12, 0.45, 2) * length
        x, y = stem[-1]
        tilt = chance.normal(0, 0.04) * length
        dressed.append(np.array([[x - left, y - tilt], [x + right, y + tilt]]))
    return dressed


def _is_straight(line: Line) -> bool:
    """Tell whether a line goes from its one end to the other without much of a detour."""
    length = _distance(line[0], line[-1])
    if not length:
        return False
    way = (line[-1] - line[0]) / length
    along = (line - line[0]) @ way
    across = np.abs((line - line[0]) @ np.array([-way[1], way[0]]))
    most = DETOUR * length
    return bool(across.max() < most and along.min() > -most and along.max() < length + most)


def _distance(start: Line, end: Line) -> float:
    return float(np.hypot(*(end - start)))


def _flag(stem: Line, chance: np.random.Generator) -> Line:
    """Return the way up to the top of a one's stem, straight or in a bow: (5, 2).

    It goes up, as the top of a seven hardly does, and leaves some room to a stem that leans.
    """
    way = stem[-1] - stem[0]
    lean_deg = float(np.rad2deg(np.arctan2(-way[0], way[1])))
    flattest_deg = float(np.clip(lean_deg + WIDEST_DEG, *FLATTEST_DEG))
    angle = np.deg2rad(chance.uniform(min(lean_deg + NARROWEST_DEG, flattest_deg), flattest_deg))
    length = chance.uniform(*FLAG_LENGTH) * _distance(stem[0], stem[-1])
    tip = length * np.array([-np.sin(angle), np.cos(angle)])
    flag: Line = stem[0] + _bow(tip, chance)[::-1]
    return flag


def _bar(lines: Sequence[Line], chance: np.random.Generator) -> Line:
    """Return a short line across the middle of a seven's stem."""
    low, high = _box(lines)
    height = low[1] + (high[1] - low[1]) * chance.uniform(0.4, 0.62)
    middle = _place_at(lines, height)
    half = chance.uniform(0.18, 0.4) * (high - low).max()
    tilt = chance.normal(0, 0.06) * half
    return np.array([[middle - half, height + tilt], [middle + half, height - tilt]])


def _place_at(lines: Sequence[Line], height: float) -> float:
    """Return x where the last line that crosses this height does so for the last time."""
    for line in reversed(lines):
        above = line[:, 1] < height
        crossings = np.flatnonzero(above[1:] != above[:-1])
        if len(crossings):
            before, after = line[crossings[-1]], line[crossings[-1] + 1]
            share = (height - before[1]) / (after[1] - before[1])
            return float(before[0] + share * (after[0] - before[0]))
    return float(np.concatenate(lines)[:, 0].mean())


def _trim(line: Line, chance: np.random.Generator) -> Line:
    """Return the line without some of its first and last points."""
    if len(line) < 8:
        return line
    first, last = (chance.uniform(0, TRIM, 2) * len(line)).astype(int)
    return line[first : len(line) - last]


def _add_tail(
    lines: Sequence[Line], chance: np.random.Generator, *, may_lead_in: bool
) -> list[Line]:
    """Return the lines with the way that the pen took after the last one, or before the first."""
    low, high = _box(lines)
    tail = _tail(float((high - low).max()), chance)
    if chance.random() < AT_THE_END or not may_lead_in:
        return [*lines[:-1], np.concatenate([lines[-1], lines[-1][-1] + tail])]
    return [np.concatenate([(lines[0][0] - tail)[::-1], lines[0]]), *lines[1:]]


def _tail(size: float, chance: np.random.Generator) -> Line:
    """Return where a tail goes from (0, 0), straight or in a bow: (5, 2)."""
    is_onwards = chance.random() < ONWARDS
    angle = np.deg2rad(chance.uniform(*(ONWARDS_DEG if is_onwards else (-180, 180))))
    shortest, longest = TAIL_LENGTH
    length = size * (shortest + (longest - shortest) * chance.random() ** 1.5)
    return _bow(np.array([np.cos(angle), np.sin(angle)]) * length, chance)


def _bow(way: Line, chance: np.random.Generator) -> Line:
    """Return five places on the way from (0, 0) to `way`, straight or in a bow: (5, 2)."""
    share = np.linspace(0, 1, 6)[1:, None]
    bow = chance.normal(0, 0.15) * 4 * share * (1 - share)
    places: Line = share * way + bow * np.array([-way[1], way[0]])
    return places
