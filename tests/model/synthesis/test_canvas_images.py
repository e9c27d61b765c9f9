from __future__ import annotations

import numpy as np
import pytest

from model.ink.preprocess import prepare
from model.pen.drawings import PenDrawing
from model.synthesis.canvas_images import draw_all, paste, paste_all
from model.synthesis.canvas_rendering import render
from tests.model.datasets.scanned_digits import scanned_digits

SEVEN = [[[40, 200, 90], [20, 20, 250]], [[60, 170], [130, 130]]]
DOT = [[[5], [5]]]


def drawing(strokes: list, label: str = "7", writer: str = "4") -> PenDrawing:  # type: ignore[type-arg]
    return PenDrawing(label=label, writer=writer, source="ibm", strokes=strokes)


def test_each_drawing_goes_through_the_canvas_and_the_one_preparation() -> None:
    drawn = draw_all([drawing(SEVEN), drawing(SEVEN, writer="5")], seed=3)

    for number, ink in enumerate(drawn.inks):
        assert np.array_equal(ink, prepare(render(SEVEN, np.random.default_rng([3, number]))))
    assert drawn.sites.tolist() == ["ibm", "ibm"]
    assert drawn.writers.tolist() == ["ibm/4", "ibm/5"]
    assert drawn.labels.tolist() == ["7", "7"]


def test_the_width_of_the_pen_is_the_one_that_was_drawn_with() -> None:
    drawn = draw_all([drawing(SEVEN)] * 30)

    for number, pen_px in enumerate(drawn.pens_px):
        chance = np.random.default_rng([0, number])
        by_itself = render(SEVEN, chance)
        again = np.random.default_rng([0, number])
        again.uniform()  # what `render` takes for the pen, had it not been given
        assert np.array_equal(np.asarray(render(SEVEN, again, pen_px=pen_px)), by_itself)
    assert drawn.pens_px.min() >= 10
    assert drawn.pens_px.max() <= 24


def test_what_preparation_refuses_is_marked_and_empty() -> None:
    drawn = draw_all([drawing(SEVEN), drawing(DOT)])

    assert drawn.readable.tolist() == [True, False]
    assert drawn.inks[0].any()
    assert not drawn.inks[1].any()
    assert len(drawn) == 2
    assert len(draw_all([])) == 0


@pytest.mark.parametrize("seed", range(10))
def test_a_pasted_scan_lies_on_the_canvas_at_a_persons_size(seed: int) -> None:
    scan = np.full((28, 28), 255, np.uint8)

    canvas = paste(scan, np.random.default_rng(seed))

    rows, columns = np.nonzero(canvas)
    assert canvas.shape == (280, 280)
    assert np.ptp(rows) == np.ptp(columns)
    assert 0.34 * 280 <= np.ptp(rows) + 1 <= 0.91 * 280


def test_a_pasted_digit_comes_back_much_as_it_was() -> None:
    scans = scanned_digits().images.numpy()[:20]

    pasted = paste_all(scans)

    assert np.abs(pasted.astype(int) - scans.astype(int)).mean() < 12
    assert not paste_all(np.zeros((1, 28, 28), np.uint8)).any()
