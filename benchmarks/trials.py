"""The trials that ablations compare: each changes one thing about the shipped recipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from environment import ROOT
from model.data import CLASSES
from model.network import BASELINE, NETWORKS, SIX_CONVOLUTIONS, SixConvolutionNetwork, build_network
from model.options import RECIPES, Mixture, Recipe, TrainingOptions
from model.training import ROUNDS
from model.training_sets import TrainingSet

SEEDS = (0, 1, 2)
# The recipe's mixture in small: less than a minute for a training, on one core.
SHORT = Mixture(scans=15_300, strokes=8_700, letters=3_500, scribbles=4_500)
CHOSEN = replace(RECIPES[SIX_CONVOLUTIONS], mixture=SHORT)


@dataclass(frozen=True, kw_only=True)
class Trial(TrainingOptions):
    """Options with a recipe of their own."""

    own: Recipe

    @property
    def recipe(self) -> Recipe:
        """Return how this trial is trained."""
        return self.own


@dataclass(frozen=True)
class Change:
    """One row: what is done otherwise than in the recipe."""

    recipe: Recipe
    network: str = SIX_CONVOLUTIONS
    learning_rate: float = RECIPES[SIX_CONVOLUTIONS].learning_rate
    rounds: int = ROUNDS  # renderings of each pen digit
    wrap: Callable[[TrainingSet], TrainingSet] | None = None


def undropped() -> nn.Module:
    """Return the shipped network without dropout."""
    network = SixConvolutionNetwork()
    network.dropout = nn.Dropout(0)
    return network


class SharedLayersNetwork(SixConvolutionNetwork):
    """The shipped network with an eleventh class in place of the branch."""

    def __init__(self) -> None:
        """Lay out the layers, with random weights."""
        super().__init__()
        del self.refusal, self.refusal_head
        self.head = nn.Linear(self.head.in_features, len(CLASSES) + 1)

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits of a batch."""
        logits: Tensor = self.head(self.features(images))
        return logits


UNDROPPED, SHARED = "six-conv without dropout", "six-conv without a branch"
NETWORKS |= {UNDROPPED: undropped, SHARED: SharedLayersNetwork}


def without(**kinds: int) -> Recipe:
    """Return the recipe with other counts in its mixture; scans make up what is missing."""
    changed = replace(SHORT, **kinds)
    return replace(
        CHOSEN, mixture=replace(changed, scans=changed.scans + SHORT.total - changed.total)
    )


class Mixed:
    """A training set whose images are laid over one another: Zhang et al., "mixup", 2018."""

    def __init__(self, training: TrainingSet, strength: float = 0.2) -> None:
        """Mix with shares from a beta distribution of this parameter."""
        self._training, self._strength = training, strength

    def __len__(self) -> int:
        """Return how many images an epoch sees."""
        return len(self._training)

    @property
    def sizes(self) -> dict[str, int]:
        """Return how many different images of each source there are."""
        return self._training.sizes

    def to(self, device: torch.device) -> Mixed:
        """Return the same in the memory of a device."""
        return Mixed(self._training.to(device), self._strength)

    def batches(self, options: TrainingOptions, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield mixed images, with a share for each of the eleven classes."""
        chance = np.random.default_rng([options.seed, epoch])
        for images, labels in self._training.batches(options, epoch):
            share = float(chance.beta(self._strength, self._strength))
            other = torch.from_numpy(chance.permutation(len(labels)))
            targets = one_hot(labels, len(CLASSES) + 1).float()
            yield (
                share * images + (1 - share) * images[other],
                share * targets + (1 - share) * targets[other],
            )


class Distilled:
    """A training set labelled half by hand and half by an ensemble: Hinton et al., 2015.

    The ensemble is the networks of the unchanged recipe, one of each seed.
    """

    def __init__(self, training: TrainingSet) -> None:
        """Load the ensemble, which the recipe's own row leaves behind."""
        self._training = training
        self._teachers = [build_network(SIX_CONVOLUTIONS).eval() for _ in SEEDS]
        for seed, teacher in zip(SEEDS, self._teachers, strict=True):
            teacher.load_state_dict(torch.load(teacher_path(seed), weights_only=True))

    def __len__(self) -> int:
        """Return how many images an epoch sees."""
        return len(self._training)

    @property
    def sizes(self) -> dict[str, int]:
        """Return how many different images of each source there are."""
        return self._training.sizes

    def to(self, device: torch.device) -> Distilled:
        """Return the same in the memory of a device; the trials run on the CPU alone."""
        assert device.type == "cpu", "the ensemble lies in main memory"
        return self

    def batches(self, options: TrainingOptions, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield images, with a share for each of the eleven classes."""
        for images, labels in self._training.batches(options, epoch):
            with torch.no_grad():
                said = [teacher(images).softmax(dim=1) for teacher in self._teachers]
            yield images, (one_hot(labels, len(CLASSES) + 1) + sum(said) / len(said)) / 2


def teacher_path(seed: int) -> Path:
    """Return where the recipe's own row leaves the network of a seed."""
    return ROOT / "var" / "ablations" / f"recipe-{seed}.pt"


RECIPE = "the recipe"
ROWS = {
    RECIPE: Change(CHOSEN),
    "two-block network, digits alone": Change(without(letters=0, scribbles=0), network=BASELINE),
    "MNIST alone": Change(without(strokes=0, letters=0, scribbles=0)),
    "no MNIST": Change(without(scans=0, strokes=SHORT.scans + SHORT.strokes)),
    "one rendering of each drawing": Change(CHOSEN, rounds=1),
    "no letters": Change(without(letters=0, scribbles=SHORT.letters + SHORT.scribbles)),
    "no letters, no scribbles": Change(without(letters=0, scribbles=0)),
    "no branch: eleven classes": Change(CHOSEN, network=SHARED),
    "no elastic bending": Change(replace(CHOSEN, variation=replace(CHOSEN.variation, bend=0))),
    "no thickening and thinning": Change(
        replace(CHOSEN, variation=replace(CHOSEN.variation, thickness_share=0))
    ),
    "no averaging of weights": Change(replace(CHOSEN, averaging=0)),
    "no dropout": Change(CHOSEN, network=UNDROPPED),
    "a fifth of the weight decay": Change(
        replace(CHOSEN, weight_decay=RECIPES[SIX_CONVOLUTIONS].weight_decay / 5)
    ),
    "no label smoothing": Change(replace(CHOSEN, label_smoothing=0)),
    "mixup": Change(CHOSEN, wrap=Mixed),
    "half the learning rate": Change(CHOSEN, learning_rate=2e-3),
    "twice the learning rate": Change(CHOSEN, learning_rate=8e-3),
    "turned and slanted twice as far": Change(
        replace(
            CHOSEN,
            variation=replace(
                CHOSEN.variation,
                rotation_deg=2 * CHOSEN.variation.rotation_deg,
                shear=2 * CHOSEN.variation.shear,
            ),
        )
    ),
    "pen strokes varied as scans are": Change(replace(CHOSEN, pen_strength=1.0)),
    "distilled from three of the recipe": Change(CHOSEN, wrap=Distilled),  # needs those: the last
}
