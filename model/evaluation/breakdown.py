"""How drawn digits are read, taken apart by who drew them, where, what, and with which pen."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.reading.calibration import reliability
from model.reading.metrics import Probabilities, summarise
from model.reading.recogniser import Recogniser
from model.synthesis.canvas_images import Drawn

PEN_BANDS_PX = (10.0, 13.5, 17.0, 20.5, 24.0)
FEWEST_DIGITS = 10  # of a writer; the accuracy of fewer says little about anyone


def describe_drawn(recogniser: Recogniser, drawn: Drawn) -> dict[str, Any]:
    """Return the accuracy of digits in all and by group, calibration, and how many are kept.

    drawn: digits alone. A drawing that preparation refuses counts as wrong and as not sure; it has
    no confidence, so loss and calibration are about the others. `writers` is about those with at
    least `FEWEST_DIGITS` drawings. All shares are 0..1.
    """
    probabilities, right = read_drawn(recogniser, drawn)
    labels = label_numbers(recogniser, drawn)
    readable = drawn.readable
    images, not_read = len(drawn), int((~readable).sum())
    groups = {
        "sites": by_group(right, drawn.sites),
        "classes": by_group(right, drawn.labels),
        "pen_widths": by_group(right, _bands(drawn.pens_px)),
    }
    if not readable.any():
        return {"images": images, "correct": 0, "accuracy": 0.0, "not_read": not_read, **groups}
    summary = summarise(
        probabilities[readable],
        labels[readable],
        recogniser.card.sure_threshold,
        recogniser.accepts(drawn.inks[readable]),
    )
    summary["sure"]["share"] = summary["sure"]["images"] / images
    summary["accepted_share"] *= readable.mean()
    return {
        **summary,
        "images": images,
        "accuracy": summary["correct"] / images,
        "not_read": not_read,
        **groups,
        "writers": describe_writers(right, drawn.writers),
        "reliability": reliability(probabilities[readable], labels[readable]),
    }


def read_drawn(recogniser: Recogniser, drawn: Drawn) -> tuple[Probabilities, NDArray[np.bool_]]:
    """Return calibrated probabilities, (N, classes), and which are read right, (N,)."""
    probabilities = recogniser.probabilities(drawn.inks)
    right = probabilities.argmax(axis=1) == label_numbers(recogniser, drawn)
    return probabilities, right & drawn.readable


def label_numbers(recogniser: Recogniser, drawn: Drawn) -> NDArray[np.int64]:
    """Return the place of each drawing's label among the classes of the weights: (N,)."""
    return np.array([recogniser.card.classes.index(label) for label in drawn.labels], np.int64)


def by_group(
    right: NDArray[np.bool_], groups: NDArray[np.str_]
) -> dict[str, dict[str, int | float]]:
    """Return for each group, in the order of their names, how many there are and are right."""
    return {
        str(name): {
            "images": int((groups == name).sum()),
            "correct": int(right[groups == name].sum()),
            "accuracy": float(right[groups == name].mean()),
        }
        for name in np.unique(groups)
    }


def _bands(pens_px: NDArray[np.float64]) -> NDArray[np.str_]:
    names = [f"{low:g} to {high:g} px" for low, high in pairwise(PEN_BANDS_PX)]
    places = np.searchsorted(PEN_BANDS_PX[1:-1], pens_px, side="right")
    return np.array([names[place] for place in places], str)


def describe_writers(
    right: NDArray[np.bool_], writers: NDArray[np.str_]
) -> dict[str, int | float | None]:
    """Return how many writers have `FEWEST_DIGITS` drawings, and the shares read right of them."""
    shares = [
        row["accuracy"]
        for row in by_group(right, writers).values()
        if row["images"] >= FEWEST_DIGITS
    ]
    return {
        "writers": len(shares),
        "fewest_digits": FEWEST_DIGITS,
        "worst": min(shares, default=None),
        "tenth_percentile": float(np.quantile(shares, 0.1)) if shares else None,
        "median": float(np.median(shares)) if shares else None,
    }
