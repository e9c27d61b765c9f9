from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model.line_ink.pen_path import (
    AIR_MOST,
    FEATURES,
    IN_THE_AIR,
    MOST_STEPS,
    STEPS,
    follow,
    trace,
)

STEM = np.array([[0.0, 0.0], [0.0, 100.0]])
BAR = np.array([[-30.0, 40.0], [30.0, 40.0]])
HOOK = np.array([[60.0, 0.0], [60.0, 100.0], [90.0, 100.0]])
ASIDE = np.array([1000.0, -300.0])
UP = 3  # the features' columns
BEGINS, ENDS = 4, 5
HIGH = 6
BEHIND = 7


def test_each_step_has_eleven_numbers_a_stroke_and_a_place() -> None:
    path = trace([STEM, BAR, HOOK])

    count = len(path.features)
    assert path.features.shape == (count, FEATURES)
    assert path.features.dtype == np.float32
    assert (path.stroke.shape, path.places.shape) == ((count,), (count, 2))
    assert np.isfinite(path.features).all()


def test_the_features_alone_are_those_of_the_path() -> None:
    assert np.array_equal(follow([STEM, BAR]), trace([STEM, BAR]).features)


def test_steps_on_paper_are_a_part_of_the_height() -> None:
    path = trace([STEM])

    assert len(path.stroke) == STEPS + 1
    assert np.diff(path.places[:, 1]) == pytest.approx([100 / STEPS] * int(STEPS))


def test_strokes_come_in_their_order_with_air_between() -> None:
    stroke = trace([STEM, BAR, HOOK]).stroke

    on_paper = stroke[stroke != IN_THE_AIR]
    assert (np.diff(on_paper) >= 0).all()
    assert set(on_paper.tolist()) == {0, 1, 2}
    for first in (0, 1):
        between = stroke[np.flatnonzero(stroke == first)[-1] + 1]
        assert between == IN_THE_AIR


@pytest.mark.parametrize("number", range(3))
def test_the_places_of_a_stroke_begin_and_end_where_it_does(number: int) -> None:
    drawn = [STEM, BAR, HOOK]
    path = trace(drawn)

    own = path.places[path.stroke == number]

    assert own[0] == pytest.approx(drawn[number][0])
    assert own[-1] == pytest.approx(drawn[number][-1])


def test_the_pen_is_up_in_the_air_and_as_it_comes_down() -> None:
    path = trace([STEM, HOOK])

    is_up = path.features[:, UP] == 1
    comes_down = int(np.flatnonzero(path.stroke == 1)[0])
    assert is_up[path.stroke == IN_THE_AIR].all()
    assert np.flatnonzero(is_up & (path.stroke != IN_THE_AIR)).tolist() == [comes_down]


def test_each_stroke_begins_and_ends_once() -> None:
    path = trace([STEM, BAR, HOOK])

    for number in range(3):
        own = path.features[path.stroke == number]
        assert np.flatnonzero(own[:, BEGINS]).tolist() == [0]
        assert np.flatnonzero(own[:, ENDS]).tolist() == [len(own) - 1]


def test_height_goes_from_minus_one_at_the_top_to_one_at_the_bottom() -> None:
    high = trace([STEM]).features[:, HIGH]

    assert (high[0], high[-1]) == pytest.approx((-1, 1))


def test_what_lies_left_of_what_was_drawn_is_told_so() -> None:
    path = trace([STEM, HOOK, BAR])

    behind = path.features[:, BEHIND]
    assert behind[path.stroke == 0] == pytest.approx(0)
    assert behind[path.stroke == 2][0] == pytest.approx(1.2)  # heights left of the hook's end


def test_a_single_point_is_a_single_step() -> None:
    path = trace([np.array([[7.0, 9.0]])])

    assert path.features.shape == (1, FEATURES)
    assert np.isfinite(path.features).all()
    assert path.places.tolist() == [[7.0, 9.0]]


def test_points_among_strokes_have_a_step_each() -> None:
    dot = np.array([[5.0, -20.0]])

    path = trace([STEM, dot, dot + 3])

    assert (path.stroke == 1).sum() == (path.stroke == 2).sum() == 1


@pytest.mark.parametrize(
    "moved",
    [lambda line: line + ASIDE, lambda line: line * 37.5, lambda line: line / 900],
    ids=["elsewhere", "larger", "smaller"],
)
def test_place_and_size_change_nothing(moved) -> None:  # type: ignore[no-untyped-def]
    drawn: list[NDArray[np.float64]] = [STEM, BAR, HOOK]

    one, other = follow(drawn), follow([moved(line) for line in drawn])

    assert one == pytest.approx(other, abs=1e-4)


def test_a_dash_is_no_taller_than_a_part_of_its_width() -> None:
    path = trace([np.array([[0.0, 5.0], [100.0, 5.0]])])

    assert len(path.stroke) == 20 * STEPS + 1
    assert np.abs(path.features[:, HIGH]).max() < 1e-6


def test_a_very_long_path_goes_in_longer_steps() -> None:
    points = np.random.default_rng(0).uniform(0, 1, (5000, 2))

    steps = len(trace([points[:2500], points[2500:]]).stroke)

    assert 0.9 * MOST_STEPS < steps <= MOST_STEPS + 2 * 2 + AIR_MOST


def test_the_way_through_the_air_is_short_however_far_it_is() -> None:
    far = trace([STEM, STEM + np.array([10_000.0, 0.0])])

    assert (far.stroke == IN_THE_AIR).sum() == AIR_MOST - 1


def test_a_point_drawn_twice_is_no_step_of_its_own() -> None:
    doubled = np.repeat(STEM, 3, axis=0)

    assert np.allclose(follow([doubled]), follow([STEM]), atol=1e-6)
