"""Charts of counts and of training: confusion matrix, class distribution, training history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, NullFormatter, PercentFormatter

from model.datasets.mnist import CLASSES, Digits
from model.figures.style import ACCENT, INK, PAPER, QUIET, RIGHT, WRONG, add_title, new_figure

MISTAKES = LinearSegmentedColormap.from_list("mistakes", [PAPER, "#f6c9a8", WRONG])
TRUE = "#dfe9f2"  # of the diagonal, which would outshine every mistake on a common scale
LINES: tuple[dict[str, Any], ...] = (  # of the training history: training, then what validates
    {"color": QUIET},
    {"color": ACCENT},
    {"color": ACCENT, "linestyle": (0, (4, 2)), "markerfacecolor": PAPER},
)
PART_COLOURS = {"training": ACCENT, "validation": "#0f8a6d", "test": "#d0a13a"}


def save_confusion_matrix(path: Path, scores: dict[str, Any], version: str) -> None:
    """Show who was taken for whom, mistakes in colour; scores: `test` of the report."""
    counts = np.array(scores["confusion_matrix"])
    mistakes = counts * (1 - np.eye(len(counts), dtype=int))
    with new_figure(path, 7.4, 8) as figure:
        add_title(
            figure,
            f"{scores['accuracy']:.2%} of the {scores['name']} read right",
            f"{version}: {scores['images'] - scores['correct']:,} of {scores['images']:,} digits "
            "were taken for another.",
        )
        axes = figure.subplots()
        axes.imshow(mistakes, cmap=MISTAKES, vmin=0, vmax=max(mistakes.max(), 1))
        for true, row in enumerate(counts):
            for read, count in enumerate(row):
                if true == read:
                    axes.add_patch(_square(true, TRUE))
                dark = true != read and count > 0.7 * mistakes.max()
                axes.text(
                    read,
                    true,
                    f"{count:,}" if count else "·",
                    ha="center",
                    va="center",
                    fontsize=10 if count else 8,
                    fontweight="bold" if true == read else "normal",
                    color=PAPER if dark else INK if count else "#c9c3b6",
                )
        axes.set(xticks=range(len(counts)), yticks=range(len(counts)))
        axes.set(xticklabels=CLASSES, yticklabels=CLASSES)
        axes.set_xlabel("read as", labelpad=8)
        axes.set_ylabel("true digit", labelpad=8)
        for side in axes.spines.values():
            side.set_visible(False)


def _square(place: int, colour: str) -> Rectangle:
    return Rectangle((place - 0.5, place - 0.5), 1, 1, facecolor=colour, edgecolor="none")


def save_class_distribution(path: Path, sets: dict[str, Digits]) -> None:
    """Show how many of each digit every part of the data has; sets: digits by the part's name."""
    with new_figure(path, 9, 4.6) as figure:
        add_title(
            figure, "How many of each digit", "Share of its part; the numbers count the digits."
        )
        panels = figure.subplots(1, len(sets), sharey=True)
        for axes, (name, digits) in zip(np.atleast_1d(panels), sets.items(), strict=True):
            counts = np.bincount(digits.labels.numpy(), minlength=len(CLASSES))
            drawn = axes.bar(
                CLASSES, counts / len(digits), color=PART_COLOURS.get(name, ACCENT), width=0.78
            )
            axes.bar_label(
                drawn, [f"{count:,}" for count in counts], fontsize=8, rotation=90, padding=3
            )
            axes.set_title(f"{name}, {len(digits):,}", fontsize=11, fontweight="bold")
            axes.set_ylim(0, 0.142)
            axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
            axes.spines["left"].set_visible(False)


def save_training_history(path: Path, history: dict[str, Any]) -> None:
    """Show loss and accuracy by epoch, with the epoch that was kept; history: `history.json`."""
    records = history["epochs"]
    epochs = [record["epoch"] for record in records]
    best = records[history["best_epoch"] - 1]
    with new_figure(path, 9.6, 4.6) as figure:
        add_title(
            figure,
            f"Training of {history['network']}",
            f"Epoch {best['epoch']} reads what was kept back for validation best, "
            f"{best['validation_accuracy']:.2%} on average, and was kept."
            if len(best["validation_accuracies"]) > 1
            else f"Epoch {best['epoch']} reads the validation split best, "
            f"{best['validation_accuracy']:.2%}, and was kept.",
            "Training digits are harder: augmentation distorts them, and dropout covers a part.",
        )
        panels = figure.subplots(1, 2)
        for axes, key, title in zip(
            panels, ("loss", "accuracy"), ("Loss, nats", "Accuracy"), strict=True
        ):
            lines = {"training": [record[f"train_{key}"] for record in records]}
            parts = records[0]["validation_accuracies"]
            if key == "accuracy" and len(parts) > 1:
                for part in parts:
                    values = [record["validation_accuracies"][part] for record in records]
                    lines[f"validation, {part}"] = values
            else:
                lines["validation"] = [record[f"validation_{key}"] for record in records]
            for (label, values), style in zip(lines.items(), LINES, strict=False):
                axes.plot(epochs, values, marker="o", markersize=3, label=label, **style)
            axes.axvline(best["epoch"], color=RIGHT, linewidth=1, linestyle=(0, (3, 3)))
            axes.set_title(title, fontsize=11, fontweight="bold")
            axes.set_xlabel("epoch")
            axes.grid(axis="y", which="both")
            axes.xaxis.get_major_locator().set_params(integer=True)
        panels[0].set_yscale("log")
        panels[0].yaxis.set_major_formatter(FuncFormatter(lambda loss, _: f"{loss:g}"))
        panels[0].yaxis.set_minor_formatter(NullFormatter())
        panels[0].legend(loc="upper right", bbox_to_anchor=(0.88, 1))
        if len(best["validation_accuracies"]) > 1:
            panels[1].legend(loc="lower right")
        panels[1].yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
