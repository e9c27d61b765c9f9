from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from model.crossval.fold import Figures, FoldOutcome
from model.crossval.fold_table import describe_folds, format_folds
from tests.model.crossval.pools import QUICK
from tests.model.networks.cards import CARD

BASE: Figures = {
    "images": 10,
    "correct": 9,
    "accuracy": 0.9,
    "f1": 0.8,
    "loss_nats": 0.1,
    "expected_calibration_error": 0.01,
    "accepted_share": 1.0,
    "kept_share": 0.7,
    "accuracy_when_kept": 1.0,
}


def outcome(fold: int, accuracy: float, pen: float | None = None, **more: Any) -> FoldOutcome:
    parts = {"MNIST": {**BASE, "accuracy": accuracy, **more}}
    if pen is not None:
        parts["pen"] = {**BASE, "accuracy": pen}
    return FoldOutcome(fold, parts, 1, [], CARD, {}, 1.5)


def test_mean_and_deviation_are_those_of_the_folds() -> None:
    report = describe_folds([outcome(0, 0.9), outcome(1, 0.8), outcome(2, 0.7)], QUICK)

    part = report["parts"]["MNIST"]
    assert part["mean"]["accuracy"] == pytest.approx(0.8)
    assert part["deviation"]["accuracy"] == pytest.approx(0.1)  # of a sample
    assert part["deviation"]["f1"] == pytest.approx(0)


def test_the_best_fold_reads_scans_and_drawings_best_each_counting_the_same() -> None:
    report = describe_folds([outcome(0, 0.99, 0.90), outcome(1, 0.98, 0.95)], QUICK)

    assert report["best_fold"] == 2
    assert report["parts"].keys() == {"MNIST", "pen"}


def test_of_equals_the_best_is_the_less_surprised() -> None:
    folds = [outcome(0, 0.9, loss_nats=0.2), outcome(1, 0.9, loss_nats=0.1)]

    assert describe_folds(folds, QUICK)["best_fold"] == 2


def test_a_fold_without_drawings_and_one_that_keeps_nothing_do_not_spoil_the_means() -> None:
    folds = [outcome(0, 0.9, 0.8), outcome(1, 0.9, accuracy_when_kept=None)]

    report = describe_folds(folds, QUICK)

    assert report["parts"]["pen"]["folds"] == 1
    assert report["parts"]["pen"]["mean"]["accuracy"] == 0.8
    assert report["parts"]["MNIST"]["mean"]["accuracy_when_kept"] == 1.0
    assert " none" in format_folds(report)


def test_the_table_has_a_line_for_each_fold_and_marks_the_best() -> None:
    report = describe_folds([outcome(0, 0.9123), outcome(1, 0.8)], replace(QUICK, seed=3))

    lines = format_folds(report).splitlines()

    assert lines[0] == "cross-validation of two-block in 2 folds, seed 3, at most 1 epochs"
    assert lines[3].split() == [
        "fold",
        "1",
        "10",
        "91.23%",
        "80.00%",
        "0.0100",
        "70.00%",
        "100.00%",
        "best",
    ]
    assert lines[4].split() == [
        "fold",
        "2",
        "10",
        "80.00%",
        "80.00%",
        "0.0100",
        "70.00%",
        "100.00%",
    ]
    assert lines[-1] == "the best fold is 1"
