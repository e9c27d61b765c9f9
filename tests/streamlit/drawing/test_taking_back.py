"""An answer on the Draw page can be changed and taken back, over a real store."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.streamlit.drawn import digit
from tests.streamlit.seen import kept, shown, yes
from tests.streamlit.store.writers import until

CANVAS = "draw_canvas"


def take_back(app: AppTest):
    (button,) = [one for one in app.button if one.label == "Take back"]
    return button


def test_another_answer_changes_the_first(open_app, embedded_store):
    app = open_app(**{CANVAS: digit(3)})
    yes(app).click().run()

    app.button("draw_answer_canvas_5").click().run()

    assert "**Saved:** it is a 5" in shown(app.run())
    assert [row.answer for row in kept(embedded_store, 1)] == [5]


def test_the_same_answer_again_changes_nothing(open_app, embedded_store):
    app = open_app(**{CANVAS: digit(3)})
    yes(app).click().run()
    first = kept(embedded_store, 1)

    yes(app).click().run()

    assert "**Saved:** it is a 3" in shown(app.run())
    assert kept(embedded_store, 1) == first


def test_an_answer_that_is_taken_back_is_asked_for_again(open_app, embedded_store):
    app = open_app(**{CANVAS: digit(3)})
    before = shown(app)
    app.button("draw_answer_canvas_5").click().run()

    take_back(app).click().run()

    assert until(lambda: [row.answer for row in kept(embedded_store, 1)] == [None])
    assert shown(app.run()) == before
    assert not [one for one in app.button if one.label == "Take back"]
    yes(app).click().run()
    assert until(lambda: [row.answer for row in kept(embedded_store, 1)] == [3])
    assert "**Saved:** it is a 3" in shown(app.run())


def test_a_drawing_is_gone_on_with_after_its_answer_is_taken_back(open_app, embedded_store):
    app = open_app(**{CANVAS: digit(4, strokes=1)})
    app.button("draw_answer_canvas_1").click().run()
    take_back(app).click().run()

    app.session_state[CANVAS] = digit(4)
    app.run()
    yes(app).click().run()

    (row,) = kept(embedded_store, 1)
    assert (row.answer, row.revision, len(row.strokes)) == (4, 2, 2)


def test_words_that_were_late_are_taken_back_once_the_answer_is_saved(open_app):
    app = open_app(**{CANVAS: digit(3)})
    yes(app).click().run()
    assert until(lambda: app.session_state["draw_sheet"].answer_kept.is_kept)
    app.session_state["draw_sheet"].answer_kept.is_told_late = True  # said before, in this run

    app.run()

    assert "**Saved:** it is a 3" in shown(app)
    assert app.session_state["draw_sheet"].answer_kept.is_told_late is False
