"""A member's name and parameters to what scikit-learn trains, and what that makes of pixels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.svm import SVC

from model.ensemble.member_card import Value
from model.ensemble.voting import LEAST

COMPONENTS = 50  # that the SVM sees of 784 pixels: a sixteenth of the size, and no less right
# What members are made with besides their grids; a grid may name any of these that it knows.
FIXED: dict[str, dict[str, Value]] = {
    "fcnn": {"batch_size": 64, "epochs": 10, "optimizer": "adam", "learning_rate": None},
    # Sixteen levels of ink are enough to split by, and histograms are a tenth of the work.
    "xgboost": {"max_bin": 16, "colsample_bynode": 0.3, "subsample": 0.8},
    "rf": {"criterion": "entropy", "max_features": 56},
    "svm": {"C": 10, "gamma": 0.01, "kernel": "rbf"},
    "cnn": {"batch_size": 64, "epochs": 10, "optimizer": "adam", "learning_rate": None},
}


class ComponentSVC(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A support vector machine on the principal components of pixels, in float64 throughout."""

    def __init__(
        self,
        C: float = 10,
        gamma: float | str = 0.01,
        kernel: str = "rbf",
        degree: int = 3,
        coef0: float = 0.0,
        components: int = COMPONENTS,
        seed: int = 0,
    ) -> None:
        """Keep the parameters, as scikit-learn wants it: unchecked, under their names."""
        self.C = C
        self.gamma = gamma
        self.kernel = kernel
        self.degree = degree
        self.coef0 = coef0
        self.components = components
        self.seed = seed

    def fit(self, X: NDArray[np.float32], y: NDArray[np.int64]) -> Self:
        """Train on pixels, (N, 784), 0 = paper, 1 = full ink, and labels, (N,)."""
        exact = np.asarray(X, np.float64)
        count = min(self.components, *exact.shape)
        self.pca_ = PCA(count, svd_solver="covariance_eigh", random_state=self.seed).fit(exact)
        self.svc_ = SVC(
            C=self.C, gamma=self.gamma, kernel=self.kernel, degree=self.degree, coef0=self.coef0,
            cache_size=500,
        ).fit(self.pca_.transform(exact), y)  # fmt: skip
        self.classes_ = self.svc_.classes_
        self.n_features_in_ = exact.shape[1]
        return self

    def decision_function(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return how much speaks for each class, (N, 10): votes of pairs, and their margins."""
        scores: NDArray[np.float64] = self.svc_.decision_function(
            self.pca_.transform(np.asarray(X, np.float64))
        )
        return scores

    def predict(self, X: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the class that most speaks for, (N,)."""
        digits: NDArray[np.int64] = self.classes_[self.decision_function(X).argmax(axis=1)]
        return digits


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
