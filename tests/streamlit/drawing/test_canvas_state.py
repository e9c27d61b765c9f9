"""The canvas's strokes, and the way back and forth among them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from drawing.canvas_state import (
    INK,
    Paper,
    blank_paper,
    can_redo,
    can_undo,
    check_marks,
    close,
    lay,
    put_back,
    redo,
    reopen,
    to_marks,
    undo,
    wipe,
)
from model.errors import BadDrawing
from model.ink.pen_strokes import PenStroke


def mark(*points: tuple[float, float]) -> dict[str, Any]:
    path = [["M", *points[0]], *(["L", *p] for p in points[1:])]
    return {"path": path, "strokeWidth": 18}


def paths(given: dict[str, Any]) -> list[Any]:
    return [mark["path"] for mark in given["objects"]]


def paper_with(*marks: dict[str, Any]) -> Paper:
    paper = blank_paper()
    paper.marks = paper.trail = list(marks)
    return paper


ONE, TWO = mark((10, 10), (10, 200)), mark((50, 50), (90, 90))


def test_strokes_are_the_points_where_the_pen_was():
    path = [["M", 0, 0], ["Q", 28, 56, 42, 84], ["Q", 140, 140, 150, 150], ["L", 280, 280]]

    marks, (stroke,) = check_marks([{"path": path, "strokeWidth": 18}])

    assert marks == [{"path": path, "strokeWidth": 18}]
    assert stroke.points.tolist() == [[0, 0], [28, 56], [140, 140], [280, 280]]
    assert stroke.pen_px == 18


def test_of_what_a_browser_sends_only_paths_and_pens_are_kept():
    sent = mark((1, 2), (3, 4)) | {"scaleX": 9, "stroke": "red", "more": "x" * 1000}

    marks, _ = check_marks([sent])

    assert [set(one) for one in marks] == [{"path", "strokeWidth"}]


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "strokes",
        {"0": {}},
        [None],
        [{"strokeWidth": 18}],
        [{"path": "M 0 0", "strokeWidth": 18}],
        [{"path": [], "strokeWidth": 18}],
        [{"path": [["C", 1, 2, 3, 4, 5, 6]], "strokeWidth": 18}],
        [{"path": [["M", 1]], "strokeWidth": 18}],
        [{"path": [["M", "1", "2"]], "strokeWidth": 18}],
        [{"path": [["M", 1, float("inf")]], "strokeWidth": 18}],
        [{"path": [["M", 1, 2]]}],
        [{"path": [["M", 1, 2]], "strokeWidth": 0}],
    ],
)
def test_what_is_no_stroke_of_the_canvas_is_refused(sent):
    with pytest.raises(BadDrawing):
        check_marks(sent)


def test_undo_takes_back_the_last_stroke_and_redo_puts_it_back():
    paper = paper_with(ONE, TWO)

    undo(paper)
    after_undo = paths(paper.given)
    redo(paper)

    assert after_undo == [ONE["path"]]
    assert paths(paper.given) == [ONE["path"], TWO["path"]]


def test_what_was_replaced_is_known_until_the_browser_has_followed():
    paper = paper_with(ONE, TWO)

    undo(paper)
    undo(paper)
    after_two = paper.replaced
    redo(paper)

    assert after_two == [[ONE, TWO], [ONE]]
    assert paper.replaced == [[ONE, TWO], []]  # not what the canvas is to show again


def test_nothing_can_be_undone_on_blank_paper_nor_redone_on_a_whole_drawing():
    assert not can_undo(blank_paper())
    assert not can_redo(paper_with(ONE))


def test_a_wiped_canvas_is_blank_for_good():
    paper = paper_with(ONE, TWO)

    wipe(paper)

    assert paper.given["objects"] == []
    assert not can_undo(paper)
    assert not can_redo(paper)


@pytest.mark.parametrize("change", [undo, wipe])
def test_the_canvas_is_told_something_new_each_time(change):
    paper = paper_with(ONE)
    before = paper.given

    change(paper)
    once = paper.given
    lay(paper, paper.marks)

    assert before != once != paper.given


def test_a_drawing_is_laid_in_the_canvas_s_own_ink():
    paper = paper_with(ONE)

    lay(paper, paper.marks)

    assert [m["stroke"] for m in paper.given["objects"]] == [INK]
    assert [m["path"] for m in paper.given["objects"]] == [ONE["path"]]


def test_an_answered_drawing_leaves_the_canvas_empty_and_is_seen_all_the_same():
    paper = paper_with(ONE, TWO)

    close(paper)

    assert paper.given["objects"] == []
    assert paper.answered == [ONE, TWO]


def test_a_drawing_whose_answer_is_taken_back_is_on_the_canvas_again():
    paper = paper_with(ONE, TWO)

    close(paper)
    reopen(paper)

    assert paths(paper.given) == [ONE["path"], TWO["path"]]
    assert paper.answered == []


def test_closing_an_empty_canvas_keeps_what_was_put_aside():
    paper = paper_with(ONE)

    close(paper)
    close(paper)

    assert paper.answered == [ONE]


@pytest.mark.parametrize("points", [1, 2, 3, 4, 9])
def test_strokes_laid_again_are_the_same_strokes(points):
    line = np.random.default_rng(points).uniform(0, 280, (points, 2)).round(1)

    _, (stroke,) = check_marks(to_marks([PenStroke(line, 18)]))

    assert stroke.pen_px == 18
    assert stroke.points[: len(line)].tolist() == line.tolist()
    assert (stroke.points[len(line) :] == line[-1]).all()  # of a dot there are two


def test_a_drawing_that_is_put_back_has_a_canvas_of_its_own():
    paper = paper_with(ONE, TWO)
    before = paper.key

    put_back(paper)

    assert paper.key != before
    assert [m["path"] for m in paper.given["objects"]] == [ONE["path"], TWO["path"]]
