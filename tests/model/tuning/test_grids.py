"""Grids: the usual ones are taken as they are; what cannot be tried is one sentence."""

from __future__ import annotations

from typing import Any

import pytest

from model.ensemble.member_names import MEMBERS
from model.tuning.grids import BadGrid, Grid, Request

USUAL = {  # of a widely copied service, and the tests of its clients
    "fcnn": {"batch_size": [32, 64, 128], "epochs": [5, 10], "optimizer": ["adam", "rmsprop"]},
    "cnn": {"batch_size": [32, 64, 128], "epochs": [5, 10], "optimizer": ["adam", "rmsprop"]},
    "svm": {"C": [1, 10, 100], "gamma": [0.1, 0.01], "kernel": ["rbf"]},
    "rf": {
        "n_estimators": [50, 75, 100],
        "max_depth": [None, 10, 20],
        "min_samples_split": [2, 5, 10],
    },
    "xgboost": {"max_depth": [3, 6], "learning_rate": [0.1, 0.3], "n_estimators": [50, 100]},
}


def test_the_usual_grids_are_the_default_and_are_taken_as_they_are() -> None:
    asked = Request({name: Grid(param) for name, param in USUAL.items()})

    assert {name: dict(grid.param) for name, grid in asked.grids.items()} == USUAL
    assert asked == Request()
    assert [grid.candidates for grid in asked.grids.values()] == [12, 8, 27, 6, 12]
    assert tuple(asked.grids) == MEMBERS


@pytest.mark.parametrize(
    ("name", "param", "words"),
    [
        ("knn", {"n": [1]}, "knn is no model: there are fcnn, xgboost, rf, svm, cnn"),
        ("svm", {}, "svm has no grid"),
        ("svm", {"c": [1]}, "svm has no parameter c: there are C, gamma"),
        ("svm", {"C": []}, "svm: C has an empty list"),
        ("svm", {"C": 1}, "svm: C takes a list of values, not 1"),
        ("svm", {"kernel": "rbf"}, "svm: kernel takes a list of values, not 'rbf'"),
        ("svm", {"C": ["1"]}, "svm: C takes numbers above 0"),
        ("svm", {"C": [0]}, "svm: C takes numbers above 0"),
        ("svm", {"C": [float("nan")]}, "svm: C takes numbers above 0"),
        ("svm", {"C": [True]}, "not true"),
        ("svm", {"C": [None]}, "not null"),
        ("svm", {"kernel": ["precomputed"]}, "kernel takes rbf, linear, poly or sigmoid"),
        ("rf", {"n_estimators": [10.0]}, "n_estimators takes whole numbers from 1"),
        ("rf", {"min_samples_split": [1]}, "min_samples_split takes whole numbers from 2"),
        ("cnn", {"optimizer": ["lion"]}, "optimizer takes adam, rmsprop or sgd"),
        ("cnn", {"epochs": [0]}, "epochs takes whole numbers from 1"),
        ("xgboost", {"subsample": [1.5]}, "subsample takes numbers above 0, 1 at most"),
        ("rf", {"n_estimators": list(range(1, 1002))}, "1,001 combinations are more than"),
    ],
)
def test_a_bad_grid_is_one_sentence(name: str, param: Any, words: str) -> None:
    with pytest.raises(BadGrid) as caught:
        Request({name: Grid(param)})

    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"cv": 1}, "cv must be 2 to 20 folds, not 1"),
        ({"cv": 2.5}, "cv must be 2 to 20 folds"),
        ({"n_jobs": 0}, "n_jobs must be 1 or more, or -1"),
        ({"n_jobs": None}, "n_jobs must be 1 or more, or -1 for all cores, not null"),
    ],
)
def test_folds_and_jobs_that_cannot_be_are_one_sentence(how: Any, words: str) -> None:
    with pytest.raises(BadGrid, match=words):
        Request({"svm": Grid({"C": [1]}, **how)})


def test_no_model_at_all_is_one_sentence() -> None:
    with pytest.raises(BadGrid, match="there is no model to tune"):
        Request({})


def test_null_is_a_value_and_repeated_ones_are_tried_once() -> None:
    asked = Request({"rf": Grid({"max_depth": [None, 10, None]})})

    assert asked.grids["rf"].param == {"max_depth": [None, 10]}
