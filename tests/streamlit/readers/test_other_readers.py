"""Model's sections about the readers of characters and of writing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from model.weight_files.graph import read_graph
from model.weight_files.places import SHIPPED
from words.percent import percent

VERSIONS = {name: read_graph(SHIPPED / f"{name}.onnx")[1].version for name in ("strip", "path")}


def a_row(**changes: Any) -> dict[str, Any]:
    return {
        "lines": 1500,
        "exact_62": 0.8125,
        "exact_47": 0.875,
        "cer_47": 0.0417,
        "sure": 0.7,
        "right_when_sure_47": 0.99,
    } | changes


def a_report(**changes: Any) -> dict[str, Any]:
    return {
        "weights": VERSIONS,
        "strokes": {"printed": a_row(), "rows": a_row(lines=300)},
        "refused": {"scribbles": 0.96, "shapes": 0.97},
    } | changes


@pytest.fixture
def results(tmp_path: Path) -> Path:
    (tmp_path / "writing").mkdir()
    (tmp_path / "writing" / "report.json").write_text(json.dumps(a_report()))
    Image.new("RGB", (80, 40), "white").save(tmp_path / "writing" / "mistakes.png")
    return tmp_path


def opened(results: Path) -> AppTest:
    def page(results):
        from readers.other_readers import other_readers

        other_readers(results)

    app = AppTest.from_function(page, kwargs={"results": results}, default_timeout=30)
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.header, *app.markdown))


def test_lines_of_every_kind_that_was_measured_are_shown_with_their_shares(results):
    app = opened(results)

    (table,) = app.table
    assert table.value["Lines"].tolist() == ["1,500", "300"]
    assert table.value["Exact, of 62"].tolist() == [percent(0.8125)] * 2
    assert "Two rows" in table.value.iloc[:, 0].tolist()
    assert f"Of scribbles **{percent(0.96)}** are refused" in words(app)


def test_the_surest_mistakes_are_shown_with_whose_writing_it_is(results):
    app = opened(results)

    assert len(app.image) == 1
    assert "UNIPEN" in " ".join(caption.value for caption in app.caption)


def test_a_report_of_other_weights_is_not_shown(results):
    other = a_report(weights=VERSIONS | {"path": "path-00000000"})
    (results / "writing" / "report.json").write_text(json.dumps(other))

    assert words(opened(results)) == ""


@pytest.mark.parametrize("text", ["", "[]", "{", '{"weights": 3}'])
def test_a_damaged_report_shows_nothing(results, text):
    (results / "writing" / "report.json").write_text(text)

    assert words(opened(results)) == ""


def test_without_any_report_nothing_is_said(tmp_path):
    assert words(opened(tmp_path)) == ""
