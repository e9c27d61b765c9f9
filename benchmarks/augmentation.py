"""Augmentation of whole batches against the usual way: `python -m benchmarks.augmentation`.

The usual way is torchvision's transforms on one PIL image after another in a DataLoader, with 0 and
with 2 workers: the same changes, the same normalisation, the same batches of the same MNIST digits.
What counts is images per second from stored digits to batches that a network takes, and the time of
a whole epoch of training with them.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from environment import ROOT, data_dir, read_environment
from model.datasets.idx import DatasetError
from model.datasets.mnist import Digits, load_mnist, normalise, split, to_ink
from model.datasets.torchvision_pairing import import_torchvision
from model.ink.preprocess import MNIST_MEAN, MNIST_STD
from model.networks.registry import BASELINE
from model.synthesis.augment import Augmentation, random_maps, warp
from model.training.epoch import train_step
from model.training.loop import begin
from model.training.options import TrainingOptions

REPORT = ROOT / "results" / "augmentation_benchmark.json"
TABLE = REPORT.with_suffix(".txt")
ROUNDS = 5
USUAL_BATCHES = 60  # timed in each round; the usual way would take a minute for all
TARGET_AUGMENTATION, TARGET_EPOCH = 15.0, 1.5
OPTIONS = TrainingOptions(network=BASELINE, device="cpu")
Batches = Iterable[tuple[Tensor, Tensor]]


class PictureDigits(Dataset[tuple[Any, int]]):
    """Digits as torchvision's datasets give them: one PIL image at a time, through `transform`."""

    def __init__(self, digits: Digits, transform: Callable[[Image.Image], Tensor]) -> None:
        """Keep digits and what is to be done with each."""
        self.images, self.labels = digits.images.numpy(), digits.labels.tolist()
        self.transform = transform

    def __len__(self) -> int:
        """Return the number of digits."""
        return len(self.labels)

    def __getitem__(self, place: int) -> tuple[Tensor, int]:
        """Return one digit, augmented and normalised: float32 (1, 28, 28)."""
        return self.transform(Image.fromarray(self.images[place])), self.labels[place]


def usual_batches(digits: Digits, workers: int) -> Batches:
    """Give the batches of one epoch in the usual way."""
    transforms = import_torchvision().transforms
    amounts = Augmentation()
    transform = transforms.Compose(
        [
            transforms.RandomAffine(
                degrees=amounts.rotation_deg,
                translate=(amounts.translation, amounts.translation),
                scale=(1 - amounts.scaling, 1 + amounts.scaling),
                shear=amounts.shear_deg,
                interpolation=transforms.InterpolationMode.BILINEAR,
            ),
            transforms.ToTensor(),
            transforms.Normalize((MNIST_MEAN,), (MNIST_STD,)),
        ]
    )
    return DataLoader(
        PictureDigits(digits, transform),
        batch_size=OPTIONS.batch_size,
        shuffle=True,
        num_workers=workers,
    )


def whole_batches(digits: Digits) -> Iterator[tuple[Tensor, Tensor]]:
    """Give the batches of one epoch as the trainer makes them."""
    chance = torch.Generator().manual_seed(0)
    order = torch.randperm(len(digits), generator=chance)
    maps = random_maps(len(digits), chance)
    size = OPTIONS.batch_size
    for places, batch_maps in zip(torch.split(order, size), torch.split(maps, size), strict=True):
        batch = digits.take(places)
        yield normalise(warp(to_ink(batch.images), batch_maps)), batch.labels


def images_per_second(batches: Batches, most: int | None = None) -> float:
    """Return how fast batches come; the first is not timed, so that no worker's start counts."""
    stream = iter(batches)
    next(stream)
    start = time.perf_counter()
    count = sum(len(labels) for _, labels in islice(stream, most))
    return count / (time.perf_counter() - start)


def epoch_seconds(batches: Batches) -> float:
    """Return how long one epoch of training with these batches takes."""
    state = begin(OPTIONS, torch.device("cpu"))
    state.network.train()
    start = time.perf_counter()
    for images, labels in batches:
        train_step(state.network, images, labels, state.optimizer)
    return time.perf_counter() - start


def main() -> None:
    """Time both ways by turns; write the report and a readable table."""
    try:
        mnist = load_mnist(data_dir(read_environment()), train=True)
    except DatasetError as error:
        sys.exit(str(error))
    training, _ = split(mnist, OPTIONS.seed)
    speeds: dict[str, list[float]] = {"whole batches": [], "0 workers": [], "2 workers": []}
    for number in range(ROUNDS):
        print(f"augmentation, round {number + 1} of {ROUNDS}", flush=True)
        speeds["whole batches"].append(images_per_second(whole_batches(training)))
        for workers in (0, 2):
            batches = usual_batches(training, workers)
            speeds[f"{workers} workers"].append(images_per_second(batches, USUAL_BATCHES))
    print("one epoch of training each way", flush=True)
    seconds = {
        "whole batches": epoch_seconds(whole_batches(training)),
        "0 workers": epoch_seconds(usual_batches(training, 0)),
        "2 workers": epoch_seconds(usual_batches(training, 2)),
    }
    report = summarise(speeds, seconds, len(training))
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    table = format_table(report)
    TABLE.write_text(table + "\n", encoding="utf-8")
    print(table)


def summarise(
    speeds: dict[str, list[float]], seconds: dict[str, float], digits: int
) -> dict[str, Any]:
    """Return the report: medians over the rounds, and the gain over the better usual way."""
    gains = [
        ours / max(usual)
        for ours, *usual in zip(
            speeds["whole batches"], speeds["0 workers"], speeds["2 workers"], strict=True
        )
    ]
    usual_epoch_s = min(seconds["0 workers"], seconds["2 workers"])
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "batch_size": OPTIONS.batch_size,
        "rounds": len(gains),
        "images_per_second": {
            way: {
                "median": round(statistics.median(values)),
                "lowest": round(min(values)),
                "highest": round(max(values)),
            }
            for way, values in speeds.items()
        },
        "augmentation_gain": round(statistics.median(gains), 1),
        "augmentation_gain_by_round": [round(gain, 1) for gain in np.sort(gains).tolist()],
        "target_augmentation_gain": TARGET_AUGMENTATION,
        "epoch_digits": digits,
        "epoch_s": {way: round(value, 2) for way, value in seconds.items()},
        "epoch_gain": round(usual_epoch_s / seconds["whole batches"], 2),
        "target_epoch_gain": TARGET_EPOCH,
    }


def format_table(report: dict[str, Any]) -> str:
    """Return the report as a table to read."""
    names = {
        "whole batches": "whole batches, as tensors",
        "0 workers": "PIL image by image, 0 workers",
        "2 workers": "PIL image by image, 2 workers",
    }
    lines = [
        f"{report['machine']}, torch {report['torch']}, {report['threads']} threads, "
        f"batches of {report['batch_size']}, median of {report['rounds']} rounds",
        "",
        f"{'':<31} {'images/s':>9} {'epoch, s':>9}",
    ]
    lines += [
        f"{name:<31} {report['images_per_second'][way]['median']:>9,} {report['epoch_s'][way]:>9}"
        for way, name in names.items()
    ]
    lines.append(
        f"{'gain over the better usual way':<31} {report['augmentation_gain']:>8}x "
        f"{report['epoch_gain']:>8}x"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
