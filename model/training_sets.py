"""What trains a network: MNIST's scans alone, or with pen strokes and what is no digit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import torch
from torch import Tensor

from model.augment import random_maps, vary, warp
from model.data import Digits, normalise, to_ink
from model.options import TrainingOptions
from model.renderings import Renderings

ROUNDS_PER_EPOCH = 2  # renderings of every pen digit that an epoch sees
NONDIGITS_PER_EPOCH = 22_000
PEN_STRENGTH = 0.4  # of augmentation, next to MNIST's 1: pen strokes were bent before being drawn


class TrainingSet(Protocol):
    """What an epoch goes through."""

    def __len__(self) -> int:
        """Return how many images an epoch sees."""

    @property
    def sizes(self) -> dict[str, int]:
        """Return how many different images of each source there are."""

    def to(self, device: torch.device) -> TrainingSet:
        """Return the same in the memory of a device."""

    def batches(self, options: TrainingOptions, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield images, float32 (N, 1, 28, 28) as the network takes them, with their labels.

        Everything random depends on the seed and the epoch's number alone.
        """


class Scans:
    """MNIST's digits, each turned, moved, scaled and sheared anew in every epoch."""

    def __init__(self, digits: Digits) -> None:
        """Keep the digits of the training part."""
        self.digits = digits

    def __len__(self) -> int:
        """Return how many images an epoch sees."""
        return len(self.digits)

    @property
    def sizes(self) -> dict[str, int]:
        """Return how many different images of each source there are."""
        return {"MNIST": len(self.digits)}

    def to(self, device: torch.device) -> Scans:
        """Return the same in the memory of a device."""
        return Scans(self.digits.to(device))

    def batches(self, options: TrainingOptions, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield every digit once."""
        chance = epoch_chance(options, epoch)
        device = self.digits.labels.device
        order = torch.randperm(len(self), generator=chance).to(device)
        maps = random_maps(len(self), chance).to(device)
        size = options.batch_size
        for indices, batch_maps in zip(
            torch.split(order, size), torch.split(maps, size), strict=True
        ):
            batch = self.digits.take(indices)
            yield normalise(warp(to_ink(batch.images), batch_maps)), batch.labels


class ScansAndStrokes:
    """MNIST's digits, pen digits in ever other renderings, letters and scribbles."""

    def __init__(self, scans: Digits, strokes: Sequence[Digits], nondigits: Digits) -> None:
        """Keep all of them; strokes: one item for each rendering of the pen digits."""
        self.scans, self.strokes, self.nondigits = scans, strokes, nondigits

    @classmethod
    def of(cls, scans: Digits, renderings: Renderings) -> ScansAndStrokes:
        """Return the training set of MNIST's training part and the pen's renderings."""
        return cls(scans, renderings.digits, renderings.nondigits)

    def __len__(self) -> int:
        """Return how many images an epoch sees."""
        return sum(len(part) for part in self._parts(1))

    @property
    def sizes(self) -> dict[str, int]:
        """Return how many different images of each source there are."""
        return {
            "MNIST": len(self.scans),
            "pen digits": sum(map(len, self.strokes)),
            "letters and scribbles": len(self.nondigits),
        }

    def to(self, device: torch.device) -> ScansAndStrokes:
        """Return the same in the memory of a device."""
        return ScansAndStrokes(
            self.scans.to(device),
            [part.to(device) for part in self.strokes],
            self.nondigits.to(device),
        )

    def batches(self, options: TrainingOptions, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield every scan once, every pen digit in two renderings, and part of what is none."""
        chance = epoch_chance(options, epoch)
        parts = self._parts(epoch)
        some = torch.randperm(len(self.nondigits), generator=chance)[: len(parts[-1])]
        parts[-1] = self.nondigits.take(some.to(self.nondigits.labels.device))
        images = torch.cat([part.images for part in parts])
        labels = torch.cat([part.labels for part in parts])
        strengths = torch.full((len(labels),), PEN_STRENGTH)
        strengths[: len(self.scans)] = 1
        for indices in torch.split(
            torch.randperm(len(labels), generator=chance), options.batch_size
        ):
            there = indices.to(labels.device)
            varied = vary(to_ink(images[there]), strengths[indices], chance)
            yield normalise(varied), labels[there]

    def _parts(self, epoch: int) -> list[Digits]:
        first = (epoch - 1) * ROUNDS_PER_EPOCH
        rounds = [
            self.strokes[(first + number) % len(self.strokes)] for number in range(ROUNDS_PER_EPOCH)
        ]
        return [
            self.scans,
            *rounds,
            self.nondigits.take(torch.arange(min(NONDIGITS_PER_EPOCH, len(self.nondigits)))),
        ]


def epoch_chance(options: TrainingOptions, epoch: int) -> torch.Generator:
    """Return the random numbers of an epoch, the same whether or not others came before it."""
    return torch.Generator().manual_seed(options.seed * 10_007 + epoch)
