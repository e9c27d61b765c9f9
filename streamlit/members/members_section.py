"""Model's section about the tuned members: how well each reads, and who knows what others miss."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from environment import ROOT
from members.loaded_members import described_members
from model.ensemble.member_names import MEANINGS, VOTE
from words.percent import percent

NOT_HERE = (
    "These are the project's own figures; the members do not lie here. `make tune` makes them."
)
PARTS = {"mnist": "MNIST's test set", "drawn": "drawn digits of unseen people"}


def members_section(folder: Path | None = None, results: Path = ROOT / "results") -> None:
    """Show the members that were tuned last, or those of the project's own tuning.

    folder: of the members; MODELS_DIR if not given. results: has the report of the project's own;
    where neither is there, nothing is shown.
    """
    manifest = described_members(folder)
    is_here = manifest is not None and bool(manifest.report.get("readers"))
    report = manifest.report if manifest is not None and is_here else _own_report(results)
    if not report:
        return
    st.header("Tuned members, and their vote", anchor=False)
    st.markdown(_introduction(report))
    if not is_here:
        st.caption(NOT_HERE)
    st.table(reader_rows(report), hide_index=True)
    st.markdown(_best(report))
    for part, confusion in report["right_where_wrong"].items():
        if len(confusion["wrong"]) > 1:
            st.markdown(f"**Who is right where others fail, on {PARTS[part]}**")
            st.table(rescue_rows(confusion), hide_index=True)
            st.caption(
                "Each row: of the images that the column's member reads wrong, so many the row's "
                f"reads right. {confusion['nobody']:,} are read by nobody."
            )


def _own_report(results: Path) -> Mapping[str, Any]:
    try:
        report: dict[str, Any] = json.loads((results / "tuned_models.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return report


def reader_rows(report: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the table's rows, one for each member and one for the vote."""
    rows = []
    for name, figures in report["readers"].items():
        scans, drawn = figures["mnist"], figures.get("drawn")
        rows.append(
            {
                "Member": name,
                "Made of": MEANINGS[name],
                "MNIST": percent(scans["accuracy"], 2),
                "Drawn": percent(drawn["accuracy"], 2) if drawn else "not tested",
                "Macro F1": f"{scans['macro_f1']:.4f}",
                "ROC AUC": f"{scans['roc_auc']:.5f}",
                "Calibration error": f"{scans['expected_calibration_error']:.4f}",
                "For one": f"{figures['ms_for_one']:.2f} ms",
                "Size": f"{figures['megabytes']:.1f} MB",
                "Search": _minutes(figures["search_s"]),
                "Training": _minutes(figures["training_s"]),
            }
        )
    return rows


def rescue_rows(confusion: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return a table of who reads what others do not; beside that, how many each reads wrong."""
    names = list(confusion["wrong"])
    return [
        {"Right": name}
        | {
            f"{other} wrong": f"{confusion['rescued'][name][other]:,}" if other != name else "–"
            for other in names
        }
        | {"Wrong itself": f"{confusion['wrong'][name]:,}"}
        for name in names
    ]


def _introduction(report: Mapping[str, Any]) -> str:
    learnt = " and ".join(f"{count:,} of {name}" for name, count in report["training_data"].items())
    return (
        "Beside the network that reads the drawings, these were tuned apart by grid search on "
        f"{report['request']['subset']:,} scans and then trained on {learnt}. The figures are of "
        "images that nothing was trained on or chosen by."
    )


def _best(report: Mapping[str, Any]) -> str:
    best = report["best"]
    if best == VOTE:
        return "On validation their **vote** reads at least as well as the best of them."
    if report["vote"] is None:
        return f"**{best}** is the only one, so that there is no vote."
    return f"On validation **{best}** reads better than the vote, and is offered as the best."


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.1f} min"
