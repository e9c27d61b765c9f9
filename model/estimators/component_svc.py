"""A support vector machine that is a sixteenth of the usual size, and says how sure it is."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.decomposition import PCA
from sklearn.svm import SVC

from model.ensemble.member_names import CLASSES

COMPONENTS = 50  # that it sees of 784 pixels: a sixteenth of the size, and no less right
STEEPNESS = 5.0  # of a pair's logistic; chosen on validation


def _pairs() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return which class is a pair's first, and which its second: (pairs, classes) each."""
    pairs = [(i, j) for i in range(CLASSES) for j in range(i + 1, CLASSES)]
    first, second = np.transpose(pairs)
    return np.eye(CLASSES)[first], np.eye(CLASSES)[second]


PAIRS = _pairs()


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
            cache_size=500, decision_function_shape="ovo",
        ).fit(self.pca_.transform(exact), y)  # fmt: skip
        self.classes_ = self.svc_.classes_
        self.n_features_in_ = exact.shape[1]
        return self

    def decision_function(self, X: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return how much speaks for each class, (N, 10): logits, before any temperature.

        Each pair of classes says how likely the one is of the two, by its margin's logistic; a
        class has the logarithms of the nine that are its own. Votes of pairs, which scikit-learn
        counts, say who wins and little of how sure that is.
        """
        components = self.pca_.transform(np.asarray(X, np.float64))
        steep = STEEPNESS * self.svc_.decision_function(components)
        for_first, for_second = PAIRS
        scores: NDArray[np.float64] = (
            -np.logaddexp(0, -steep) @ for_first - np.logaddexp(0, steep) @ for_second
        )
        return scores

    def predict(self, X: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the class that most speaks for, (N,)."""
        digits: NDArray[np.int64] = self.classes_[self.decision_function(X).argmax(axis=1)]
        return digits
