"""Figures of an evaluation of writing: lines that were misread, and what confidence is worth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from model.figures.confidence import frame_reliability
from model.figures.style import ACCENT, INK, QUIET, WRONG, add_title, new_figure
from model.ink.pen_lines import Line

COLUMNS = 4


def save_mistaken_lines(
    path: Path, mistakes: Sequence[tuple[Sequence[Line], str, str, float]]
) -> None:
    """Show lines that were misread with the most confidence.

    mistakes: strokes, what was asked for, what was read, and how sure that was.
    """
    rows = max(-(-len(mistakes) // COLUMNS), 1)
    with new_figure(path, 10, 1.2 + 1.1 * rows) as figure:
        add_title(
            figure,
            "The surest mistakes",
            "Above each line: what was asked for, and what was read with which confidence.",
        )
        panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
        for axes in panels:
            axes.set_axis_off()
        for axes, (strokes, wanted, found, confidence) in zip(panels, mistakes, strict=False):
            for line in strokes:
                axes.plot(line[:, 0], line[:, 1], color=INK, linewidth=1.3,
                          marker="." if len(line) == 1 else None, markersize=2)  # fmt: skip
            axes.set_aspect("equal", adjustable="datalim")
            axes.invert_yaxis()
            axes.set_title(f"{wanted!r} as {found!r}, {confidence:.0%}", fontsize=8, color=WRONG)


def save_writing_reliability(path: Path, sets: dict[str, Any]) -> None:
    """Show how often whole texts are right at each level of confidence."""
    titles = {"printed": "Real words, printed", "composed": "Composed of single characters"}
    shown = [(title, sets[name]) for name, title in titles.items() if name in sets]
    with new_figure(path, 4.9 * max(len(shown), 1), 5.6) as figure:
        add_title(
            figure,
            "Is a text that is 90 % sure right 9 times in 10?",
            "On the line, confidence means what it says; beneath it, too much was promised.",
        )
        panels = figure.subplots(1, max(len(shown), 1), squeeze=False)[0]
        for axes, (title, row) in zip(panels, shown, strict=False):
            axes.plot([0, 1], [0, 1], color=QUIET, linewidth=1, linestyle=(0, (3, 3)))
            levels = row["reliability"]
            axes.scatter(
                [level["mean_confidence"] for level in levels],
                [level["accuracy"] for level in levels],
                s=[12 + 240 * (level["images"] / row["lines"]) ** 0.5 for level in levels],
                color=ACCENT, alpha=0.8, linewidths=0, zorder=3,
            )  # fmt: skip
            axes.set_title(
                f"{title}\ncalibration error {row['calibration_error']:.3f}",
                fontsize=11, fontweight="bold",
            )  # fmt: skip
            frame_reliability(axes, "share of texts that were right")
