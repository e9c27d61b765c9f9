"""Lines dealt in batches of about one length, as the tensors that a line network takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.line_ink.pen_path import follow
from model.line_training.samples import LineSamples
from model.networks.line_networks import HEIGHT_PX, PATH_FEATURES, PathNetwork, StripNetwork

SLANT, STRETCH, TURN_DEG, TREMOR = 0.12, 0.12, 2.5, 0.006  # standard deviations
REORDERED = 0.08  # share of paths whose strokes go from left to right, whatever the hand did
REVERSED = 0.03  # share of strokes that are drawn from their end
POOL = 50  # batches whose lines are sorted by length together


@dataclass(frozen=True)
class Batch:
    """Some lines, padded to the longest."""

    inputs: Tensor  # what the network takes
    rows: Tensor  # of logits that each line has: int64 (N,)
    texts: list[str]


def to_strips(strips: Sequence[NDArray[np.uint8]], texts: Sequence[str]) -> Batch:
    """Return strips as the strip network takes them."""
    widths = torch.tensor([strip.shape[1] for strip in strips])
    inputs = np.zeros((len(strips), 1, HEIGHT_PX, -(-int(widths.max()) // 8) * 8), np.float32)
    for row, strip in zip(inputs, strips, strict=True):
        row[0, :, : strip.shape[1]] = strip
    return Batch(torch.from_numpy(inputs / 255), StripNetwork.rows(widths), list(texts))


def to_paths(paths: Sequence[NDArray[np.float32]], texts: Sequence[str]) -> Batch:
    """Return paths as the path network takes them."""
    steps = torch.tensor([len(path) for path in paths])
    longest = -(-int(steps.max()) // 16) * 16
    inputs = np.zeros((len(paths), longest, PATH_FEATURES), np.float32)
    for row, path in zip(inputs, paths, strict=True):
        row[: len(path)] = path
    return Batch(torch.from_numpy(inputs), PathNetwork.rows(steps), list(texts))


def vary(
    strokes: Sequence[NDArray[np.float32]], chance: np.random.Generator
) -> list[NDArray[np.float64]]:
    """Return strokes as another pull of the same hand: slanted, stretched, turned, trembling."""
    angle = np.deg2rad(chance.normal(0, TURN_DEG))
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    stretched = np.array([[np.exp(chance.normal(0, STRETCH)), chance.normal(0, SLANT)], [0, 1]])
    linear = (turned @ stretched).T
    tremor = TREMOR * abs(chance.normal()) * float(np.ptp(np.concatenate(strokes)[:, 1]))
    varied = [stroke @ linear + chance.normal(0, tremor, stroke.shape) for stroke in strokes]
    if chance.random() < REORDERED:
        varied.sort(key=lambda stroke: float(stroke[:, 0].mean()))
    return [s[::-1] if chance.random() < REVERSED else s for s in varied]


def deal(
    samples: LineSamples, kind: str, size: int, chance: np.random.Generator
) -> Iterator[Batch]:
    """Yield every line once, in batches of one length, the batches in any order.

    kind: `strip` or `path`. size: lines in a batch. Paths are varied
    anew each time.
    """
    if kind == "strip":
        assert samples.strips is not None, "these lines were not drawn"
        lengths = np.array([strip.shape[1] for strip in samples.strips])
    else:
        lengths = np.array([_path_length(strokes) for strokes in samples.strokes])
    order = chance.permutation(len(samples))
    for first in range(0, len(order), size * POOL):
        pool = order[first : first + size * POOL]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        groups = [pool[start : start + size] for start in range(0, len(pool), size)]
        for place in chance.permutation(len(groups)):
            yield _batch(samples, kind, groups[place].tolist(), chance)


def _path_length(strokes: Sequence[NDArray[np.float32]]) -> float:
    """Return how long a pen's path is, in heights of the line, about."""
    points = np.concatenate(strokes)
    steps = np.abs(np.diff(points, axis=0)).sum()
    return float(steps / max(np.ptp(points[:, 1]), 1e-6))


def _batch(
    samples: LineSamples, kind: str, places: Sequence[int], chance: np.random.Generator
) -> Batch:
    texts = [samples.texts[place] for place in places]
    if kind == "strip":
        assert samples.strips is not None, "these lines were not drawn"
        return to_strips([samples.strips[place] for place in places], texts)
    return to_paths([follow(vary(samples.strokes[place], chance)) for place in places], texts)
