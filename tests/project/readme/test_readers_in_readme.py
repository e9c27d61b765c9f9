"""The README's figures of the readers of characters and of writing are the recorded ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from environment import ROOT
from model.line_evaluation.text_scores import KIND_WORDS
from model.weight_files.graph import read_graph
from model.weight_files.places import SHIPPED

README = (ROOT / "README.md").read_text(encoding="utf-8")


def recorded(reader: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((ROOT / "results" / reader / "report.json").read_text())
    return report


def writing_row(name: str, row: dict[str, Any]) -> str:
    """The README's row of one kind of lines."""
    right = row["right_when_sure_47"]
    cells = [f"{row['lines']:,}"]
    cells += [f"{row[key]:.1%}" for key in ("exact_62", "cer_62", "exact_47", "cer_47", "sure")]
    cells += ["" if right is None else f"{right:.1%}", f"{row['calibration_error']:.3f}"]
    return f"| {name} | " + " | ".join(cells).replace("%", " %") + " |"


def writing_rows() -> dict[str, str]:
    report = recorded("writing")
    rows = {
        f"{kind} by {way}": writing_row(
            KIND_WORDS[kind] + (", as pictures" if way == "pictures" else ""), row
        )
        for way in ("strokes", "pictures")
        for kind, row in report[way].items()
    }
    refused, ms = report["refused"], report["milliseconds"]
    return rows | {
        "refused": f"{refused['scribbles']:.1%} of scribbles by their strokes, "
        f"{refused['scribbles as pictures']:.1%} of them as pictures and "
        f"{refused['shapes']:.1%} of".replace("%", " %"),
        "time": f"{ms['strokes']:.0f} ms by its strokes, {ms['picture']:.0f} ms as a picture",
        "parameters": f"{report['weights']['parameters']:,} parameters together",
    }


def test_the_readme_has_every_figure_of_the_reader_of_writing() -> None:
    readme = " ".join(README.split())

    assert {name: row for name, row in writing_rows().items() if row not in readme} == {}


@pytest.mark.parametrize(
    ("reader", "versions"),
    [("writing", {"strip": "strip", "path": "path"}), ("characters", {"characters": "version"})],
)
def test_the_reader_s_report_is_about_the_shipped_weights(
    reader: str, versions: dict[str, str]
) -> None:
    weights = recorded(reader)["weights"]

    assert {name: weights[key] for name, key in versions.items()} == {
        name: read_graph(SHIPPED / f"{name}.onnx")[1].version for name in versions
    }
