"""What the Draw page takes from its canvas: strokes, and nothing else."""

from __future__ import annotations

import pytest

from tests.streamlit.drawn import digit
from tests.streamlit.seen import followed, kept, labels, readings

CANVAS = "draw_canvas"


@pytest.mark.parametrize(
    "objects",
    [
        "scribble",
        [{"type": "Path", "strokeWidth": 18}],
        [{"path": [["M", 1, 2], ["L", float("nan"), 3]], "strokeWidth": 18}],
        [{"path": [["M", 1, 2], ["L", 30, 3]], "strokeWidth": 4000}],
        [{"path": [["M", 1, 2], *([["L", 30, 3]] * 5000)], "strokeWidth": 18}],
        [{"path": [["M", 1, 2], ["L", 30, 90]], "strokeWidth": 18}] * 101,
    ],
)
def test_what_no_canvas_draws_is_not_taken_and_the_drawing_before_it_stays(
    open_app, embedded_store, objects
):
    app = open_app(**{CANVAS: digit(3)})
    kept(embedded_store, 1)

    app.session_state[CANVAS] = {"drawing": {"raw": {"objects": objects}, "data": None}}
    app.run()

    assert not app.exception
    assert readings(app)[0]["kind"] == "problem"
    assert len(app.session_state["draw_paper"].marks) == 1
    assert [row.predicted for row in kept(embedded_store, 1)] == [3]


def test_a_picture_from_the_canvas_is_not_looked_at(open_app):
    state = digit(3)
    state["drawing"]["data"] = "data:image/png;base64,this is none"

    app = open_app(**{CANVAS: state})

    assert not app.exception
    assert labels(app) == ["3"]


def test_each_stroke_is_kept_with_its_pen(open_app, embedded_store):
    state = digit(4)
    state["drawing"]["raw"]["objects"][1]["strokeWidth"] = 24
    open_app(**{CANVAS: state})

    (row,) = kept(embedded_store, 1)

    assert row.pens_px == [18.0, 24.0]


def test_the_browser_is_told_the_strokes_that_the_script_knows(open_app):
    app = open_app(**{CANVAS: digit(4)})

    follow = followed(app)
    assert (follow["pen"], follow["route"], len(follow["strokes"])) == (18, "/reading", 2)
    assert follow["strokes"][0]["x"][0] == pytest.approx(0.40 * 280, abs=0.1)
