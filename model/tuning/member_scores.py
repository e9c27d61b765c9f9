"""How members and their vote read what nothing was chosen on, and who is right where others err."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.datasets.mnist import CLASSES
from model.ensemble.member_names import VOTE
from model.ensemble.members import Ensemble
from model.ensemble.voting import Probabilities
from model.reading.metrics import describe_classes, summarise
from model.tuning.member_data import DRAWN, SCANS, Part

SINGLE_READINGS = 50
SHORT = {SCANS: "mnist", DRAWN: "drawn"}  # names of parts in reports


def figures_of(shares: Probabilities, labels: NDArray[np.int64]) -> dict[str, float | int | None]:
    """Return the figures of one reader on one part; shares are 0..1, losses in nats."""
    summary = summarise(shares, labels, 0.0)
    classes = describe_classes(shares, labels, CLASSES)
    return {
        "images": summary["images"],
        "correct": summary["correct"],
        "accuracy": summary["accuracy"],
        "loss": summary["loss"],
        "expected_calibration_error": summary["expected_calibration_error"],
        "macro_f1": classes["macro"]["f1"],
        "recall": classes["macro"]["recall"],
        "roc_auc": classes["roc_auc"],
    }


def ms_for_one(ensemble: Ensemble, name: str, images: NDArray[np.uint8]) -> float:
    """Return the median time of reading a single image, in milliseconds."""
    times = []
    for place in range(min(SINGLE_READINGS, len(images))):
        started = time.perf_counter()
        ensemble.read_by(name, images[place : place + 1])
        times.append(time.perf_counter() - started)
    return float(np.median(times)) * 1000


def score_all(ensemble: Ensemble, test: Mapping[str, Part]) -> dict[str, Any]:
    """Return figures by reader and part, time for one, and who is right where others fail.

    `right_where_wrong` has of each part, by a member and another one, how many images the first
    reads right of those that the second reads wrong; beside `nobody` how many no member reads.
    """
    readers = [*ensemble.names, *([VOTE] if ensemble.can_vote else [])]
    figures: dict[str, dict[str, Any]] = {name: {} for name in readers}
    right_where_wrong: dict[str, Any] = {}
    for part, data in test.items():
        opinions = ensemble.read(data.images)
        if ensemble.can_vote and ensemble.manifest.vote is not None:
            opinions[VOTE] = ensemble.manifest.vote.of(opinions)
        for name in readers:
            figures[name][SHORT[part]] = figures_of(opinions[name], data.labels)
        right = {name: opinions[name].argmax(axis=1) == data.labels for name in ensemble.names}
        right_where_wrong[SHORT[part]] = _confusion(right)
    for name in readers:
        figures[name]["ms_for_one"] = ms_for_one(ensemble, name, test[SCANS].images)
    return {"figures": figures, "right_where_wrong": right_where_wrong}


def _confusion(right: Mapping[str, NDArray[np.bool_]]) -> dict[str, Any]:
    return {
        "wrong": {name: int((~reads).sum()) for name, reads in right.items()},
        "rescued": {
            name: {other: int((reads & ~right[other]).sum()) for other in right if other != name}
            for name, reads in right.items()
        },
        "nobody": int((~np.any(list(right.values()), axis=0)).sum()),
    }
