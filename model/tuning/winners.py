"""A winner trained anew on everything, calibrated, as a graph."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator

from model.ensemble.member_card import Value
from model.estimators.member_graph import export_member
from model.estimators.member_kinds import build, logits_of, to_pixels
from model.reading.calibration import fit_temperature
from model.tuning.finished_candidates import Winner
from model.tuning.member_data import MemberData, Part


def train_winner(
    name: str,
    params: Mapping[str, Value],
    data: MemberData,
    *,
    seed: int,
    device: str,
    tell: Callable[[int], object],
    should_stop: Callable[[], bool],
) -> Winner:
    """Return a member trained on all of the training part, on all cores.

    tell: gets the number of each epoch of a network. Raises StoppedTraining once `should_stop` says
    so, between epochs of a network.
    """
    started = time.perf_counter()
    estimator = build(name, params, seed=seed, threads=None, device=device)
    training = data.all_training
    pixels = to_pixels(name, training.images)
    if name in ("cnn", "fcnn"):
        estimator.fit(pixels, training.labels, tell=tell, should_stop=should_stop)
    else:
        estimator.fit(pixels, training.labels)
    seconds = time.perf_counter() - started
    temperature = find_temperature(name, estimator, data.validation)
    return Winner(export_member(name, estimator, temperature), temperature, seconds)


def find_temperature(name: str, estimator: Any, validation: Mapping[str, Part]) -> float:
    """Return what makes a member's probabilities mean what they say, on validation.

    Every part counts the same, however many images it has. Of the SVM it is scikit-learn that finds
    it, as its own probabilities are on their way out.
    """
    parts = list(validation.values())
    pixels = [to_pixels(name, part.images) for part in parts]
    if name != "svm":
        logits = [logits_of(estimator, its) for its in pixels]
        return fit_temperature(*zip(logits, (part.labels for part in parts), strict=True))
    calibrated = CalibratedClassifierCV(FrozenEstimator(estimator), method="temperature")
    with warnings.catch_warnings():
        # It warns that weights count in the calibration alone, which is what they are for.
        warnings.filterwarnings("ignore", "Since FrozenEstimator does not appear to accept")
        calibrated.fit(
            np.concatenate(pixels),
            np.concatenate([part.labels for part in parts]),
            sample_weight=np.concatenate([np.full(len(it), 1 / len(it)) for it in parts]),
        )
    return 1 / float(calibrated.calibrated_classifiers_[0].calibrators[0].beta_)
