"""Pictures of digits with what was read in them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from torch import Tensor

from model.datasets.mnist import CLASSES, Digits
from model.figures.prediction_chart import percent, show_digit
from model.figures.style import ACCENT, INK_SCALE, QUIET, RIGHT, WRONG, add_title, new_figure
from model.ink.preprocess import SIDE_PX
from model.pen.attribution import MNIST, UNIPEN

ATTRIBUTION = f"Digits: {MNIST}."
SPOKEN_WITH_A_VOWEL = frozenset("8AEFHILMNORSXaefhilmnorsx")
PEN_ATTRIBUTION = f"Strokes: {UNIPEN}."


def save_test_predictions(
    path: Path, digits: Digits, probabilities: NDArray[np.float64], places: NDArray[np.int64]
) -> None:
    """Show the digits at some places with what was read and how sure that was."""
    with new_figure(path, 9, 6.3) as figure:
        add_title(
            figure,
            "Read from the test set",
            "Random digits; blue was read right, orange wrong.",
            ATTRIBUTION,
        )
        for axes, place in zip(figure.subplots(2, 4).flat, places, strict=True):
            show_digit(axes, digits.images[place])
            _caption(axes, int(digits.labels[place]), probabilities[place])


def save_mistakes(
    path: Path,
    digits: Digits,
    probabilities: NDArray[np.float64],
    what: str,
    attribution: str = ATTRIBUTION,
    most: int = 20,
    classes: Sequence[str] = CLASSES,
) -> None:
    """Show the mistakes that the network was surest of, the surest first.

    probabilities: float64 (N, classes), of the digits, or of what else `classes` are the names of;
    what: their name, in the plural.
    """
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != digits.labels.numpy())
    surest = wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")][:most]
    rows = max((len(surest) + 4) // 5, 1)
    with new_figure(path, 9, 1.1 + 2.3 * rows) as figure:
        add_title(
            figure,
            "The most confident mistakes",
            f"{len(wrong):,} of {len(digits):,} {what} were read wrong; "
            f"these {len(surest)} with the highest confidence.",
            attribution,
        )
        panels = figure.subplots(rows, 5, squeeze=False).flat
        for axes, place in zip(panels, surest, strict=False):
            show_digit(axes, digits.images[place])
            _caption(axes, int(digits.labels[place]), probabilities[place], classes)
        for axes in panels:  # the rest of the last row
            axes.set_axis_off()


def _caption(
    axes: Axes,
    label: int,
    probabilities: NDArray[np.float64],
    classes: Sequence[str] = CLASSES,
) -> None:
    predicted = int(probabilities.argmax())
    is_right = predicted == label
    article = "an" if classes[label] in SPOKEN_WITH_A_VOWEL else "a"
    axes.set_title(
        f"{classes[predicted]}",
        fontsize=15,
        fontweight="bold",
        color=RIGHT if is_right else WRONG,
        pad=4,
    )
    axes.set_title(f"{percent(probabilities[predicted])} sure", loc="right", fontsize=9, pad=5)
    verdict = "right" if is_right else f"it is {article} {classes[label]}"
    axes.set_xlabel(verdict, fontsize=9, color=QUIET)


def save_sample_images(path: Path, samples: Tensor) -> None:
    """Show digits of the training part, a row per class; samples: uint8 (10, columns, 28, 28)."""
    _save_rows(
        path,
        samples,
        255,
        "What MNIST looks like",
        f"{samples.shape[1]} random training digits of each class.",
    )


def save_augmented_sample(path: Path, originals: Tensor, changed: Tensor, what: str) -> None:
    """Show one digit of each class, and what augmentation makes of it.

    originals: uint8 (10, 28, 28); changed: float32 (10, columns, 28, 28), 0..1; what: it does to
    it, in words that end the sentence.
    """
    rows = np.concatenate([originals[:, None].numpy() / 255, changed.numpy()], axis=1)
    _save_rows(
        path,
        rows,
        1,
        "What training sees",
        f"Left, a digit as it is in MNIST; beside it, the same digit as augmentation\n{what}",
        first_apart=True,
    )


def _save_rows(
    path: Path,
    rows: Tensor | NDArray[np.generic],
    highest: float,
    title: str,
    remark: str,
    first_apart: bool = False,
) -> None:
    count, columns = rows.shape[:2]
    # One picture of all digits: a hundred small axes would take ten times as long to draw.
    tile, gap, apart = SIDE_PX + 2, 3, 5 if first_apart else 0
    sheet = np.full((count * (tile + gap) - gap, columns * (tile + gap) - gap + apart), np.nan)
    corners = [
        (row * (tile + gap), column * (tile + gap) + (apart if column else 0))
        for row in range(count)
        for column in range(columns)
    ]
    images = np.asarray(rows).reshape(-1, *rows.shape[2:])
    for (top, left), image in zip(corners, images, strict=True):
        sheet[top + 1 : top + tile - 1, left + 1 : left + tile - 1] = image
    with new_figure(path, 0.026 * sheet.shape[1], 1.28 + 0.026 * sheet.shape[0]) as figure:
        add_title(figure, title, *remark.splitlines(), ATTRIBUTION)
        axes = figure.subplots()
        axes.imshow(sheet, cmap=INK_SCALE, vmin=0, vmax=highest, interpolation="nearest")
        axes.set_axis_off()
        for top, left in corners:
            is_original = first_apart and not left
            axes.add_patch(
                Rectangle(
                    (left, top),
                    tile - 1,
                    tile - 1,
                    fill=False,
                    edgecolor=ACCENT if is_original else "#e5e0d5",
                    linewidth=1.6 if is_original else 0.8,
                )
            )
