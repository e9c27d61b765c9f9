from __future__ import annotations

import numpy as np
import pytest

from model.reading.metrics import describe_classes, summarise

NAMES = tuple("0123456789")
chance = np.random.default_rng(4)
labels = chance.integers(0, 10, 600)
probabilities = chance.dirichlet(np.full(10, 0.2), 600)
probabilities[np.arange(400), labels[:400]] += 2
probabilities /= probabilities.sum(1, keepdims=True)
predicted = probabilities.argmax(1)


def test_accuracy_is_right_over_all() -> None:
    summary = summarise(probabilities, labels, threshold=0.8)

    assert summary["correct"] == np.count_nonzero(predicted == labels)
    assert summary["accuracy"] == summary["correct"] / 600
    assert summary["loss"] == pytest.approx(-np.log(probabilities[np.arange(600), labels]).mean())


def test_the_sure_ones_are_counted_apart() -> None:
    sure = summarise(probabilities, labels, threshold=0.8)["sure"]

    chosen = probabilities.max(1) >= 0.8
    assert sure["images"] == np.count_nonzero(chosen)
    assert sure["share"] == chosen.mean()
    assert sure["accuracy"] == (predicted == labels)[chosen].mean()


def test_none_sure_has_no_accuracy() -> None:
    assert summarise(probabilities, labels, threshold=1.0)["sure"]["accuracy"] is None


def test_scores_of_a_class_equal_a_recount() -> None:
    scores = describe_classes(probabilities, labels, NAMES)

    for digit in range(10):
        both = np.count_nonzero((predicted == digit) & (labels == digit))
        row = scores["classes"][str(digit)]
        assert row["precision"] == pytest.approx(both / np.count_nonzero(predicted == digit))
        assert row["recall"] == pytest.approx(both / np.count_nonzero(labels == digit))
        assert row["f1"] == pytest.approx(
            2 * row["precision"] * row["recall"] / (row["precision"] + row["recall"])
        )
        # The area is the chance that one of the class is ranked above one of the rest.
        ours = probabilities[labels == digit, digit]
        rest = probabilities[labels != digit, digit]
        assert row["roc_auc"] == pytest.approx((ours[:, None] > rest).mean())


def test_the_confusion_matrix_counts_true_by_predicted() -> None:
    matrix = describe_classes(probabilities, labels, NAMES)["confusion_matrix"]

    assert matrix[3][5] == np.count_nonzero((labels == 3) & (predicted == 5))
    assert sum(map(sum, matrix)) == 600


def test_a_class_that_never_occurs_has_no_area_and_spoils_no_mean() -> None:
    chosen = labels != 7
    scores = describe_classes(probabilities[chosen], labels[chosen], NAMES)

    assert scores["classes"]["7"]["roc_auc"] is None
    assert scores["classes"]["7"]["images"] == 0
    assert 0.5 < scores["roc_auc"] < 1
