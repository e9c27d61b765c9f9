"""How the weights read what people draw, beside the baseline: a part of the Model page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from words.percent import percent

Scores = Mapping[str, Any]
KINDS = {
    "dot": "Blank sheets and dots",
    "noise": "Noise",
    "blob": "Blobs",
    "scribble": "Scribbles",
    "shape": "Clothes and other shapes",
    "photograph": "Photographs",
    "letter": "Letters: A E H K R T f h k n r t y",
}


def drawn_scores(report: Scores) -> None:
    """Show accuracy on drawn digits by group, and what is refused, where the report has them."""
    pen = report.get("pen")
    if not pen:
        return
    st.header("On digits that people drew", anchor=False)
    st.markdown(_in_words(pen))
    complete = report.get("complete")
    if complete and complete["images"] < pen["images"]:
        st.markdown(
            f"Of {pen['images'] - complete['images']:,} the recording holds no more than a dot or "
            "a lone straight line: the slash of a zero without the zero, say, which nobody could "
            f"read. Without those: {_in_words(complete)}"
        )
    baseline = report.get("baseline") or {}
    names = _columns(report, baseline)
    _table(
        "By site, digit and pen",
        _by_group(pen, baseline.get("pen"), names),
        "Sites, devices and writers of these digits were never trained on, nor used for a choice.",
    )
    if report.get("refusal"):
        _table(
            "What is refused as no digit",
            _refusals(report["refusal"], baseline.get("refusal"), names),
            "These letters were never trained on, and the rest is made otherwise than what was. "
            "AUROC: how often a drawn digit scores higher than one of these; 0.5 would be chance.",
        )


def _in_words(pen: Scores) -> str:
    words = (
        f"Of **{pen['images']:,}** digits drawn with a pen, **{percent(pen['accuracy'])}** "
        "were read right."
    )
    if "expected_calibration_error" in pen:
        words += (
            f" Its confidence is off by {percent(pen['expected_calibration_error'], 2)} on average."
        )
    sure = pen.get("sure")
    if sure and sure["accuracy"] is not None:
        words += (
            f" It is sure of {percent(sure['share'])}, and right on "
            f"{percent(sure['accuracy'], 2)} of those."
        )
    writers = pen.get("writers")
    if writers and writers["writers"]:
        words += (
            f" Of {writers['writers']} writers the median is read right "
            f"{percent(writers['median'])} of the time, the worst {percent(writers['worst'])}."
        )
    return words


def _columns(report: Scores, baseline: Scores) -> list[str]:
    return [
        one["weights"].get("architecture", "these weights") for one in (report, baseline) if one
    ]


def _by_group(pen: Scores, baseline: Scores | None, names: list[str]) -> list[dict[str, str]]:
    rows = []
    for key, word in (("sites", "Site"), ("classes", "Digit"), ("pen_widths", "Pen")):
        for group, row in pen.get(key, {}).items():
            cells = [row, baseline[key][group]] if baseline else [row]
            rows.append(
                {"Group": f"{word} {group}", "Digits": f"{row['images']:,}"}
                | {name: percent(cell["accuracy"]) for name, cell in zip(names, cells, strict=True)}
            )
    return rows


def _refusals(refusal: Scores, baseline: Scores | None, names: list[str]) -> list[dict[str, str]]:
    rows = []
    for kind, row in refusal.items():
        cells = [row, baseline[kind]] if baseline else [row]
        rows.append(
            {"Kind": KINDS.get(kind, kind), "Images": f"{row['images']:,}"}
            | {
                f"{name} refuses": percent(cell["refused_share"])
                for name, cell in zip(names, cells, strict=True)
            }
            | {"AUROC": f"{list(row['auroc'].values())[-1]:.4f}"}
        )
    return rows


def _table(title: str, rows: list[dict[str, str]], remark: str) -> None:
    if rows:
        with st.expander(title):
            st.table(rows, hide_index=True)
            st.caption(remark)


def seed_table(seeds: Scores | None) -> None:
    """Show how far figures depend on chance; seeds: `results/seeds.json`."""
    if not seeds:
        return
    rows = [
        {"Figure": seeds["names"][name], "Per cent": _mean_and_deviation(row)}
        for name, row in seeds["figures"].items()
    ]
    _table(
        "How much is chance",
        rows,
        f"Mean and standard deviation of {len(seeds['seeds'])} trainings that differ in nothing "
        "but the seed, the weights in use among them.",
    )


def _mean_and_deviation(row: Scores) -> str:
    return f"{100 * row['mean']:.2f} ± {100 * row['deviation']:.2f}"


def ablation_table(ablations: Scores | None) -> None:
    """Show what each choice of the recipe was worth; ablations: `results/ablations.json`."""
    if not ablations:
        return
    figures = ablations["figures"]
    rows = [
        {"Change": name[:1].upper() + name[1:]}
        | {words: _mean_and_deviation(row[key]) for key, words in figures.items()}
        for name, row in ablations["rows"].items()
    ]
    with st.expander("What each choice in the training is worth"):
        st.table(rows, hide_index=True)
        st.caption(
            f"Per cent, mean and standard deviation of {len(ablations['seeds'])} trainings each, "
            "on a short schedule, up to "
            f"{ablations['epochs'] * ablations['images_per_epoch']:,} images. Compared on what was "
            "set aside for choices, never on the test sets."
        )


def learning_table(measured: tuple[Scores, Path] | None) -> None:
    """Show what people's answers bring; measured: `results/learning.json`, and its curve."""
    if not measured:
        return
    content, curve = measured
    rows = [
        {"Errors that are gone, per cent": way[:1].upper() + way[1:]}
        | {
            f"{count:,} answers": _gone(of_way[str(count)]["others"]["remaining"])
            for count in content["answers"]
            if "others" in of_way.get(str(count), {})
        }
        for way, of_way in content["ways"].items()
    ]
    runs = len(content["sites"]) * len(content["seeds"])
    words = (
        "A network that has never seen a site meets it: half of its writers answer, and drawings "
        f"of the others are read. Mean and standard deviation of {runs} trainings on a short "
        "schedule, each fine-tuned in every way."
    )
    with st.expander("What answers are worth where it has never been"):
        st.image(str(curve), width="stretch", alt=words)
        st.table(rows, hide_index=True)
        st.caption(words)


def _gone(remaining: Scores) -> str:
    return f"{100 * (1 - remaining['mean']):.0f} ± {100 * remaining['deviation']:.0f}"
