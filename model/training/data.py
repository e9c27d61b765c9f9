"""What trains a network: MNIST's scans alone, or with pen strokes and what is no digit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

import torch
from torch import Tensor

from model.datasets.mnist import Digits, normalise, to_ink
from model.synthesis.augment import random_maps, vary, warp
from model.training.options import Recipe, TrainingOptions


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

    def for_branch(self) -> TrainingSet | None:
        """Return what the network's branch for what is no digit learns from, where it has one."""


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

    def for_branch(self) -> TrainingSet | None:
        """Return None: there is nothing here that is no digit."""
        return None


class ScansAndStrokes:
    """MNIST's digits, pen digits in ever other renderings, letters and scribbles."""

    def __init__(
        self, scans: Digits, strokes: Digits, letters: Digits, scribbles: Digits, recipe: Recipe
    ) -> None:
        """Keep all of them; the recipe's mixture says how many of each an epoch takes."""
        assert recipe.mixture, "a mixture is what this is for"
        self.scans, self.strokes = scans, strokes
        self.letters, self.scribbles = letters, scribbles
        self.mixture, self.recipe = recipe.mixture, recipe

    def __len__(self) -> int:
        """Return how many images an epoch sees."""
        return self.mixture.total

    @property
    def sizes(self) -> dict[str, int]:
        """Return how many different images of each source there are."""
        return {
            "MNIST": len(self.scans),
            "pen digits": len(self.strokes),
            "letters": len(self.letters),
            "scribbles": len(self.scribbles),
        }

    def to(self, device: torch.device) -> ScansAndStrokes:
        """Return the same in the memory of a device."""
        scans, strokes, letters, scribbles = (part.to(device) for part in self._parts())
        return ScansAndStrokes(scans, strokes, letters, scribbles, self.recipe)

    def _parts(self) -> tuple[Digits, Digits, Digits, Digits]:
        return self.scans, self.strokes, self.letters, self.scribbles

    def batches(self, options: TrainingOptions, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield as many of each kind as the mixture says, every one before any comes again."""
        chance = epoch_chance(options, epoch)
        mixture = self.mixture
        counts = (mixture.scans, mixture.strokes, mixture.letters, mixture.scribbles)
        dealt = [
            part.take(
                deal(len(part), count, epoch, options.seed * 4 + place).to(part.labels.device)
            )
            for place, (part, count) in enumerate(zip(self._parts(), counts, strict=True))
            if count
        ]
        images = torch.cat([part.images for part in dealt])
        labels = torch.cat([part.labels for part in dealt])
        strengths = torch.full((len(labels),), self.recipe.pen_strength)
        strengths[: mixture.scans] = 1
        for indices in torch.split(
            torch.randperm(len(labels), generator=chance), options.batch_size
        ):
            there = indices.to(labels.device)
            varied = vary(to_ink(images[there]), strengths[indices], chance, self.recipe.variation)
            yield normalise(varied), labels[there]

    def for_branch(self) -> ScansAndStrokes | None:
        """Return the same images in the recipe's other mixture, and varied as it says for that."""
        recipe = self.recipe
        if recipe.branch_mixture is None:
            return None
        of_branch = replace(
            recipe,
            mixture=recipe.branch_mixture,
            branch_mixture=None,
            variation=recipe.branch_variation,
        )
        return ScansAndStrokes(*self._parts(), of_branch)


def deal(size: int, count: int, epoch: int, seed: int) -> Tensor:
    """Return an epoch's `count` places out of `size`: int64 (count,).

    As from a pack of cards that is shuffled anew whenever it has been dealt out, from the first
    epoch on: each place comes once before any comes twice.
    """
    cards = torch.arange((epoch - 1) * count, epoch * count)
    packs = cards // size
    return torch.cat(
        [
            torch.randperm(size, generator=torch.Generator().manual_seed(seed * 100_003 + pack))[
                cards[packs == pack] % size
            ]
            for pack in sorted(set(packs.tolist()))
        ]
    )


def epoch_chance(options: TrainingOptions, epoch: int) -> torch.Generator:
    """Return the random numbers of an epoch, the same whether or not others came before it."""
    return torch.Generator().manual_seed(options.seed * 10_007 + epoch)
