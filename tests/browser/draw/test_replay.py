"""Drawings that a pen recorded, drawn again with the mouse on the page's canvas."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from environment import ROOT
from model import Recogniser
from model.datasets.mnist import CLASSES
from model.ink.pen_lines import Line
from model.pen.drawings import PenDrawing, load_pen_drawings
from model.synthesis.canvas_rendering import lay_out, render
from tests.browser.strokes import Stroke
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.data]

COUNT, ENOUGH = 60, 57
SAME = 59  # read from strokes as from a picture of the canvas
LEAST_MOVE_PX = 8.0  # a browser reports the mouse once a frame: pens report far more often
PEN_PX = 18  # the page's own pen, as it is when the page opens


@dataclass(frozen=True)
class Answer:
    """What is said of a drawing."""

    label: str
    is_digit: bool
    sure: bool


@dataclass(frozen=True)
class Replay:
    """One drawing, and what was read in it."""

    label: str
    shown: Answer  # on the page
    canvas: bytes  # the canvas as a PNG
    rendered: str  # of the same strokes, through the renderer


def choose(datasets: Path) -> list[PenDrawing]:
    """Return the 60 drawings that seed 0 picks; none is ever picked again for another."""
    digits = [d for d in load_pen_drawings(datasets, "test") if d.label in CLASSES]
    order = np.random.default_rng(0).permutation(len(digits))[:COUNT]
    return [digits[place] for place in order]


def replay(visitor: Visitor, drawing: PenDrawing, number: int) -> tuple[Answer, bytes]:
    """Draw it, as large and where the renderer would; return what the page says and the canvas."""
    lines = lay_out(drawing.strokes, np.random.default_rng([0, number]), PEN_PX)
    for line in lines:
        visitor.draw_stroke(as_mouse_moves(line))
    visitor.wait_until_read(len(lines))
    is_digit = visitor.page.locator(".inkling-refusal").count() == 0
    is_unsure = visitor.page.get_by_test_id("confidence").inner_text() == "Not sure"
    shown = Answer(visitor.label.inner_text(), is_digit, sure=is_digit and not is_unsure)
    url = visitor.page.locator(".dc-canvas.lower-canvas").evaluate("canvas => canvas.toDataURL()")
    return shown, base64.b64decode(url.partition(",")[2])


def as_mouse_moves(line: Line) -> Stroke:
    """Return the points of a line, without those that no mouse would be seen at."""
    kept = [line[0]]
    for point in line[1:]:
        if np.linalg.norm(point - kept[-1]) >= LEAST_MOVE_PX:
            kept.append(point)
    if not np.array_equal(kept[-1], line[-1]):
        kept.append(line[-1])
    return [(float(x), float(y)) for x, y in kept]


@pytest.fixture(scope="module")
def drawings(datasets: Path) -> list[PenDrawing]:
    chosen = choose(datasets)
    if not chosen:
        pytest.skip("there are no pen strokes of test sites")
    return chosen


def test_recorded_digits_are_read_on_the_page_as_everywhere_else(
    visit, drawings: list[PenDrawing], tmp_path: Path
) -> None:
    visitor, recogniser = visit(), Recogniser.load()
    replays = []
    for number, drawing in enumerate(drawings):
        shown, canvas = replay(visitor, drawing, number)
        chance = np.random.default_rng([0, number])
        rendered = recogniser.predict(render(drawing.strokes, chance, pen_px=PEN_PX)).label
        replays.append(Replay(drawing.label, shown, canvas, rendered))
        visitor.clear()
        expect(visitor.label).to_have_count(0)

    of_pictures = predict_files([one.canvas for one in replays], tmp_path)
    pairs = list(zip([one.shown for one in replays], of_pictures, strict=True))
    assert sum(shown.label == answer.label for shown, answer in pairs) >= SAME
    assert sum(shown.is_digit == answer.is_digit for shown, answer in pairs) >= SAME
    assert sum(one.shown.label == one.label for one in replays) >= ENOUGH
    assert sum(one.shown.label == one.rendered for one in replays) >= ENOUGH


def predict_files(pictures: list[bytes], folder: Path) -> list[Answer]:
    """Return what `model.predict` says of the pictures."""
    names = [f"{number}.png" for number in range(len(pictures))]
    for name, picture in zip(names, pictures, strict=True):
        (folder / name).write_bytes(picture)
    command = [sys.executable, "-m", "model.predict", "--json", *(str(folder / n) for n in names)]
    lines = subprocess.check_output(command, cwd=ROOT, text=True, timeout=120).splitlines()
    said = [json.loads(line) for line in lines]
    return [Answer(one["prediction"], one["is_digit"], one["sure"]) for one in said]
