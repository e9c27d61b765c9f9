from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from model.pen.drawings import read_pen_drawings
from model.synthesis.canvas_rendering import render

SEVEN = [[[40, 200, 90], [20, 20, 250]], [[60, 170], [130, 130]]]
DOT = [[[5], [5]]]


def ink_box(picture: np.ndarray) -> tuple[int, int, int, int]:  # type: ignore[type-arg]
    rows, columns = np.nonzero(picture[..., 0] > 127)
    return rows.min(), rows.max() + 1, columns.min(), columns.max() + 1


@pytest.mark.parametrize("seed", range(20))
def test_a_drawing_has_a_persons_size_and_lies_inside_the_canvas(seed: int) -> None:
    picture = np.asarray(render(SEVEN, np.random.default_rng(seed)))

    top, bottom, left, right = ink_box(picture)
    assert picture.shape == (280, 280, 4)
    assert 0.33 * 280 < max(bottom - top, right - left) < 0.92 * 280
    assert top > 0
    assert left > 0
    assert bottom < 280
    assert right < 280
    assert (picture[..., 3] == 255).all()


def test_the_same_chance_gives_the_same_picture() -> None:
    once, again = (np.asarray(render(SEVEN, np.random.default_rng(3))) for _ in range(2))

    assert np.array_equal(once, again)


def test_the_pen_is_as_thick_as_asked() -> None:
    line = [[[0, 255], [0, 0]]]

    top, bottom, _, _ = ink_box(np.asarray(render(line, np.random.default_rng(0), pen_px=16)))

    assert bottom - top == pytest.approx(16, abs=1)


def test_one_touch_is_a_round_dot() -> None:
    top, bottom, left, right = ink_box(np.asarray(render(DOT, np.random.default_rng(0), pen_px=20)))

    assert bottom - top == pytest.approx(20, abs=1)
    assert right - left == pytest.approx(20, abs=1)


def test_ink_and_paper_have_the_colours_asked_for() -> None:
    picture = np.asarray(
        render(SEVEN, np.random.default_rng(0), ink=(10, 20, 30), paper=(250, 240, 230))
    )

    assert picture[0, 0].tolist() == [250, 240, 230, 255]
    assert [10, 20, 30, 255] in picture.reshape(-1, 4).tolist()


@pytest.mark.data
def test_recorded_drawings_come_out_as_the_benchmark_renders_them(datasets: Path) -> None:
    benchmark = datasets.parent / "bench" / "render.py"
    pen = sorted((datasets / "pen").glob("*.ndjson.gz"))
    if not benchmark.is_file() or not pen:  # it is not part of the project
        pytest.skip(f"there is no {benchmark} with recorded pen strokes")
    spec = importlib.util.spec_from_file_location("bench_render", benchmark)
    assert spec
    assert spec.loader
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)

    for path in pen:
        for number, drawing in zip(range(50), read_pen_drawings(path), strict=False):
            ours = render(drawing.strokes, np.random.default_rng(number))
            expected = theirs.canvas(drawing.strokes, np.random.default_rng(number))
            assert np.array_equal(np.asarray(ours), np.asarray(expected))


@pytest.mark.parametrize("seed", range(10))
def test_a_line_lies_inside_a_wide_canvas_and_keeps_its_shape(seed: int) -> None:
    line = [[[0, 0], [0, 100]], [[300, 300], [0, 100]]]

    picture = render(line, np.random.default_rng(seed), pen_px=10, canvas_px=(700, 280))

    top, bottom, left, right = ink_box(np.asarray(picture))
    assert picture.size == (700, 280)
    assert 0 < top < bottom < 280
    assert 0 < left < right < 700
    assert (right - left - 10) / (bottom - top - 10) == pytest.approx(3, rel=0.03)
