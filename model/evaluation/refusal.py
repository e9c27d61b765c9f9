"""How much of what is no digit is refused: kinds that no training and no threshold has seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, softmax
from sklearn.metrics import roc_auc_score

from model.datasets.mnist import Digits
from model.evaluation.out_of_distribution import KINDS, NOISE, PHOTOGRAPH, stranger
from model.ink.preprocess import prepare_any
from model.pen.drawings import PenDrawing
from model.reading.recogniser import Recogniser
from model.reading.softmax import digit_scores
from model.synthesis.canvas_images import draw_all, stack
from model.synthesis.outlier_exposure import MEASURED_LETTERS
from model.synthesis.workers import spread

LETTER = "letter"
PER_KIND = 500
SLOW = {NOISE: 200, PHOTOGRAPH: 100}  # fewer of what takes preparation ten times as long
PER_LETTER = 100  # at most; of some the test sites have more


class Strangers:
    """What is no digit, prepared, by kind; what preparation itself refuses is only counted."""

    def __init__(self, inks: Mapping[str, NDArray[np.uint8]], no_ink: Mapping[str, int]) -> None:
        """Keep inks, uint8 (N, 28, 28), and how many more there were without ink."""
        self.inks, self.no_ink = dict(inks), dict(no_ink)


def gather_strangers(drawings: Sequence[PenDrawing], seed: int = 0) -> Strangers:
    """Return strangers of every kind in `out_of_distribution`, and the measured letters.

    drawings: of the test sites. What is chosen and how it is drawn depends on the seed alone.
    """
    jobs = [
        (kind, [seed, place, number])
        for place, kind in enumerate(KINDS)
        for number in range(min(SLOW.get(kind, PER_KIND), PER_KIND))
    ]
    made = list(spread(_prepare_stranger, jobs, "strangers"))
    inks: dict[str, NDArray[np.uint8]] = {}
    no_ink: dict[str, int] = {}
    for kind in KINDS:
        of_kind = [ink for ink, (made_as, _) in zip(made, jobs, strict=True) if made_as == kind]
        inks[kind] = stack([ink for ink in of_kind if ink is not None])
        no_ink[kind] = sum(ink is None for ink in of_kind)
    letters = draw_all(_choose_letters(drawings, seed), seed)
    if len(letters):
        inks[LETTER] = letters.inks[letters.readable]
        no_ink[LETTER] = int((~letters.readable).sum())
    return Strangers(inks, no_ink)


def _choose_letters(drawings: Sequence[PenDrawing], seed: int) -> list[PenDrawing]:
    chosen: list[PenDrawing] = []
    for letter in sorted(MEASURED_LETTERS):
        found = [drawing for drawing in drawings if drawing.label == letter]
        order = np.random.default_rng(seed).permutation(len(found))[:PER_LETTER]
        chosen += [found[place] for place in order]
    return chosen


def _prepare_stranger(job: tuple[str, list[int]]) -> NDArray[np.uint8] | None:
    kind, seed = job
    return prepare_any(stranger(kind, np.random.default_rng(seed)))


class ClassCentres:
    """Where in a network's features each class lies, and how far it spreads.

    Source: Lee et al., "A simple unified framework for detecting out-of-distribution samples and
    adversarial attacks", 2018: one normal distribution a class, all of the same covariance.
    """

    def __init__(self, features: NDArray[np.float64], labels: NDArray[np.integer]) -> None:
        """Find them from features, (N, F), of images that the network was trained on."""
        found = np.unique(labels)
        self._centres = np.stack([features[labels == label].mean(axis=0) for label in found])
        spread = features - self._centres[np.searchsorted(found, labels)]
        # What does not vary at all must not count for ever so much.
        ridge = 1e-3 * spread.var(axis=0).mean() * np.eye(features.shape[1])
        self._precision = np.linalg.inv(spread.T @ spread / len(spread) + ridge)

    def nearness(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the squared distance to the nearest centre, negated: (N,) of features (N, F)."""
        gaps = features[:, None] - self._centres
        distances = np.einsum("ncf,fg,ncg->nc", gaps, self._precision, gaps, optimize=True)
        nearest: NDArray[np.float64] = -distances.min(axis=1)
        return nearest


def describe_refusal(
    recogniser: Recogniser, strangers: Strangers, digits: NDArray[np.uint8], trained: Digits
) -> dict[str, Any]:
    """Return, for each kind, how much of it is refused, and how well it is told from digits.

    digits: uint8 (N, 28, 28), drawn digits of the test sites; trained: some of the digits that the
    network was trained on, of every class. `auroc` is the chance that a digit
    gets the higher score of the two, 0.5 for a coin, by each of several ways to score; what has no
    ink counts as scored below everything. None where weights have no such score.
    """
    centres = ClassCentres(recogniser.features(trained.images.numpy()), trained.labels.numpy())
    known = _scores(recogniser, centres, digits)
    kinds: dict[str, Any] = {}
    for kind, inks in strangers.inks.items():
        without = strangers.no_ink[kind]
        scores = _scores(recogniser, centres, inks)
        refused = int((~recogniser.accepts(inks)).sum())
        images = len(inks) + without
        kinds[kind] = {
            "images": images,
            "without_ink": without,
            "refused": refused + without,
            "refused_share": (refused + without) / images,
            "auroc": {name: _area(known[name], scores[name], without) for name in known},
        }
    return kinds


def _scores(
    recogniser: Recogniser, centres: ClassCentres, inks: NDArray[np.uint8]
) -> dict[str, NDArray[np.float64]]:
    """Return several scores that are higher for what looks more like a digit: (N,) each."""
    logits = recogniser.logits(inks)
    digits = logits[:, : len(recogniser.card.classes)]
    scores = {
        "highest probability": softmax(digits, axis=1).max(axis=1),
        "highest logit": digits.max(axis=1),
        "energy": logsumexp(digits, axis=1),  # Liu et al., 2020, at temperature 1
        "nearness to a class": centres.nearness(recogniser.features(inks)),
    }
    if recogniser.card.digit_threshold is not None:
        scores["class of its own"] = digit_scores(logits, len(recogniser.card.classes))
    return scores


def _area(known: NDArray[np.float64], strange: NDArray[np.float64], without: int) -> float:
    lowest = min(known.min(), strange.min(initial=np.inf)) - 1
    scores = np.concatenate([known, strange, np.full(without, lowest)])
    is_known = np.arange(len(scores)) < len(known)
    return float(roc_auc_score(is_known, scores))
