from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model.reading.calibration import (
    expected_calibration_error,
    find_digit_threshold,
    find_sure_threshold,
    fit_temperature,
    reliability,
)
from model.reading.softmax import calibrated, digit_scores


def honest_logits(count: int = 20_000) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Logits whose softmax is right: labels are drawn from those very probabilities."""
    chance = np.random.default_rng(0)
    logits = chance.normal(0, 2, (count, 10))
    draws = (calibrated(logits, 1).cumsum(1) > chance.random((count, 1))).argmax(1)
    return logits, draws


def two_classes(confidences: list[float], right: list[bool]) -> tuple[NDArray, NDArray]:  # type: ignore[type-arg]
    shares = np.array(confidences)
    return np.stack([shares, 1 - shares], 1), np.where(right, 0, 1)


@pytest.mark.parametrize("exaggeration", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_an_exaggeration(exaggeration: float) -> None:
    logits, labels = honest_logits()

    assert fit_temperature((logits * exaggeration, labels)) == pytest.approx(exaggeration, rel=0.03)


def test_the_temperature_stays_finite_where_every_prediction_is_right() -> None:
    logits = np.eye(10) * 5

    assert 0.05 <= fit_temperature((logits, np.arange(10))) <= 20


def test_calibrated_probabilities_mean_what_they_say() -> None:
    logits, labels = honest_logits()

    before = expected_calibration_error(calibrated(logits * 3, 1), labels)
    temperature = fit_temperature((logits * 3, labels))
    after = expected_calibration_error(calibrated(logits * 3, temperature), labels)

    assert before > 0.15
    assert after < 0.015


def test_the_temperature_changes_no_prediction() -> None:
    logits, _ = honest_logits(500)

    assert np.array_equal(calibrated(logits, 2.5).argmax(1), logits.argmax(1))


@pytest.mark.parametrize("seed", range(20))
def test_the_threshold_is_the_lowest_confidence_that_is_right_often_enough(seed: int) -> None:
    chance = np.random.default_rng(seed)
    # Few levels, so that many confidences are equal.
    shares = np.round(chance.uniform(0.5, 1, 400), 2)
    probabilities, labels = two_classes(list(shares), list(chance.random(400) < shares))

    threshold = find_sure_threshold(probabilities, labels, accuracy=0.9)

    right = probabilities.argmax(1) == labels
    confidences = probabilities.max(1)
    good = [level for level in np.unique(confidences) if right[confidences >= level].mean() >= 0.9]
    assert threshold == (min(good) if good else 1.0)


def test_nothing_is_sure_where_the_surest_are_wrong() -> None:
    probabilities, labels = two_classes([0.99, 0.9], [False, False])

    assert find_sure_threshold(probabilities, labels) == 1.0


def test_reliability_counts_every_prediction_once() -> None:
    probabilities, labels = two_classes([0.5, 0.6, 0.61, 1.0], [True, False, True, True])

    levels = reliability(probabilities, labels, bins=5)

    assert [level["images"] for level in levels] == [0, 0, 2, 1, 1]
    assert levels[2] == {
        "low": 0.4,
        "high": 0.6,
        "images": 2,
        "mean_confidence": 0.55,
        "accuracy": 0.5,
    }
    assert levels[0]["accuracy"] is None


def test_the_calibration_error_is_the_mean_gap_weighted_by_images() -> None:
    probabilities, labels = two_classes([0.9, 0.9, 0.9, 0.55], [True, True, False, False])

    # |2/3 - 0.9| for three, |0 - 0.55| for one
    assert expected_calibration_error(probabilities, labels) == pytest.approx(
        (3 * abs(2 / 3 - 0.9) + 0.55) / 4
    )


def test_digit_scores_are_the_log_odds_against_the_last_logit() -> None:
    logits = np.log(np.array([[0.5, 0.3, 0.2], [0.05, 0.05, 0.9]]))

    assert digit_scores(logits, 2) == pytest.approx([np.log(0.8 / 0.2), np.log(0.1 / 0.9)])


def test_of_every_group_of_digits_98_in_100_are_accepted() -> None:
    chance = np.random.default_rng(0)
    groups = [chance.normal(5, 1, 3000), chance.normal(3, 2, 500)]

    threshold = find_digit_threshold(*groups)

    shares = [float((group >= threshold).mean()) for group in groups]
    assert min(shares) == pytest.approx(0.98, abs=0.003)
    assert min(shares) >= 0.98


def test_every_group_counts_the_same_for_the_temperature_whatever_its_size() -> None:
    # All are read right with much confidence in the large group, half of them in the small one.
    large = np.tile([[4.0, 0.0]], (1000, 1)), np.repeat(0, 1000)
    small = np.tile([[4.0, 0.0]], (20, 1)), np.repeat([0, 1], 10)

    temperature = fit_temperature(large, small)

    share = 1 / (1 + np.exp(-4 / temperature))
    assert share == pytest.approx(3 / 4, abs=0.001)
