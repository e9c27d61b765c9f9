from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from model.datasets.idx import DatasetError
from model.errors import WeightsError
from model.line_evaluation.evaluate_writing import REPORT, TABLE, evaluate_writing
from model.line_evaluation.text_scores import format_writing, metrics_of
from model.weight_files.places import SHIPPED
from tests.model.line_training.written import TEXTS, write_data

COUNTS = 6, 5, 2, 2


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    data_dir = write_data(tmp_path_factory.mktemp("data"), "training", "test")
    results = tmp_path_factory.mktemp("results") / "writing"
    return evaluate_writing(SHIPPED, data_dir, results, counts=COUNTS), results


Evaluated = tuple[dict[str, Any], Path]


def test_each_kind_of_line_is_scored_by_its_strokes_and_some_as_pictures(
    evaluated: Evaluated,
) -> None:
    report, _ = evaluated

    assert {"printed", "composed", "rows"} <= set(report["strokes"])
    assert set(report["pictures"]) == {"printed", "composed"}
    assert report["strokes"]["printed"]["lines"] == min(COUNTS[0], len(TEXTS))
    assert report["strokes"]["composed"]["lines"] == COUNTS[1]
    assert report["strokes"]["rows"]["lines"] == COUNTS[2]


def test_lines_are_of_test_sites_alone(evaluated: Evaluated) -> None:
    report, _ = evaluated

    for row in report["strokes"].values():
        assert set(row["by_site"]) == {"ced"}


def test_plain_printing_is_read_most_of_the_time(evaluated: Evaluated) -> None:
    assert evaluated[0]["strokes"]["printed"]["exact_47"] >= 0.5


def test_what_is_refused_is_told_by_kind(evaluated: Evaluated) -> None:
    report, _ = evaluated

    assert set(report["refused"]) == {"scribbles", "shapes", "scribbles as pictures"}
    assert all(0 <= share <= 1 for share in report["refused"].values())


def test_the_report_its_table_and_its_figures_are_written(evaluated: Evaluated) -> None:
    report, results = evaluated

    assert json.loads((results / REPORT).read_text()) == report
    assert (results / TABLE).read_text() == format_writing(report) + "\n"
    for name in report["figures"]:
        with Image.open(results / name) as picture:
            assert picture.width > 300


def test_the_table_names_each_kind_for_a_person(evaluated: Evaluated) -> None:
    table = format_writing(evaluated[0])

    for words in ("real words, printed", "two rows", ", as pictures", "refused as no writing"):
        assert words in table


def test_a_tracked_run_is_told_how_right_texts_are(evaluated: Evaluated) -> None:
    report, _ = evaluated

    told = metrics_of(report)

    assert told["test/strokes/printed/exact_62"] == report["strokes"]["printed"]["exact_62"]
    assert all(isinstance(value, float) for value in told.values())


def test_without_lines_of_the_test_sites_there_is_a_sentence_and_no_report(tmp_path: Path) -> None:
    data_dir = write_data(tmp_path, "training")

    with pytest.raises(DatasetError, match="no writing of the test sites"):
        evaluate_writing(SHIPPED, data_dir, tmp_path / "results", counts=COUNTS)

    assert not (tmp_path / "results").exists()


def test_weights_that_are_not_there_are_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(WeightsError):
        evaluate_writing(tmp_path, tmp_path, tmp_path / "results", counts=COUNTS)
