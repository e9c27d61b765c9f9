from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from model.datasets.mnist import Digits
from model.ink.preprocess import MNIST_MEAN, MNIST_STD
from model.networks.registry import BASELINE, SIX_CONVOLUTIONS
from model.synthesis.augment import Variation
from model.training.data import Scans, ScansAndStrokes, deal
from model.training.options import RECIPES, Mixture, TrainingOptions

OPTIONS = TrainingOptions(network=BASELINE, batch_size=16)


def some(count: int, label: int | None = None, seed: int = 0) -> Digits:
    chance = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 256, (count, 28, 28), generator=chance, dtype=torch.uint8)
    labels = torch.arange(count) % 10 if label is None else torch.full((count,), label)
    return Digits(images, labels)


RECIPE = replace(
    RECIPES[SIX_CONVOLUTIONS],
    mixture=Mixture(scans=20, strokes=30, letters=5, scribbles=10),
    branch_mixture=Mixture(scans=3, strokes=4, letters=6, scribbles=7),
)


@pytest.fixture
def mixture() -> ScansAndStrokes:
    return ScansAndStrokes(
        some(40), some(90, seed=1), some(12, label=10), some(25, label=10, seed=2), RECIPE
    )


@pytest.mark.parametrize("kind", ["scans", "mixture"])
def test_an_epoch_yields_as_many_images_as_it_says(kind: str, mixture: ScansAndStrokes) -> None:
    training = Scans(some(40)) if kind == "scans" else mixture

    batches = list(training.batches(OPTIONS, 1))

    assert sum(len(labels) for _, labels in batches) == len(training)
    assert {images.shape[1:] for images, _ in batches} == {(1, 28, 28)}
    assert all(torch.isfinite(images).all() for images, _ in batches)


def test_an_epoch_of_the_mixture_has_as_many_of_each_as_the_recipe_says(
    mixture: ScansAndStrokes,
) -> None:
    labels = torch.cat([labels for _, labels in mixture.batches(OPTIONS, 1)])

    assert torch.bincount(labels)[10] == 5 + 10
    assert len(labels) == 65


def test_the_branch_learns_from_a_mixture_of_its_own(mixture: ScansAndStrokes) -> None:
    for_branch = mixture.for_branch()

    assert for_branch is not None
    labels = torch.cat([labels for _, labels in for_branch.batches(OPTIONS, 1)])
    assert torch.bincount(labels)[10] == 6 + 7
    assert len(labels) == len(for_branch) == 20
    assert for_branch.for_branch() is None
    assert Scans(some(7)).for_branch() is None


def test_the_branch_sees_images_varied_in_a_way_of_its_own(mixture: ScansAndStrokes) -> None:
    still = Variation(0, 0, 0, 0, 0, 0, 0)
    recipe = replace(RECIPE, variation=still, branch_variation=Variation())
    digits = ScansAndStrokes(*mixture._parts(), recipe)
    for_branch = digits.for_branch()
    assert for_branch is not None

    def share_as_they_were(training: ScansAndStrokes) -> float:
        """Return how many of the images that come are in the training set, pixel by pixel."""
        known = {image.numpy().tobytes() for part in mixture._parts() for image in part.images}
        came = torch.cat([images for images, _ in training.batches(OPTIONS, 1)])
        inks = ((came * MNIST_STD + MNIST_MEAN) * 255).round().to(torch.uint8)[:, 0]
        return sum(ink.numpy().tobytes() in known for ink in inks) / len(inks)

    assert share_as_they_were(digits) == 1
    assert share_as_they_were(for_branch) == 0


def test_what_the_recipe_leaves_out_does_not_come(mixture: ScansAndStrokes) -> None:
    recipe = replace(RECIPE, mixture=Mixture(scans=20, strokes=0, letters=0, scribbles=0))
    alone = ScansAndStrokes(*mixture._parts(), recipe)

    labels = torch.cat([labels for _, labels in alone.batches(OPTIONS, 1)])

    assert (labels < 10).all()
    assert len(labels) == len(alone) == 20


@pytest.mark.parametrize("kind", ["scans", "mixture"])
def test_the_seed_and_the_epoch_decide_everything(kind: str, mixture: ScansAndStrokes) -> None:
    training = Scans(some(40)) if kind == "scans" else mixture

    def first(epoch: int, seed: int = 0) -> torch.Tensor:
        options = TrainingOptions(network=BASELINE, batch_size=16, seed=seed)
        return next(iter(training.batches(options, epoch)))[0]

    assert torch.equal(first(1), first(1))
    assert not torch.equal(first(1), first(2))
    assert not torch.equal(first(1), first(1, seed=1))


@pytest.mark.parametrize("count", [3, 10, 24])
def test_each_one_is_dealt_before_any_comes_again(count: int) -> None:
    dealt = torch.cat([deal(10, count, epoch, seed=1) for epoch in (1, 2, 3)])

    times = torch.bincount(dealt, minlength=10)
    assert len(dealt) == 3 * count
    assert times.max() - times.min() <= 1
    assert not torch.equal(dealt[:10], torch.arange(10)[: len(dealt)])


def test_the_seed_shuffles() -> None:
    assert torch.equal(deal(50, 20, 2, seed=1), deal(50, 20, 2, seed=1))
    assert not torch.equal(deal(50, 20, 2, seed=1), deal(50, 20, 2, seed=2))


def test_sizes_name_every_source(mixture: ScansAndStrokes) -> None:
    assert Scans(some(7)).sizes == {"MNIST": 7}
    assert mixture.sizes == {"MNIST": 40, "pen digits": 90, "letters": 12, "scribbles": 25}
