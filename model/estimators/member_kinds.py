"""A member's name and parameters to what scikit-learn trains, and what that makes of pixels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from model.ensemble.member_card import Value
from model.ensemble.voting import LEAST
from model.estimators.component_svc import ComponentSVC
from model.estimators.deskewing import deskew

# Whose pixels are stood upright first. The networks learn slants of their own, from images that
# are slanted anew in each epoch.
DESKEWED = ("svm", "rf", "xgboost")
# What members are made with besides their grids; a grid may name any of these that it knows.
FIXED: dict[str, dict[str, Value]] = {
    "fcnn": {"batch_size": 64, "epochs": 10, "optimizer": "adam", "learning_rate": None},
    # Sixteen levels of ink are enough to split by, and histograms are a tenth of the work.
    "xgboost": {"max_bin": 16, "colsample_bynode": 0.3, "subsample": 0.8},
    "rf": {"criterion": "entropy", "max_features": 56},
    "svm": {"C": 10, "gamma": 0.01, "kernel": "rbf"},
    "cnn": {"batch_size": 64, "epochs": 10, "optimizer": "adam", "learning_rate": None},
}


def to_pixels(name: str, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return images as a member, and its graph, has them: float32 (N, 784), 0 = paper, 1 = ink.

    images: uint8 (N, 784), 0 = paper, 255 = full ink.
    """
    upright = deskew(images) if name in DESKEWED else images
    pixels: NDArray[np.float32] = upright.astype(np.float32) / np.float32(255)
    return pixels


def build(
    name: str,
    params: Mapping[str, Value],
    *,
    seed: int,
    threads: int | None = 1,
    device: str = "cpu",
) -> Any:
    """Return a member that knows nothing yet.

    threads: that its training takes, None for all cores; of the SVM it is always one.
    """
    chosen = {**FIXED[name], **params}
    cores = -1 if threads is None else threads
    if name == "svm":
        return ComponentSVC(**chosen, seed=seed)  # type: ignore[arg-type]
    if name == "rf":
        return RandomForestClassifier(**chosen, random_state=seed, n_jobs=cores)
    if name == "xgboost":
        from xgboost import XGBClassifier

        return XGBClassifier(
            **chosen, objective="multi:softprob", tree_method="hist", random_state=seed,
            n_jobs=cores, verbosity=0,
        )  # fmt: skip
    from model.estimators.network_estimator import NetworkClassifier  # torch, for these alone

    return NetworkClassifier(name, **chosen, seed=seed, threads=threads, device=device)  # type: ignore[arg-type]


def logits_of(estimator: Any, pixels: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return what a trained member says before calibration: float64 (N, 10).

    Softmax makes probabilities of it: logits of a network, scores of the SVM, and of trees the
    logarithms of what they take for probabilities.
    """
    if hasattr(estimator, "logits"):
        return np.asarray(estimator.logits(pixels), np.float64)
    if hasattr(estimator, "decision_function"):
        return np.asarray(estimator.decision_function(pixels), np.float64)
    shares = np.asarray(estimator.predict_proba(pixels), np.float64)
    return np.log(np.maximum(shares, LEAST))
