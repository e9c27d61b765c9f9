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
from model.datasets.mnist import CLASSES
from model.networks.registry import BASELINE, NETWORKS, SIX_CONVOLUTIONS
from model.networks.six_convolutions import (
    SixConvolutionNetwork,
    SmoothedMaxPool2d,
    normalised_convolution,
)
from model.synthesis.augment import Variation
from model.training.data import TrainingSet
from model.training.options import RECIPES, Mixture, Recipe, TrainingOptions
from model.training.run import ROUNDS

SEEDS = (0, 1, 2)
# The recipe's mixture in small: less than a minute for a training, on one core.
SHORT = Mixture(scans=13_500, strokes=10_500)
SHORT_BRANCH = Mixture(scans=2_000, strokes=2_000, letters=2_000, scribbles=2_000)
IMAGES = SHORT.total + SHORT_BRANCH.total
CHOSEN = replace(RECIPES[SIX_CONVOLUTIONS], mixture=SHORT, branch_mixture=SHORT_BRANCH)


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
    has_habits: bool = True  # whether `model.synthesis.habits` changes some of them
    wrap: Callable[[TrainingSet], TrainingSet] | None = None

    @property
    def learns_refusal(self) -> bool:
        """Tell whether the network ever sees anything that is no digit."""
        mixtures = (self.recipe.mixture, self.recipe.branch_mixture)
        return any(part and part.letters + part.scribbles for part in mixtures)


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


class StrokesBranchNetwork(SixConvolutionNetwork):
    """The shipped network with a branch that looks at the maps of strokes alone."""

    def __init__(self) -> None:
        """Lay out the layers, with random weights."""
        super().__init__()
        # Of as many parameters.
        self.refusal = nn.Sequential(normalised_convolution(64, 64), normalised_convolution(64, 42))
        self.refusal_head = nn.Linear(2 * 42 + self.head.in_features, 1)

    def _join(self, digits: Tensor, strokes: Tensor, shapes: Tensor, features: Tensor) -> Tensor:
        return super()._join(digits, strokes, shapes[:, :0], features)


def padded() -> nn.Module:
    """Return the shipped network with paper around what its first two convolutions take in."""
    network = SixConvolutionNetwork()
    for place in (0, 1):
        convolution = network.strokes[place][0]  # type: ignore[index]
        convolution.padding = (1, 1)
    return network


def unsmoothed() -> nn.Module:
    """Return the shipped network with the usual pooling."""
    network = SixConvolutionNetwork()
    for place, layer in enumerate(network.strokes):
        if isinstance(layer, SmoothedMaxPool2d):
            network.strokes[place] = nn.MaxPool2d(2)
    return network


UNDROPPED, SHARED = "six-conv without dropout", "six-conv without a branch"
OF_STROKES = "six-conv with a branch of strokes"
PADDED, UNSMOOTHED = "six-conv with padding", "six-conv with max pooling"
NETWORKS |= {
    UNDROPPED: undropped,
    SHARED: SharedLayersNetwork,
    OF_STROKES: StrokesBranchNetwork,
    PADDED: padded,
    UNSMOOTHED: unsmoothed,
}
DIGITS_ALONE = replace(CHOSEN, branch_mixture=None)
# As many images in all, and all of them for all layers.
TOGETHER = replace(
    DIGITS_ALONE, mixture=Mixture(scans=15_500, strokes=12_500, letters=2_000, scribbles=2_000)
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
        """Yield mixed images, with a share for each of the ten classes."""
        chance = np.random.default_rng([options.seed, epoch])
        for images, labels in self._training.batches(options, epoch):
            share = float(chance.beta(self._strength, self._strength))
            other = torch.from_numpy(chance.permutation(len(labels)))
            targets = one_hot(labels, len(CLASSES)).float()
            yield (
                share * images + (1 - share) * images[other],
                share * targets + (1 - share) * targets[other],
            )

    def for_branch(self) -> TrainingSet | None:
        """Return what the branch learns from, which is not mixed."""
        return self._training.for_branch()


class Distilled:
    """A training set labelled half by hand and half by an ensemble: Hinton et al., 2015.

    The ensemble is the networks of the unchanged recipe, one of each seed.
    """

    def __init__(self, training: TrainingSet) -> None:
        """Load the ensemble, which the recipe's own row leaves behind."""
        self._training = training
        self._teachers = [SixConvolutionNetwork().eval() for _ in SEEDS]
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
        """Yield images, with a share for each of the ten classes."""
        for images, labels in self._training.batches(options, epoch):
            with torch.no_grad():
                said = [teacher.read_digits(images).softmax(dim=1) for teacher in self._teachers]
            yield images, (one_hot(labels, len(CLASSES)) + sum(said) / len(said)) / 2

    def for_branch(self) -> TrainingSet | None:
        """Return what the branch learns from, which has its labels by hand alone."""
        return self._training.for_branch()


def teacher_path(seed: int) -> Path:
    """Return where the recipe's own row leaves the network of a seed."""
    return ROOT / "var" / "ablations" / f"recipe-{seed}.pt"


RECIPE = "the recipe"
ROWS = {
    RECIPE: Change(CHOSEN),
    "two-block network, digits alone": Change(DIGITS_ALONE, network=BASELINE),
    "MNIST alone": Change(replace(DIGITS_ALONE, mixture=Mixture(scans=SHORT.total, strokes=0))),
    "no MNIST": Change(
        replace(
            CHOSEN,
            mixture=Mixture(scans=0, strokes=SHORT.total),
            branch_mixture=replace(SHORT_BRANCH, scans=0, strokes=4_000),
        )
    ),
    "one rendering of each drawing": Change(CHOSEN, rounds=1),
    "one of each, without habits": Change(CHOSEN, rounds=1, has_habits=False),
    "no letters": Change(
        replace(CHOSEN, branch_mixture=replace(SHORT_BRANCH, letters=0, scribbles=4_000))
    ),
    "no letters, no scribbles": Change(DIGITS_ALONE),
    "branch beside the digits, not after": Change(TOGETHER),
    "no branch: eleven classes": Change(TOGETHER, network=SHARED),
    "branch on maps of strokes alone": Change(CHOSEN, network=OF_STROKES),
    "padding in the first convolutions": Change(CHOSEN, network=PADDED),
    "pooling without smoothing": Change(CHOSEN, network=UNSMOOTHED),
    "elastic bending of digits": Change(replace(CHOSEN, variation=Variation())),
    "no elastic bending at all": Change(replace(CHOSEN, branch_variation=CHOSEN.variation)),
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
    "Adam, not AdamW": Change(
        replace(CHOSEN, is_decoupled=False, weight_decay=RECIPES[BASELINE].weight_decay)
    ),
    "a learning rate that stays the same": Change(
        replace(CHOSEN, is_one_cycle=False),
        learning_rate=2e-3,  # near the cycle's mean
    ),
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
