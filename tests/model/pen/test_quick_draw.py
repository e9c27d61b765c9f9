from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.pen.quick_draw import LONGEST, resample, simplify, to_quick_draw
from model.pen.unipen import Points

COORDINATES = st.integers(-1000, 1000) | st.floats(-1e4, 1e4, allow_nan=False)
LINES = st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=40).map(
    lambda points: np.array(points, float)
)
DRAWINGS = st.lists(LINES, min_size=1, max_size=4)


def farthest(points: Points, line: Points) -> float:
    """Return the largest distance of `points` from the line, by its endless definition."""
    ends = list(pairwise(line)) or [(line[0], line[0])]
    nearest = np.full(len(points), np.inf)
    for start, end in ends:
        way = end - start
        length = float(way @ way)
        share = np.clip((points - start) @ way / length, 0, 1) if length else 0 * points[:, 0]
        nearest = np.minimum(nearest, np.linalg.norm(points - start - np.outer(share, way), axis=1))
    return float(nearest.max())


def along(line: Points) -> Points:
    """Return many points of the line, not only its corners."""
    shares = np.linspace(0, 1, 9)[:, None]
    pieces = [a + shares * (b - a) for a, b in pairwise(line)]
    return np.concatenate([line, *pieces])


@given(LINES, st.floats(0.1, 50))
def test_simplification_moves_no_line_farther_than_epsilon(line: Points, epsilon: float) -> None:
    simple = simplify(line, epsilon)

    assert farthest(along(line), simple) <= epsilon + 1e-6
    assert farthest(along(simple), line) <= epsilon + 1e-6


@given(DRAWINGS, st.sampled_from([0.5, 2.0, 7.0]))
def test_the_whole_recipe_adds_no_more_than_its_rounding(
    strokes: list[Points], epsilon: float
) -> None:
    exact = to_quick_draw([stroke * 1.0 for stroke in strokes])
    simplified = to_quick_draw(strokes, epsilon)

    for before, after in zip(exact, simplified, strict=True):
        # Half a step of resampling cuts corners; each point is rounded, by half a pixel each way.
        allowed = epsilon + 0.5 + 2 * np.sqrt(0.5) + 1e-6
        assert farthest(along(np.array(before, float).T), np.array(after, float).T) <= allowed


@example([np.array([(0, 0), (0, 150), (0, 149)], float)], 2.0)  # turns back by 2 px of 255
@given(DRAWINGS, st.sampled_from([0.0, 2.0]))
def test_a_drawing_fills_255_on_its_longer_side_from_the_origin(
    strokes: list[Points], epsilon: float
) -> None:
    drawing = to_quick_draw(strokes, epsilon)

    xs = [x for stroke in drawing for x in stroke[0]]
    ys = [y for stroke in drawing for y in stroke[1]]
    assert len(drawing) == len(strokes)
    assert all(type(value) is int for value in xs + ys)
    has_extent = np.ptp(np.concatenate(strokes), axis=0).max() > 0
    # Simplified, the outermost point may lie that much farther in; resampling takes half a pixel.
    assert 0 <= min(xs) <= 1.25 * epsilon
    assert 0 <= min(ys) <= 1.25 * epsilon
    assert epsilon or max(xs + ys) == (LONGEST if has_extent else 0)
    for x, y in drawing:
        assert all(a != b for a, b in pairwise(zip(x, y, strict=True)))


def test_y_is_turned_downwards_and_the_shape_is_kept() -> None:
    tall = np.array([[100.0, 500.0], [200.0, 300.0], [150.0, 100.0]])

    assert to_quick_draw([tall]) == [[[0, 64, 32], [0, 128, 255]]]


def test_strokes_keep_their_places_to_each_other() -> None:
    bar, dot = np.array([[0.0, 0.0], [255.0, 0.0]]), np.array([[100.0, 50.0]])

    assert to_quick_draw([bar, dot]) == [[[0, 255], [50, 50]], [[100], [0]]]


def test_by_default_every_recorded_point_is_kept_that_has_a_pixel_of_its_own() -> None:
    line = np.array([[0.0, 0.0], [1.0, 0.0], [1.2, 0.0], [2.0, 0.0], [2.0, 0.0], [255.0, 0.0]])

    assert to_quick_draw([line])[0][0] == [0, 1, 2, 255]
    assert to_quick_draw([line], epsilon_px=2.0)[0][0] == [0, 255]


@given(LINES, st.floats(0.5, 100))
def test_resampled_points_lie_on_the_line_a_step_apart_and_keep_its_ends(
    line: Points, spacing: float
) -> None:
    line = line / 100
    points = resample(line, spacing)

    assert farthest(points, line) <= 1e-6
    assert np.linalg.norm(np.diff(points, axis=0), axis=1).max(initial=0) <= spacing + 1e-6
    assert points[0] == pytest.approx(line[0])
    assert points[-1] == pytest.approx(line[-1])
