"""How often a drawing is taken for several characters: `python -m benchmarks.several`.

On single digits and MNIST's test scans, where it must not be, and on numbers composed of the digits
of one hand, where it must. Sites and writers of the test sites alone; the rule was chosen on
training and validation sites. Photographs are not measured here. Needs DATA_DIR; takes minutes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from environment import ROOT, data_dir, read_environment
from model.composition.hands import Hand, gather_hands
from model.composition.layout import compose, draw_style
from model.datasets.mnist import CLASSES, load_mnist
from model.errors import BadDrawing
from model.ink.preprocess import prepare_and_count
from model.pen.drawings import PenDrawing, load_pen_drawings
from model.pen.sites import TEST_SITES
from model.synthesis.canvas_rendering import PEN_PX, lay_out, render
from model.synthesis.workers import spread

REPORT = ROOT / "results" / "several.json"
NUMBERS = 2000
DIGITS = 2, 6  # of a number
CANVASES = (280, 280), (560, 280)
THIN_PEN_PX = 4.0  # half of the numbers have pens from this to the canvas's thinnest
EVEN_GAPS = 0.2, 0.9  # of half of the numbers; the others' are those that hands have
# From which gap on, between the ink of the nearest two, by the digits' mean height with its ink.
GAPS = {"touching": -np.inf, "below 0.2": 0.0, "0.2 to 0.5": 0.2, "0.5 and more": 0.5}
Job = tuple[PenDrawing, list[int]]
Counted = tuple[int, int, float]  # digits, how many were seen (0: not readable), smallest gap


def main() -> None:
    """Measure, print, and write `results/several.json`."""
    folder = data_dir(read_environment())
    digits = [one for one in load_pen_drawings(folder, "test") if one.label in CLASSES]
    report = {
        "single": {site: _single([d for d in digits if d.source == site]) for site in TEST_SITES},
        "mnist": _scans(load_mnist(folder, train=False).images.numpy()),
        "numbers": _numbers(gather_hands(digits)),
    }
    REPORT.write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))


def _single(drawings: Sequence[PenDrawing]) -> dict[str, Any]:
    jobs = [(one, [0, place]) for place, one in enumerate(drawings) if not one.is_fragment]
    return _wrongly([seen for seen in spread(_count_one, jobs, "digit") if seen])


def _count_one(job: Job) -> int:
    drawing, seed = job
    return _seen(np.asarray(render(drawing.strokes, np.random.default_rng(seed))))


def _scans(images: NDArray[np.uint8]) -> dict[str, Any]:
    return _wrongly([seen for seen in spread(_seen, list(images), "scan") if seen])


def _seen(picture: NDArray[np.uint8]) -> int:
    try:
        return prepare_and_count(picture).characters
    except BadDrawing:
        return 0


def _wrongly(seen: Sequence[int]) -> dict[str, Any]:
    several = sum(one > 1 for one in seen)
    return {"drawings": len(seen), "taken_for_several": several, "share": several / len(seen)}


def _numbers(hands: Sequence[Hand]) -> dict[str, Any]:
    jobs = [(hands[place % len(hands)], [1, place]) for place in range(NUMBERS)]
    counted = list(spread(_count_number, jobs, "number"))
    lowest = list(GAPS.values())
    by_gap = {
        name: _told([one for one in counted if low <= one[2] < high])
        for (name, low), high in zip(GAPS.items(), [*lowest[1:], np.inf], strict=True)
    }
    wide = [one for one in counted if one[2] >= GAPS["0.2 to 0.5"]]
    return {
        "by_gap": by_gap,
        "gap_of_a_fifth_or_more": _told(wide),
        "by_digits": {
            str(count): _told([one for one in wide if one[0] == count])
            for count in range(DIGITS[0], DIGITS[1] + 1)
        },
    }


def _told(counted: Sequence[Counted]) -> dict[str, Any]:
    if not counted:
        return {"numbers": 0, "told": None, "counted_right": None}
    return {
        "numbers": len(counted),
        "told": sum(seen > 1 for _, seen, _ in counted) / len(counted),
        "counted_right": sum(seen == digits for digits, seen, _ in counted) / len(counted),
    }


def _count_number(job: tuple[Hand, list[int]]) -> Counted:
    hand, seed = job
    chance = np.random.default_rng(seed)
    digits = int(chance.integers(DIGITS[0], DIGITS[1], endpoint=True))
    style = draw_style(chance)
    if chance.random() < 0.5:
        style = replace(style, gap=float(chance.uniform(*EVEN_GAPS)))
    line = compose(hand, "".join(chance.choice(list(hand.alphabet), digits)), chance, style)
    canvas_px = CANVASES[int(chance.integers(len(CANVASES)))]
    is_thin = chance.random() < 0.5
    pen_px = float(chance.uniform(THIN_PEN_PX, PEN_PX[0]) if is_thin else chance.uniform(*PEN_PX))
    state = int(chance.integers(1 << 30))
    lines = lay_out(line.strokes, np.random.default_rng(state), pen_px, canvas_px)
    boxes = [
        np.concatenate([lines[place] for place in character]) for character in line.characters or ()
    ]
    reaches = [(box.min(axis=0) - pen_px / 2, box.max(axis=0) + pen_px / 2) for box in boxes]
    height = float(np.mean([high[1] - low[1] for low, high in reaches]))
    gap = min(after[0][0] - before[1][0] for before, after in pairwise(reaches))
    picture = render(line.strokes, np.random.default_rng(state), pen_px=pen_px, canvas_px=canvas_px)
    return digits, _seen(np.asarray(picture)), float(gap / height)


if __name__ == "__main__":
    main()
