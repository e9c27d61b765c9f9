from __future__ import annotations

import numpy as np
import pytest

from model.pen.line_cutting import cut_by_gaps
from model.pen.unipen import Points


def stroke(left: float, right: float) -> Points:
    return np.array([[left, 0.0], [right, 100.0]])


def test_a_line_is_cut_at_its_widest_gaps() -> None:
    strokes = [stroke(0, 40), stroke(50, 90), stroke(200, 240), stroke(250, 290)]

    assert cut_by_gaps(strokes, ["ab", "cd"]) == [[0, 1], [2, 3]]


def test_strokes_that_were_written_later_belong_where_they_stand() -> None:
    strokes = [stroke(200, 240), stroke(0, 40), stroke(250, 290), stroke(10, 90)]

    assert cut_by_gaps(strokes, ["ab", "cd"]) == [[1, 3], [0, 2]]


def test_a_single_word_is_not_cut() -> None:
    assert cut_by_gaps([stroke(0, 40), stroke(300, 340)], ["ab"]) == [[0, 1]]


@pytest.mark.parametrize(
    ("strokes", "words"),
    [
        ([stroke(0, 40), stroke(90, 130), stroke(195, 235), stroke(285, 325)], ["ab", "cd"]),
        ([stroke(0, 40), stroke(55, 95)], ["a", "b"]),
        ([stroke(0, 40)], ["a", "b"]),
        ([stroke(0, 400), stroke(500, 540)], ["ab", "cdefghij"]),
    ],
    ids=["gaps hardly wider than others", "a narrow gap", "too few", "width against length"],
)
def test_a_line_of_which_it_is_doubtful_where_it_parts_is_not_cut(
    strokes: list[Points], words: list[str]
) -> None:
    assert cut_by_gaps(strokes, words) is None
