"""A drawing that is still on the Draw page follows what its author does to it on History."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from drawing.canvas_state import blank_paper, lay
from feedback.store import read_answer
from result.current_drawing import Sheet
from tests.feedback.sample_drawings import keep
from tests.streamlit.cards.own_history import ME, mine, press
from tests.streamlit.result.test_current_drawing import a_prediction
from views.upload import _Picture, _Pile


@pytest.fixture
def on_the_page(engine: Engine) -> tuple[Sheet, dict[str, Any]]:
    """A drawing that is on the canvas of the Draw page, and answered; and the session it is in."""
    sheet = Sheet(ME, "canvas", "two-block-0123abcd")
    sheet.read(a_prediction)
    sheet.give_answer(7)
    keep(engine, [(sheet.to_row(), 7)])
    paper = blank_paper()
    lay(paper, [{"path": [["M", 1, 2], ["L", 9, 9]], "strokeWidth": 18}])
    return sheet, {"draw_sheet": sheet, "draw_paper": paper}


def test_the_draw_page_follows_what_is_answered_here(on_the_page, history, engine):
    sheet, session = on_the_page

    app = press(history(**session), "history_answer_", f"history_say_{sheet.id.hex}_1")

    followed = app.session_state["draw_sheet"]
    assert followed.answer == 1
    assert followed.answer_kept.is_kept
    assert read_answer(engine, sheet.id) == 1


def test_the_draw_page_asks_again_once_an_answer_is_taken_back_here(on_the_page, history):
    _, session = on_the_page

    app = press(history(**session), "history_answer_", "history_take_back_")

    assert app.session_state["draw_sheet"].answer is None


@pytest.mark.parametrize("button", ["history_delete_all", "history_delete_"])
def test_a_drawing_that_is_deleted_here_leaves_the_canvas(on_the_page, history, button):
    sheet, session = on_the_page
    key = button if button.endswith("all") else button + sheet.id.hex

    app = press(history(**session), key, "history_yes")

    assert app.session_state["draw_sheet"] is None
    assert app.session_state["draw_paper"].marks == []


def test_another_drawing_stays_on_the_canvas(on_the_page, history, engine):
    sheet, session = on_the_page
    other, _ = mine(3)
    keep(engine, [(other, 3)])

    app = press(history(**session), f"history_delete_{other.id.hex}", "history_yes")

    assert app.session_state["draw_sheet"].id == sheet.id
    assert len(app.session_state["draw_paper"].marks) == 1


def test_a_picture_that_is_deleted_here_leaves_the_draw_page(engine, history):
    gone, stays = (Sheet(ME, "upload", "two-block-0123abcd") for _ in range(2))
    for sheet in (gone, stays):
        sheet.read(a_prediction)
        keep(engine, [(sheet.to_row(), None)])
    pile = _Pile({str(sheet.id): _Picture(sheet, 1) for sheet in (gone, stays)})

    app = press(history(draw_pile_digit=pile), f"history_delete_{gone.id.hex}", "history_yes")

    assert list(app.session_state["draw_pile_digit"].pictures) == [str(stays.id)]
