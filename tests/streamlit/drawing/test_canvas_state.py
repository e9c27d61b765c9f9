"""The canvas's strokes, and the way back and forth among them."""

from __future__ import annotations

from typing import Any

import pytest

from drawing.canvas_state import (
    DARK,
    LIGHT,
    Paper,
    blank_paper,
    can_redo,
    can_undo,
    lay,
    put_back,
    redo,
    to_strokes,
    undo,
    wipe,
)


def mark(*points: tuple[float, float]) -> dict[str, Any]:
    return {"stroke": LIGHT.ink, "path": [["M", *points[0]], *(["L", *p] for p in points[1:])]}


def paper_with(*marks: dict[str, Any]) -> Paper:
    paper = blank_paper(LIGHT)
    paper.marks = paper.trail = list(marks)
    return paper


ONE, TWO = mark((10, 10), (10, 200)), mark((50, 50), (90, 90))


def test_strokes_are_the_points_where_the_pen_was():
    path = [["M", 0, 0], ["Q", 28, 56, 42, 84], ["Q", 140, 140, 150, 150], ["L", 280, 280]]

    strokes = to_strokes([{"path": path}])

    assert strokes == [[[0, 26, 128, 255], [0, 51, 128, 255]]]


def test_strokes_are_integers_inside_quick_draw_s_square():
    strokes = to_strokes([mark((-30, 12.4), (400, 281))])

    assert strokes == [[[0, 255], [11, 255]]]


def test_a_resting_pen_adds_no_points():
    strokes = to_strokes([mark((100, 100), (100.1, 100.2), (100, 100), (200, 100))])

    assert strokes == [[[91, 182], [91, 91]]]


def test_undo_takes_back_the_last_stroke_and_redo_puts_it_back():
    paper = paper_with(ONE, TWO)

    undo(paper)
    after_undo = paper.given["objects"]
    redo(paper)

    assert after_undo == [ONE]
    assert paper.given["objects"] == [ONE, TWO]


def test_what_was_replaced_is_known_until_the_browser_has_followed():
    paper = paper_with(ONE, TWO)

    undo(paper)
    undo(paper)
    after_two = paper.replaced
    redo(paper)

    assert after_two == [[ONE, TWO], [ONE]]
    assert paper.replaced == [[ONE, TWO], []]  # not what the canvas is to show again


def test_nothing_can_be_undone_on_blank_paper_nor_redone_on_a_whole_drawing():
    assert not can_undo(blank_paper(LIGHT))
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


def test_a_drawing_is_put_back_in_the_colours_of_the_theme():
    paper = paper_with(ONE)
    paper.colours = DARK

    lay(paper, paper.marks)

    assert [m["stroke"] for m in paper.given["objects"]] == [DARK.ink]
    assert [m["path"] for m in paper.given["objects"]] == [ONE["path"]]


def test_a_drawing_that_is_put_back_has_a_canvas_of_its_own():
    paper = paper_with(ONE, TWO)
    before = paper.key

    put_back(paper)

    assert paper.key != before
    assert [m["path"] for m in paper.given["objects"]] == [ONE["path"], TWO["path"]]
