"""Charts of an evaluation: what confidence is worth, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter
from scipy.stats import binomtest

from model.figures.style import ACCENT, QUIET, add_title, new_figure

DIGIT_SETS = {"MNIST test set": "test", "Digits drawn at test sites": "pen"}
BASELINE_COLOUR = "#c9c3b6"


def save_reliability(
    path: Path, report: dict[str, Any], sets: Mapping[str, str] = DIGIT_SETS
) -> None:
    """Show how often predictions are right at each level of confidence, beside the baseline's.

    sets: title of each panel, and the report's part that it shows.
    """
    shown = {title: key for title, key in sets.items() if report[key]}
    with new_figure(path, 4.9 * len(shown) + (0 if len(shown) > 1 else 1.4), 6.6) as figure:
        add_title(
            figure,
            "Is 90 % sure right 9 times in 10?",
            "On the line, confidence means what it says; beneath it, too much was promised.",
            "Each dot is a level of confidence; its area grows with the predictions there, and its",
            "bar is the 95 % interval that chance leaves.",
        )
        # Legends have a row of their own: a level that holds one picture may lie anywhere.
        panels, legends = figure.subplots(2, len(shown), squeeze=False, height_ratios=(9, 1))
        for axes, beneath, (title, key) in zip(panels, legends, shown.items(), strict=True):
            axes.plot([0, 1], [0, 1], color=QUIET, linewidth=1, linestyle=(0, (3, 3)))
            if report["baseline"] and "reliability" in report["baseline"][key]:
                _draw_levels(axes, report["baseline"], key, BASELINE_COLOUR)
            if "reliability" in report[key]:
                _draw_levels(axes, report, key, ACCENT)
            axes.set_title(title, fontsize=11, fontweight="bold")
            frame_reliability(axes, "share that was right")
            beneath.set_axis_off()
            beneath.legend(*axes.get_legend_handles_labels(), loc="center", fontsize=8.5)


def frame_reliability(axes: Axes, share: str) -> None:
    """Lay out axes of confidence against what was right; share: what the upright one says."""
    axes.set(xlim=(-0.03, 1.05), ylim=(-0.03, 1.05), aspect="equal")
    axes.set_xlabel("confidence")
    axes.set_ylabel(share)
    axes.grid()
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def _draw_levels(axes: Axes, scores: dict[str, Any], key: str, colour: str) -> None:
    levels = [level for level in scores[key]["reliability"] if level["images"]]
    error = scores[key]["expected_calibration_error"]
    confidences = [level["mean_confidence"] for level in levels]
    shares = [level["accuracy"] for level in levels]
    areas = [12 + 240 * (level["images"] / scores[key]["images"]) ** 0.5 for level in levels]
    ends = [_interval(level["accuracy"], level["images"]) for level in levels]
    axes.vlines(confidences, *zip(*ends, strict=True), color=colour, linewidth=1.2, alpha=0.7)
    axes.scatter(
        confidences,
        shares,
        s=areas,
        color=colour,
        alpha=0.8,
        linewidths=0,
        label=f"{scores['weights']['architecture']}, calibration error {error:.4f}",
        zorder=3,
    )


def _interval(share: float, images: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, 1927, JASA 22: 209-212)."""
    found = binomtest(round(share * images), images).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def save_refusal(
    path: Path, report: dict[str, Any], what: str = "digit", part: str = "pen"
) -> None:
    """Show how much of each kind of thing is taken for a digit; drawn digits stand first.

    what: is read, one of it; part: of the report, about drawings of that.
    """
    shares = {f"{what}, drawn": report[part].get("accepted_share", 0.0)}
    shares |= {kind: 1 - row["refused_share"] for kind, row in report["refusal"].items()}
    with new_figure(path, 8.4, 1.3 + 0.36 * len(shares)) as figure:
        add_title(
            figure,
            f"What is taken for a {what}",
            f"What stands beneath the {what}s was never trained on, nor used for the threshold.",
        )
        axes = figure.subplots()
        colours = [ACCENT] + ["#d55e00"] * (len(shares) - 1)
        drawn = axes.barh(list(shares), list(shares.values()), color=colours, height=0.7)
        axes.bar_label(drawn, [f"{share:.1%}" for share in shares.values()], padding=4, fontsize=9)
        axes.invert_yaxis()
        axes.set(xlim=(0, 1.1), xticks=[])
        axes.spines["bottom"].set_visible(False)
