"""What an author does to their own drawings on the History page, over a real store."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from drawing.canvas_state import LIGHT, blank_paper, lay
from drawing.current_drawing import Sheet
from feedback.errors import DrawingDeleted, StoreUnavailable
from feedback.store import (
    NOT_A_DIGIT,
    Drawing,
    Filters,
    KeptDrawing,
    count_drawings,
    delete_drawings,
    list_drawings,
    list_words,
    read_answer,
    record_drawing,
)
from store.writer import Writer
from tests.feedback.sample_drawings import a_drawing, keep
from tests.postgres import settings_of
from tests.streamlit.drawing.test_current_drawing import a_prediction
from tests.streamlit.store.writers import spooling_writer
from views.own_drawings import NOTHING_DELETED, OwnDrawings, row_of

ME, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
Open = Callable[..., AppTest]


def page(engine, settings, writer, password, session):  # a script of its own: no names from here
    from uuid import UUID

    import streamlit as st

    from views.history import history_page

    for name, value in session.items():
        st.session_state.setdefault(name, value)
    history_page(
        engine, settings, session_id=UUID(int=1), operator_password=password, writer=writer
    )


@pytest.fixture
def writer(engine: Engine, tmp_path) -> Iterator[Writer]:
    made = spooling_writer(engine, tmp_path / "spool")
    yield made
    made.close()


@pytest.fixture
def history(engine: Engine, writer: Writer) -> Open:
    """A function that opens the page; its keywords are put into the session first."""

    def opened(password: str | None = None, **session: Any) -> AppTest:
        values = {"engine": engine, "settings": settings_of(engine.url), "writer": writer}
        values |= {"password": password, "session": session}
        return AppTest.from_function(page, kwargs=values, default_timeout=30).run()

    return opened


def find(app: AppTest, key: str) -> Button:
    (button,) = [button for button in app.button if (button.key or "").startswith(key)]
    return button


def asked(app: AppTest, opener: str) -> AppTest:
    """Return the page with what a button of a card, or the one below them all, asks."""
    find(app, opener).click()
    return app.run()


def press(app: AppTest, opener: str, key: str) -> AppTest:
    """Press a button of what `opener` asks: in a browser that is a run of its own part alone."""
    asked(app, opener)
    find(app, opener).click()
    find(app, key).click()
    return app.run()


def said(app: AppTest) -> list[str]:
    assert not app.exception
    return [toast.value for toast in app.toast]


def mine(answer: Any = None, **changes: Any):
    """Return a drawing of this visit, and its answer."""
    return a_drawing(session_id=ME, **changes), answer


def test_a_drawing_that_was_not_answered_can_be_answered_later(engine, history):
    drawing, _ = mine()
    keep(engine, [(drawing, None)])

    app = press(history(), "history_answer_", f"history_say_{drawing.id.hex}_7")

    assert said(app) == ["Saved: it is a 7."]
    (row,) = list_drawings(engine, Filters(), limit=2)
    assert (row.answer, row.revision, row.predicted) == (7, drawing.revision, drawing.predicted)
    assert "read right" in "".join(html.proto.body for html in app.html)


@pytest.mark.parametrize(("key", "answer"), [("1", 1), ("none", NOT_A_DIGIT)])
def test_an_answer_can_be_changed_ever_after(engine, history, key, answer):
    drawing, _ = mine()
    keep(engine, [(drawing, 7)])

    press(history(), "history_answer_", f"history_say_{drawing.id.hex}_{key}")

    assert read_answer(engine, drawing.id) == answer
    assert [word.answer for word in list_words(engine, drawing.id)] == [7, answer]


def test_the_same_answer_again_is_no_word(engine, history):
    drawing, _ = mine()
    keep(engine, [(drawing, 7)])

    app = press(history(), "history_answer_", f"history_say_{drawing.id.hex}_7")

    assert said(app) == []
    assert [word.answer for word in list_words(engine, drawing.id)] == [7]


def test_an_answer_can_be_taken_back_ever_after(engine, history):
    drawing, _ = mine()
    keep(engine, [(drawing, 7)])

    app = press(history(), "history_answer_", "history_take_back_")

    assert said(app) == ["Taken back: the drawing is as if you had not answered it."]
    assert read_answer(engine, drawing.id) is None
    assert [button.label for button in app.button if "history_answer" in button.key] == ["Answer"]


def test_what_was_never_said_cannot_be_taken_back(engine, history):
    keep(engine, [mine()])

    app = asked(history(), "history_answer_")

    assert not [button for button in app.button if "take_back" in (button.key or "")]


def test_strokes_that_no_rule_takes_any_more_do_not_keep_their_author_from_answering(
    postgres_engine, tmp_path
):
    drawing, _ = mine()
    keep(postgres_engine, [(drawing, None)])
    with postgres_engine.begin() as connection:  # a row from before the rule
        connection.exec_driver_sql("ALTER TABLE drawings DROP CONSTRAINT strokes_are_a_drawing")
        connection.exec_driver_sql("""UPDATE drawings SET strokes = '[[[1, 2], [3]]]'""")
        connection.exec_driver_sql(
            "ALTER TABLE drawings ADD CONSTRAINT strokes_are_a_drawing "
            "CHECK (is_drawing(strokes, pens_px)) NOT VALID"
        )
    (kept,) = list_drawings(postgres_engine, Filters(), limit=2)
    writer = spooling_writer(postgres_engine, tmp_path)

    OwnDrawings(postgres_engine, writer, ME).say(kept, 7)

    writer.close()
    assert read_answer(postgres_engine, drawing.id) == 7


def test_a_drawing_is_deleted_after_one_question(engine, history):
    gone, other = mine(7)[0], mine(1)[0]
    keep(engine, [(gone, 7), (other, 1)])
    app = asked(history(), f"history_delete_{gone.id.hex}")
    before = count_drawings(engine, Filters())

    press(app, f"history_delete_{gone.id.hex}", "history_yes")

    assert before == 2
    assert said(app) == ["Deleted: the drawing, and all that you said of it."]
    assert [row.id for row in list_drawings(engine, Filters(), limit=9)] == [other.id]
    assert list_words(engine, gone.id) == []
    with pytest.raises(DrawingDeleted):
        record_drawing(engine, gone)


def test_all_drawings_of_a_visit_are_deleted_after_one_question_that_says_how_many(engine, history):
    others = a_drawing(session_id=OTHER)
    keep(engine, [mine(7), mine(), mine(NOT_A_DIGIT), (others, 3)])
    app = asked(history(), "history_delete_all")
    question = [text.value for text in app.markdown]
    answer = find(app, "history_yes").label

    press(app, "history_delete_all", "history_yes")

    assert any("3 drawings are kept of you" in words for words in question)
    assert answer == "Delete all 3"
    assert said(app) == ["Deleted: 3 drawings, and all that you said of them."]
    assert [row.id for row in list_drawings(engine, Filters(), limit=9)] == [others.id]
    assert "You have not drawn anything" in app.info[0].value


def test_drawings_that_a_filter_hides_are_deleted_with_all_others(engine, history):
    keep(engine, [mine(7), mine(source="upload")])
    app = history()
    app.selectbox(key="filter_source").select("picture").run()

    press(app, "history_delete_all", "history_yes")

    assert said(app) == ["Deleted: 2 drawings, and all that you said of them."]
    assert count_drawings(engine, Filters()) == 0


def test_what_still_waits_to_be_written_does_not_come_back(engine, history, writer):
    drawing, _ = mine()
    keep(engine, [(drawing, None)])

    press(history(), f"history_delete_{drawing.id.hex}", "history_yes")
    late = writer.keep(a_drawing(id=drawing.id, session_id=ME, revision=2), 3)

    assert late.wait(10).value == "deleted"
    assert count_drawings(engine, Filters()) == 0


def test_a_store_that_goes_away_is_told_and_nothing_is_pretended(engine, history, monkeypatch):
    def away(*_: Any, **__: Any) -> int:
        raise StoreUnavailable("the database db.example is away")

    drawing, _ = mine(7)
    keep(engine, [(drawing, 7)])
    monkeypatch.setattr("views.own_drawings.delete_session", away)
    monkeypatch.setattr("views.own_drawings.delete_drawings", away)

    all_of_them = press(history(), "history_delete_all", "history_yes")
    one = press(history(), f"history_delete_{drawing.id.hex}", "history_yes")

    assert said(all_of_them) == said(one) == [NOTHING_DELETED]
    assert read_answer(engine, drawing.id) == 7


def test_an_answer_that_cannot_be_saved_now_reads_as_not_saved(
    engine, history, writer, monkeypatch
):
    drawing, _ = mine()
    keep(engine, [(drawing, None)])
    app = history()
    monkeypatch.setattr("views.own_drawings.LONG_S", 0.0)

    def away(*_: Any) -> None:
        raise StoreUnavailable("the database is away")

    monkeypatch.setattr(writer, "_record_words", away)
    monkeypatch.setattr(writer, "_check", away)
    press(app, "history_answer_", f"history_say_{drawing.id.hex}_7")

    (words,) = said(app)
    assert words.startswith("Not saved: your answer cannot be saved at the moment")


def test_a_drawing_that_was_deleted_elsewhere_is_not_answered(engine, history, monkeypatch):
    drawing, _ = mine()
    keep(engine, [(drawing, None)])

    def deleted_in_this_moment(kept: KeptDrawing) -> Drawing:
        delete_drawings(engine, [kept.id], session_id=ME)
        return row_of(kept)

    monkeypatch.setattr("views.own_drawings.row_of", deleted_in_this_moment)
    app = press(history(), "history_answer_", f"history_say_{drawing.id.hex}_7")

    assert said(app) == ["This drawing was deleted, and stays so."]
    assert count_drawings(engine, Filters()) == 0


@pytest.fixture
def on_the_page(engine: Engine) -> tuple[Sheet, dict[str, Any]]:
    """A drawing that is on the canvas of the Draw page, and answered; and the session it is in."""
    sheet = Sheet(ME, "canvas", "two-block-0123abcd")
    sheet.read(a_prediction)
    sheet.give_answer(7)
    keep(engine, [(sheet.to_row(), 7)])
    paper = blank_paper(LIGHT)
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


def test_the_operator_changes_nobody_elses_drawings(engine, history):
    keep(engine, [(a_drawing(session_id=OTHER), 7), mine(3)])

    app = history(password="ink", access_granted=True)

    assert len(app.html[0].proto.body.split('role="listitem"')) == 3
    assert not [button for button in app.button if "history_answer" in (button.key or "")]
    assert not [button for button in app.button if "history_delete" in (button.key or "")]


def test_the_operator_changes_their_own(engine, history):
    drawing, _ = mine()
    keep(engine, [(a_drawing(session_id=OTHER), 7), (drawing, None)])
    app = history(password="ink", access_granted=True)

    app.segmented_control[0].set_value("this visit's").run()

    keys = [button.key or "" for button in app.button]
    assert [key for key in keys if key.startswith("history_answer")] == [
        f"history_answer_{drawing.id.hex}"
    ]
