from __future__ import annotations

import pytest
import torch

from model.data import Digits
from model.options import TrainingOptions
from model.training_sets import ROUNDS_PER_EPOCH, Scans, ScansAndStrokes

OPTIONS = TrainingOptions(batch_size=16)


def some(count: int, label: int | None = None, seed: int = 0) -> Digits:
    chance = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 256, (count, 28, 28), generator=chance, dtype=torch.uint8)
    labels = torch.arange(count) % 10 if label is None else torch.full((count,), label)
    return Digits(images, labels)


@pytest.fixture
def mixture() -> ScansAndStrokes:
    return ScansAndStrokes(some(40), [some(30, seed=k) for k in range(3)], some(25, label=10))


@pytest.mark.parametrize("kind", ["scans", "mixture"])
def test_an_epoch_yields_as_many_images_as_it_says(kind: str, mixture: ScansAndStrokes) -> None:
    training = Scans(some(40)) if kind == "scans" else mixture

    batches = list(training.batches(OPTIONS, 1))

    assert sum(len(labels) for _, labels in batches) == len(training)
    assert {images.shape[1:] for images, _ in batches} == {(1, 28, 28)}
    assert all(torch.isfinite(images).all() for images, _ in batches)


def test_an_epoch_of_the_mixture_has_every_scan_two_renderings_and_what_is_no_digit(
    mixture: ScansAndStrokes,
) -> None:
    labels = torch.cat([labels for _, labels in mixture.batches(OPTIONS, 1)])

    digits = 40 // 10 + ROUNDS_PER_EPOCH * 30 // 10
    assert torch.bincount(labels).tolist() == [digits] * 10 + [25]


@pytest.mark.parametrize("kind", ["scans", "mixture"])
def test_the_seed_and_the_epoch_decide_everything(kind: str, mixture: ScansAndStrokes) -> None:
    training = Scans(some(40)) if kind == "scans" else mixture

    def first(epoch: int, seed: int = 0) -> torch.Tensor:
        options = TrainingOptions(batch_size=16, seed=seed)
        return next(iter(training.batches(options, epoch)))[0]

    assert torch.equal(first(1), first(1))
    assert not torch.equal(first(1), first(2))
    assert not torch.equal(first(1), first(1, seed=1))


def test_renderings_take_turns(mixture: ScansAndStrokes) -> None:
    parts = [mixture._parts(epoch) for epoch in (1, 2, 3, 4)]

    seen = [[part.images.sum().item() for part in of_epoch[1:-1]] for of_epoch in parts]
    assert seen[0] != seen[1]
    assert seen[0] == seen[3]
    assert len({amount for of_epoch in seen for amount in of_epoch}) == 3


def test_sizes_name_every_source(mixture: ScansAndStrokes) -> None:
    assert Scans(some(7)).sizes == {"MNIST": 7}
    assert mixture.sizes == {"MNIST": 40, "pen digits": 90, "letters and scribbles": 25}
