"""What the readers of characters and of writing reached, with the figures of their tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from environment import ROOT
from model.errors import WeightsError
from model.weight_files.graph import read_graph
from model.weight_files.places import SHIPPED
from words.percent import percent

KINDS = {
    "printed": "Real words and numbers, printed",
    "joined": "Real words, joined",
    "composed": "Composed of one writer's single characters",
    "number": "Numbers among these, read as numbers",
    "code": "Random codes among these",
    "rows": "Two rows",
}
WRITING_FIGURES = {
    "mistakes.png": "Lines of writers it had never seen: the mistakes it was surest of.",
    "reliability.png": "What confidence in a whole text is worth.",
}
CHARACTER_FIGURES = {
    "misread_drawings.png": "Single characters: the mistakes it was surest of.",
    "reliability.png": "What confidence in a character is worth.",
}
DRAWN_FROM = (
    "Drawn characters and lines are from "
    "[UNIPEN train_r01_v07](https://zenodo.org/records/1195803) (Guyon et al., 1994), licensed "
    "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)."
)


def other_readers(results: Path = ROOT / "results", weights: Path = SHIPPED) -> None:
    """Show how well characters and writing are read; nothing where nothing was measured."""
    characters = _report(results / "characters", weights, {"characters": "version"})
    writing = _report(results / "writing", weights, {"strip": "strip", "path": "path"})
    if characters is None and writing is None:
        return
    st.header("Letters, words and numbers", anchor=False)
    st.markdown(
        "Beside the digits' network there are two more readers, behind “One character” and "
        "“Writing” of the Draw page: one of single characters, all 62 of them, and one of whole "
        "lines. Case counts in the first column; in the second, that of c i j k l m o p s u v w x "
        "y z does not, which a single character does not show."
    )
    if characters is not None:
        _characters(characters)
    if writing is not None:
        _writing(writing)
    figures = [
        *_figures(results / "writing", writing, WRITING_FIGURES),
        *_figures(results / "characters", characters, CHARACTER_FIGURES),
    ]
    for path, words in figures:
        st.image(str(path), caption=words, width="stretch", alt=words)
    if figures:
        st.caption(DRAWN_FROM)


def _characters(report: Mapping[str, Any]) -> None:
    names = {
        "by_class": "Scanned, EMNIST ByClass",
        "drawn": "Drawn, of unseen people",
        "drawn_digits": "Digits among these",
    }
    st.markdown("**Single characters**")
    rows = [
        {
            "Characters": words,
            "Images": f"{report[key]['images']:,}",
            "Right, of 62": percent(report[key]["accuracy"]),
            "Right, of 47": percent(report[key]["merged_accuracy"]),
        }
        for key, words in names.items()
        if report.get(key)
    ]
    st.table(rows, hide_index=True)


def _writing(report: Mapping[str, Any]) -> None:
    st.markdown("**Lines of writing**")
    rows = []
    for key, words in KINDS.items():
        row = report["strokes"].get(key)
        if row:
            rows.append(
                {
                    "Writing": words,
                    "Lines": f"{row['lines']:,}",
                    "Exact, of 62": percent(row["exact_62"]),
                    "Exact, of 47": percent(row["exact_47"]),
                    "Characters wrong, of 47": percent(row["cer_47"]),
                    "Called sure": percent(row["sure"]),
                }
            )
    st.table(rows, hide_index=True)
    refused = report["refused"]
    st.markdown(
        f"Of scribbles **{percent(refused['scribbles'])}** are refused as no writing, of shapes "
        f"**{percent(refused['shapes'])}**. Where a text is called sure, "
        f"**{percent(report['strokes']['printed']['right_when_sure_47'] or 0)}** of real printed "
        "ones are right."
    )


def _report(folder: Path, weights: Path, versions: Mapping[str, str]) -> dict[str, Any] | None:
    """Return a test's report where it is whole and about the weights in a folder, or None."""
    try:
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        for name, key in versions.items():
            if read_graph(weights / f"{name}.onnx")[1].version != report["weights"][key]:
                return None
    except (OSError, ValueError, KeyError, TypeError, WeightsError):
        return None
    return report if isinstance(report, dict) else None


def _figures(
    folder: Path, report: Mapping[str, Any] | None, words: Mapping[str, str]
) -> list[tuple[Path, str]]:
    if report is None:
        return []
    return [(folder / name, told) for name, told in words.items() if (folder / name).is_file()]
