from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from model.checkpoint import DEFAULT_WEIGHTS, save_weights
from model.data import load_mnist
from model.errors import WeightsNotFound
from model.evaluate import evaluate, format_report, predict_probabilities
from model.network import BASELINE, build_network
from model.recogniser import Recogniser
from tests.model.scanned_digits import scanned_digits, write_as_mnist
from tests.model.test_pen import CARD


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small MNIST, weights, and the results of testing them."""
    folder = tmp_path_factory.mktemp("evaluation")
    write_as_mnist(folder, scanned_digits())
    torch.manual_seed(0)
    save_weights(folder / "weights.safetensors", build_network(BASELINE), CARD)
    evaluate(folder / "weights.safetensors", folder, folder / "results", seed=5)
    return folder


@pytest.fixture(scope="module")
def report(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        (folder / "results" / "classification_report.json").read_text(encoding="utf-8")
    )
    return content


def test_every_figure_of_the_report_is_written(folder: Path, report: dict[str, Any]) -> None:
    written = {path.name for path in (folder / "results").iterdir()}

    assert written == {*report["figures"], "classification_report.json"}
    assert len(report["figures"]) == 6


def test_the_report_is_about_the_test_set_alone(report: dict[str, Any]) -> None:
    test = report["test"]

    assert test["images"] == 300
    assert test["accuracy"] == test["correct"] / 300
    assert sum(map(sum, test["confusion_matrix"])) == 300
    assert sum(row["images"] for row in test["classes"].values()) == 300
    assert report["pen"] is None


def test_the_report_counts_what_the_recogniser_says(folder: Path, report: dict[str, Any]) -> None:
    recogniser = Recogniser.load(folder / "weights.safetensors")
    test = load_mnist(folder, train=False)

    probabilities = predict_probabilities(recogniser, test)

    # Close, not equal: another batch size may add up in another order.
    assert np.allclose(probabilities[:7], recogniser.probabilities(test.images[:7].numpy()))
    right = probabilities.argmax(axis=1) == test.labels.numpy()
    assert report["test"]["correct"] == np.count_nonzero(right)


def test_testing_twice_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    evaluate(folder / "weights.safetensors", folder, tmp_path, seed=5)

    for path in (folder / "results").iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_table_has_a_row_for_each_digit(report: dict[str, Any]) -> None:
    table = format_report(report)

    for digit, row in report["test"]["classes"].items():
        assert f"\n      {digit}  {row['precision']:9.2%} {row['recall']:7.2%}" in table
    assert f"accuracy           {report['test']['accuracy']:.2%}" in table


def test_the_table_says_how_pen_digits_are_read(report: dict[str, Any]) -> None:
    read = {"images": 4, "accuracy": 0.25, "not_read": 3}

    table = format_report({**report, "pen": {**read, "note": "Poor.", "sources": {"a": read}}})

    assert "Pen digits: 4 from a" in table
    assert "25.00% right, 3 not read" in table
    assert table.endswith("Poor.")


def test_missing_weights_are_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsNotFound, match="no weights at"):
        evaluate(tmp_path / "none.safetensors", folder, tmp_path)


@pytest.mark.data
def test_the_shipped_weights_score_what_the_shipped_report_says(datasets: Path) -> None:
    results = DEFAULT_WEIGHTS.parents[2] / "results" / "classification_report.json"
    shipped = json.loads(results.read_text(encoding="utf-8"))
    recogniser, test = Recogniser.load(DEFAULT_WEIGHTS), load_mnist(datasets, train=False)

    right = predict_probabilities(recogniser, test).argmax(axis=1) == test.labels.numpy()

    assert recogniser.card.version == shipped["weights"]["version"]
    assert np.count_nonzero(right) == shipped["test"]["correct"] >= 9_800
