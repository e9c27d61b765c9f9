"""What answers are worth: errors that remain against answers, a line for each way."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.ticker import FuncFormatter, NullLocator, PercentFormatter

from model.figures.style import ACCENT, QUIET, RIGHT, WRONG, add_title, new_figure

COLOURS = (ACCENT, RIGHT, WRONG, QUIET, "#0f8a6d", "#d0a13a")
PANELS = {"others": "Other writers of the site", "own": "Other drawings of who answered"}
NONE_AT = 10  # where on a scale of logarithms "no answers" stands


def save_learning_curve(
    path: Path,
    report: Mapping[str, Any],
    title: str = "What answers are worth where no weights have been",
) -> None:
    """Show which share of the errors is left after so many answers; report: `learning.json`.

    Lines are means over sites and seeds, bands one standard deviation to either side. A panel that
    nothing was measured for is left out.
    """
    counts = [int(count) for count in report["answers"]]
    with new_figure(path, 9.6, 5.2) as figure:
        runs = len(report["sites"]) * len(report["seeds"])
        add_title(
            figure,
            title,
            f"Errors that are left at a site that the network had never seen: mean of {runs} "
            "trainings, each",
            "fine-tuned on drawings that half of the site's writers answered; the band is one "
            "standard deviation.",
        )
        shown = {
            part: words
            for part, words in PANELS.items()
            if any(part in row for of_way in report["ways"].values() for row in of_way.values())
        }
        panels = figure.subplots(1, len(shown), sharey=True, squeeze=False)[0]
        for axes, (part, words) in zip(panels, shown.items(), strict=True):
            for (way, of_way), colour in zip(report["ways"].items(), COLOURS, strict=False):
                there = [n for n in counts if part in of_way.get(str(n), {})]
                rows = [of_way[str(n)][part]["remaining"] for n in there]
                means = np.array([1.0, *(row["mean"] for row in rows)])
                spread = np.array([0.0, *(row["deviation"] for row in rows)])
                places = [NONE_AT, *there]
                axes.plot(places, means, color=colour, marker="o", markersize=4, label=way)
                axes.fill_between(
                    places, means - spread, means + spread, color=colour, alpha=0.12, linewidth=0
                )
            axes.set_xscale("log")
            axes.set_xticks([NONE_AT, *counts])
            axes.xaxis.set_major_formatter(
                FuncFormatter(lambda n, _: "none" if n == NONE_AT else f"{n:,.0f}")
            )
            axes.xaxis.set_minor_locator(NullLocator())
            axes.set_title(words, fontsize=11, fontweight="bold")
            axes.set_xlabel("answered drawings")
            axes.grid(axis="y")
            axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        panels[0].set_ylabel("errors left")
        panels[0].set_ylim(bottom=0)
        panels[0].legend(loc="lower left", fontsize=9)
