"""Whether drawings are read as those were that weights were made for; no answer is needed.

Confidence alone misleads: of digits that are turned it promises more than is kept. The share taken
for a digit tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from model.reading.frozen import BINS, DIGITS, Reference

FEWEST = 200  # drawings below which there is no verdict
FEWEST_VISITORS = 20  # from which visitors are drawn by lot; below, drawings are
RESAMPLES = 1000
INTERVAL = 0.95
CHANCE = 0.99  # of the distances that chance alone makes, this share is smaller than the limit
ENOUGH = 0.05  # what is nearer than this is no news, however many drawings say so

Counts = NDArray[np.float64]


@dataclass(frozen=True)
class Window:
    """Drawings as they were read lately: arrays with one row for each, (N,).

    visitors: a number for each visitor. digits: 0 to 9, the nearest one also of what was refused.
    """

    visitors: NDArray[np.int64]
    taken: NDArray[np.bool_]
    confidence: NDArray[np.float64]
    digits: NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many drawings there are."""
        return len(self.taken)


@dataclass(frozen=True)
class Aspect:
    """One thing that is compared; shares are 0 to 1.

    now, low, high, was: a share for each place, with the interval of chance around `now`.
    distance: total variation of `now` and `was`, 0 to 1: the share of drawings that would have to
    be elsewhere. chance: what chance alone stays below. of: drawings that `now` is of.
    """

    name: str
    of: int
    now: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    was: tuple[float, ...]
    distance: float
    chance: float

    @property
    def has_moved(self) -> bool:
        """Return whether it is further from the reference than chance and daily life explain."""
        return self.distance > max(self.chance, ENOUGH)


@dataclass(frozen=True)
class Drift:
    """What the comparison of a window with a reference says."""

    drawings: int
    visitors: int
    taken: Aspect
    sure: Aspect
    confidence: Aspect
    digits: Aspect

    @property
    def by_visitor(self) -> bool:
        """Return whether chance was taken over visitors, whose drawings resemble each other."""
        return self.visitors >= FEWEST_VISITORS

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """Return all that was compared, what tells most first."""
        return self.taken, self.sure, self.confidence, self.digits


def freeze(version: str, made_of: str, sure_from: float, window: Window) -> Reference:
    """Return how drawings were read, as the reference of a version.

    made_of: which drawings, in words. sure_from: the version's threshold, 0 to 1.
    """
    counts = _counts(window, sure_from, np.zeros(len(window), np.int64))[0].astype(int).tolist()
    return Reference(
        version,
        made_of,
        sure_from,
        len(window),
        counts[0],
        counts[1],
        tuple(counts[2 : 2 + BINS]),
        tuple(counts[2 + BINS :]),
    )


def compare(window: Window, reference: Reference, seed: int = 0) -> Drift:
    """Return how far the drawings of a window, at least one, are from a reference.

    Intervals and chance are a bootstrap's over visitors: ten drawings of one hand are not ten
    witnesses. No interval is narrower than the exact one (Clopper and Pearson, 1934).
    """
    people, which = np.unique(window.visitors, return_inverse=True)
    if len(people) < FEWEST_VISITORS:
        which = np.arange(len(window))
    groups = _counts(window, reference.sure_from, which)
    sizes = np.bincount(which).astype(float)
    lots = np.random.default_rng(seed).multinomial(
        len(groups), np.full(len(groups), 1 / len(groups)), RESAMPLES
    )
    drawn, wholes = lots @ groups, lots @ sizes
    now, whole = groups.sum(axis=0), float(len(window))
    was = np.array(
        [reference.taken, reference.sure, *reference.confidence, *reference.digits], float
    )
    bins, digits = slice(2, 2 + BINS), slice(2 + BINS, None)

    def share(name: str, place: int) -> Aspect:
        return _aspect(
            name,
            np.array([now[place], whole - now[place]]),
            np.stack([drawn[:, place], wholes - drawn[:, place]], axis=1),
            np.array([was[place], reference.drawings - was[place]]),
        )

    return Drift(
        len(window),
        len(people),
        share("taken for a digit", 0),
        share("sure", 1),
        _aspect("confidence", now[bins], drawn[:, bins], was[bins]),
        _aspect("digits", now[digits], drawn[:, digits], was[digits]),
    )


def _counts(window: Window, sure_from: float, groups: NDArray[np.int64]) -> Counts:
    """Return, for each group of drawings, how many are taken, sure, in each bin, each digit."""
    columns = np.zeros((len(window), 2 + BINS + DIGITS))
    rows = np.arange(len(window))
    columns[:, 0] = window.taken
    columns[:, 1] = window.taken & (window.confidence >= sure_from)
    bins = np.minimum((window.confidence * BINS).astype(int), BINS - 1)
    columns[rows, 2 + bins] = window.taken
    columns[rows, 2 + BINS + window.digits] = window.taken
    counts = np.zeros((int(groups.max(initial=0)) + 1, columns.shape[1]))
    np.add.at(counts, groups, columns)
    return counts


def _aspect(name: str, now: Counts, drawn: Counts, was: Counts) -> Aspect:
    """Return one comparison of counts; drawn: the same counts of each resample, (R, places)."""
    of = int(now.sum())
    shares, before = _shares(now), _shares(was)
    again = _shares(drawn)
    edge = (1 - INTERVAL) / 2
    low, high = np.quantile(again, [edge, 1 - edge], axis=0)
    exact = [_exact(int(count), of, edge) for count in now]
    return Aspect(
        name,
        of,
        _plain(shares),
        _plain(np.minimum(low, [ends[0] for ends in exact])),
        _plain(np.maximum(high, [ends[1] for ends in exact])),
        _plain(before),
        float(np.abs(shares - before).sum() / 2),
        float(np.quantile(np.abs(again - shares).sum(axis=1) / 2, CHANCE)),
    )


def _shares(counts: Counts) -> Counts:
    wholes = counts.sum(axis=-1, keepdims=True)
    shares: Counts = np.divide(counts, wholes, out=np.zeros_like(counts, float), where=wholes > 0)
    return shares


def _exact(part: int, whole: int, edge: float) -> tuple[float, float]:
    if whole == 0:
        return 0.0, 1.0
    low = 0.0 if part == 0 else float(betaincinv(part, whole - part + 1, edge))
    high = 1.0 if part == whole else float(betaincinv(part + 1, whole - part, 1 - edge))
    return low, high


def _plain(values: Sequence[float] | Counts) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
