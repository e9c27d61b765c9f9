"""Candidates for the text of one line, with how likely each is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from model.language.prior import Prior
from model.writing.beam import search
from model.writing.paths import LEAST, log_probabilities
from model.writing.scoring import Scoring

Rows = NDArray[np.float64]
CANDIDATES = 12  # of each network
NO_WRITING = -1  # the place of the last label


@dataclass(frozen=True)
class Candidates:
    """Texts that a line may be, and what each network and the prior say of each."""

    texts: list[str]
    strip: Rows  # (texts,) log probabilities
    path: Rows | None
    prior: Rows
    no_writing: tuple[float, float | None]  # log probability that it is no writing, by both

    def scores(self, scoring: Scoring) -> Rows:
        """Return what each text scores, in nats."""
        total = scoring.strip * self.strip + scoring.prior * self.prior
        total = total + scoring.bonus * np.array([len(text) for text in self.texts])
        return total if self.path is None else total + scoring.path * self.path

    def shares(self, scoring: Scoring) -> Rows:
        """Return the probability of each text, by these candidates alone; they add up to 1."""
        shares: Rows = np.exp(log_softmax(self.scores(scoring) / scoring.temperature))
        return shares

    def doubt(self) -> float:
        """Return by how much `no writing` is likelier than the likeliest text, in nats."""
        seen = self.no_writing[0] - float(self.strip.max())
        if self.path is None or self.no_writing[1] is None:
            return seen
        return (seen + self.no_writing[1] - float(self.path.max())) / 2


def log_shares(logits: NDArray[np.floating], allowed: NDArray[np.bool_] | None = None) -> Rows:
    """Return the log of each label's share of each row; labels that are not allowed get none."""
    exact = np.asarray(logits, np.float64)
    if allowed is not None:
        exact = np.where(allowed, exact, -60.0)
    return np.asarray(log_softmax(exact, axis=1))


def propose(
    strip: Rows, path: Rows | None, classes: tuple[str, ...], prior: Prior, scoring: Scoring
) -> Candidates:
    """Return the candidates that either network has for a line.

    strip, path: (T, labels) log shares, from `log_shares`; no path where there are no strokes.
    """
    both = [strip] if path is None else [strip, path]
    texts: dict[str, None] = {}
    # One network alone says less than both together: for its own search the prior counts more.
    weight = scoring.prior / max(scoring.strip + (scoring.path if path is not None else 0), 1e-6)
    bonus = scoring.bonus / max(scoring.strip + (scoring.path if path is not None else 0), 1e-6)
    for rows in both:
        shares = np.exp(rows)
        shares[:, NO_WRITING] = 0
        found = search(shares, classes, prior, max(weight, 0.25), bonus)
        texts.update(dict.fromkeys(text for text in found[:CANDIDATES] if text))
    if not texts:  # every row is blank: the likeliest single character, then
        best = int(strip[:, 1:-2].max(axis=0).argmax()) + 1
        texts[classes[best]] = None
    places = {label: place for place, label in enumerate(classes)}
    spelt = [[places[character] for character in text] for text in texts]
    nothing = [[len(classes) - 1]]
    return Candidates(
        list(texts),
        np.maximum(log_probabilities(strip, spelt), LEAST),
        None if path is None else np.maximum(log_probabilities(path, spelt), LEAST),
        np.array([prior.log_probability(text) for text in texts]),
        (
            float(log_probabilities(strip, nothing)[0]),
            None if path is None else float(log_probabilities(path, nothing)[0]),
        ),
    )
