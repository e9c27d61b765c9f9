"""A picture of one prediction: what the command line saves, without anything of training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from model.figures.style import ACCENT, INK_SCALE, QUIET, add_title, new_figure
from model.reading.recogniser import Prediction


def save_probability_chart(prediction: Prediction, path: Path) -> None:
    """Show what the network saw of a drawing, and the probability of each label."""
    labels = list(prediction.probabilities)
    shares = list(prediction.probabilities.values())
    doubt = "" if prediction.sure else ", not sure"
    remark = f"{percent(prediction.confidence)}{doubt}"
    title = prediction.label
    if prediction.several is not None:
        title = f"I see {prediction.several} characters here"
        remark = "one digit a picture is what I read"
    elif not prediction.is_digit:
        title, remark = "This does not look like a digit", f"nearest: {title}, {remark}"
    with new_figure(path, 8, 3.9) as figure:
        add_title(figure, title, remark)
        picture, bars = figure.subplots(1, 2, width_ratios=[1, 1.6])
        show_digit(picture, prediction.ink)
        picture.set_xlabel("what the network saw", color=QUIET)
        colours = [ACCENT if label == prediction.label else "#cfcabd" for label in labels]
        drawn = bars.barh(labels, shares, color=colours, height=0.72)
        bars.bar_label(drawn, [f"{share:.1%}" for share in shares], padding=4, fontsize=9)
        bars.invert_yaxis()
        bars.set(xlim=(0, 1.16), xticks=[])
        bars.spines["bottom"].set_visible(False)


def show_digit(axes: Axes, image: ArrayLike, highest: float = 255) -> None:
    """Show one digit, dark on white; image: (28, 28), 0 = paper, `highest` = full ink."""
    axes.imshow(np.asarray(image), cmap=INK_SCALE, vmin=0, vmax=highest, interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    for side in axes.spines.values():
        side.set(visible=True, color="#e5e0d5")


def percent(share: float) -> str:
    """Return a share in per cent, without rounding a doubt away."""
    return ">99.9%" if 0.9995 <= share < 1 else f"{share:.1%}"
