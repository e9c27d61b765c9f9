"""Weights of the vote: who is right counts more, and each part as much as another."""

from __future__ import annotations

import numpy as np
import pytest

from model.tuning.weighing import rank, weigh

LABELS = {"scans": np.arange(200) % 10, "drawn": np.arange(50) % 10}


def shares(labels: np.ndarray, right: float, sure: float, seed: int) -> np.ndarray:
    """Return probabilities of someone who is right in a share of cases, so sure of each."""
    chance = np.random.default_rng(seed)
    said = np.where(chance.random(len(labels)) < right, labels, chance.integers(0, 10, len(labels)))
    rows = np.full((len(labels), 10), (1 - sure) / 9)
    rows[np.arange(len(labels)), said] = sure
    return rows


def opinions(**members: float) -> dict[str, dict[str, np.ndarray]]:
    return {
        part: {
            name: shares(labels, right, 0.9, seed)
            for seed, (name, right) in enumerate(members.items())
        }
        for part, labels in LABELS.items()
    }


def test_who_is_right_more_often_has_the_larger_weight() -> None:
    vote = weigh(opinions(svm=0.95, rf=0.5), LABELS)

    assert vote.weights["svm"] > vote.weights["rf"]
    assert sum(vote.weights.values()) == pytest.approx(1)


def test_whoever_knows_nothing_has_no_weight() -> None:
    vote = weigh(opinions(svm=0.98, rf=0.0), LABELS)

    assert vote.weights["rf"] == 0


def test_the_vote_of_members_that_err_elsewhere_beats_each_of_them() -> None:
    given = opinions(svm=0.8, rf=0.8, cnn=0.8)

    vote = weigh(given, LABELS)

    together = rank({part: vote.of(given[part]) for part in given}, LABELS)
    alone = [rank({part: given[part][name] for part in given}, LABELS) for name in ("svm", "rf")]
    assert together > max(alone)
