from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.datasets.mnist import load_mnist
from model.errors import WeightsNotFound
from model.evaluation import refusal
from model.evaluation.evaluate import evaluate
from model.evaluation.table import format_report
from model.networks.registry import BASELINE, SIX_CONVOLUTIONS
from model.reading.recogniser import Recogniser
from model.weight_files.places import BASELINE_WEIGHTS, DEFAULT_WEIGHTS
from model.weight_files.tensors import read_tensors
from tests.model.datasets.scanned_digits import scanned_digits, write_as_mnist
from tests.model.weight_files.pairs import write_like

SEVEN = [[[40, 200, 90], [20, 20, 250]], [[60, 170], [130, 130]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a small MNIST and pen strokes, weights, and the results of testing them."""
    folder = tmp_path_factory.mktemp("evaluation")
    write_as_mnist(folder, scanned_digits())
    rows = [
        {"word": word, "source": site, "writer": "1", "drawing": SEVEN}
        for word, site in [("7", "ibm"), ("4", "ced"), ("7", "syn"), ("A", "ibm")]
    ]
    stem = [[[30, 30], [0, 255]]]
    rows.append({"word": "4", "source": "ibm", "writer": "1", "drawing": stem})
    (folder / "pen").mkdir()
    (folder / "pen" / "some.ndjson.gz").write_bytes(
        gzip.compress("\n".join(map(json.dumps, rows)).encode())
    )
    write_like(folder / "weights.safetensors", DEFAULT_WEIGHTS, digit_threshold=0.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refusal, "PER_KIND", 6)  # of what is no digit: hundreds take seconds
        evaluate(folder / "weights.safetensors", folder, folder / "results", seed=5)
        yield folder


@pytest.fixture(scope="module")
def report(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        (folder / "results" / "classification_report.json").read_text(encoding="utf-8")
    )
    return content


def test_every_figure_of_the_report_is_written(folder: Path, report: dict[str, Any]) -> None:
    written = {path.name for path in (folder / "results").iterdir()}

    assert written == {*report["figures"], "classification_report.json", "evaluation.txt"}
    assert len(report["figures"]) == 9


def test_the_report_is_about_the_test_set_alone(report: dict[str, Any]) -> None:
    test = report["test"]

    assert test["images"] == 300
    assert test["accuracy"] == test["correct"] / 300
    assert sum(map(sum, test["confusion_matrix"])) == 300
    assert sum(row["images"] for row in test["classes"].values()) == 300
    assert report["pasted"]["images"] == 300
    assert report["pasted"]["accuracy"] == report["pasted"]["correct"] / 300


def test_drawings_of_test_sites_alone_are_scored(report: dict[str, Any]) -> None:
    assert report["pen"]["images"] == 3
    assert list(report["pen"]["sites"]) == ["ced", "ibm"]
    assert report["refusal"]["letter"]["images"] == 1


def test_complete_recordings_are_scored_by_themselves_too(report: dict[str, Any]) -> None:
    assert report["complete"]["images"] == 2
    assert report["complete"]["sites"]["ibm"]["images"] == 1
    assert report["baseline"]["complete"]["images"] == 2
    assert "drawn digits, complete recordings, 2 images" in format_report(report)


def test_the_baseline_is_scored_on_the_same_images(report: dict[str, Any]) -> None:
    baseline = report["baseline"]

    assert baseline["weights"]["version"] == read_tensors(BASELINE_WEIGHTS)[1].version
    assert baseline["test"]["images"] == 300
    assert baseline["pen"]["images"] == 3
    assert baseline["refusal"].keys() == report["refusal"].keys()


def test_the_baseline_stands_alone_in_its_own_report(folder: Path, tmp_path: Path) -> None:
    report = evaluate(BASELINE_WEIGHTS, folder, tmp_path)

    assert report["baseline"] is None
    assert report["weights"]["file"] == BASELINE_WEIGHTS.name
    assert BASELINE in format_report(report)


def test_without_pen_strokes_the_scans_are_scored_alone(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "MNIST").symlink_to(folder / "MNIST")

    report = evaluate(folder / "weights.safetensors", tmp_path, tmp_path / "results")

    assert report["pen"] is None
    assert report["refusal"] is None
    assert "drawn digits" not in format_report(report)
    assert not (tmp_path / "results" / "refusal.png").exists()


def test_the_report_counts_what_the_recogniser_says(folder: Path, report: dict[str, Any]) -> None:
    recogniser = Recogniser.load(folder / "weights.safetensors")
    test = load_mnist(folder, train=False)

    probabilities = recogniser.probabilities(test.images.numpy())

    right = probabilities.argmax(axis=1) == test.labels.numpy()
    assert report["test"]["correct"] == np.count_nonzero(right)


def test_testing_twice_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    evaluate(folder / "weights.safetensors", folder, tmp_path, seed=5)

    for path in (folder / "results").iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_table_has_both_networks_side_by_side(folder: Path, report: dict[str, Any]) -> None:
    table = (folder / "results" / "evaluation.txt").read_text()

    assert table == format_report(report) + "\n"
    for digit, row in report["test"]["classes"].items():
        assert f"\n      {digit}  {row['precision']:9.2%} {row['recall']:7.2%}" in table
    lines = table.splitlines()
    assert lines[0].split() == [SIX_CONVOLUTIONS, BASELINE]
    both = [f"{report['test']['accuracy']:.2%}", f"{report['baseline']['test']['accuracy']:.2%}"]
    assert ["accuracy", *both] in [line.split() for line in lines]
    assert any(line.split()[:2] == ["ibm", "(2)"] for line in lines)
    assert any(line.split()[:2] == ["scribble", "(6)"] for line in lines)


def test_missing_weights_are_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsNotFound, match="no weights at"):
        evaluate(tmp_path / "none.safetensors", folder, tmp_path)
