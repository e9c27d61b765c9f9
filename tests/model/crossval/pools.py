"""Small cross-validations: scikit-learn's scans, and marks of made-up writers."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from model.crossval.fold import FoldTask
from model.datasets.mnist import Digits
from model.networks.registry import BASELINE
from model.training.options import Mixture, Recipe, TrainingOptions
from tests.model.datasets.scanned_digits import scanned_digits, write_as_mnist

QUICK = TrainingOptions(network=BASELINE, epochs=1, batch_size=64)
SITES = ("syn", "apa", "ibm", "ced")  # that train, validate, test, test


def few(size: int = 360) -> Digits:
    """Return some scans."""
    digits = scanned_digits()
    return Digits(digits.images[:size], digits.labels[:size])


def small(recipe: Recipe) -> Recipe:
    """Return a recipe with a handful of images in place of tens of thousands."""
    return replace(
        recipe,
        mixture=Mixture(scans=40, strokes=30),
        branch_mixture=Mixture(scans=10, strokes=10, letters=10, scribbles=10),
    )


def write_data(folder: Path, *, writers: int = 12) -> Path:
    """Leave 300 scans to train and 60 to test, and the drawings of some writers at each site."""
    write_as_mnist(folder, few(), test_size=60)
    chance = np.random.default_rng(0)
    rows = [
        {
            "word": word,
            "source": site,
            "writer": str(writer),
            "drawing": [chance.integers(0, 256, (2, 6)).tolist()],
        }
        for site in SITES
        for writer in range(writers)
        for word in (*"0123456789"[writer % 2 :: 2], "w")
    ]
    (folder / "pen").mkdir()
    content = gzip.compress("\n".join(map(json.dumps, rows)).encode())
    (folder / "pen" / "some.ndjson.gz").write_bytes(content)
    return folder


def tasks(folds: int, options: TrainingOptions = QUICK) -> list[FoldTask]:
    """Return what a cross-validation would have trained."""
    return [FoldTask(fold, folds, options, options.recipe) for fold in range(folds)]
