"""What an author does to their own drawings on the History page, over a real store."""

from __future__ import annotations

from typing import Any

import pytest

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
from tests.feedback.sample_drawings import a_drawing, keep
from tests.streamlit.cards.own_history import ME, OTHER, asked, find, mine, press, said
from tests.streamlit.store.writers import spooling_writer
from views.own_drawings import NOTHING_DELETED, OwnDrawings, row_of


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


def test_of_the_only_drawing_of_a_visit_is_spoken_as_of_one(engine, history):
    keep(engine, [mine(7)])
    app = asked(history(), "history_delete_all")
    question = " ".join(text.value for text in app.markdown)

    press(app, "history_delete_all", "history_yes")

    assert "1 drawing is kept of you. It goes, with what you said of it." in question
    assert said(app) == ["Deleted: 1 drawing, and all that you said of it."]


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


def test_the_operator_changes_nobody_elses_drawings(engine, history, as_operator):
    keep(engine, [(a_drawing(session_id=OTHER), 7), mine(3)])

    app = history(password="blue-black ink", **as_operator)

    assert len(app.html[0].proto.body.split('role="listitem"')) == 3
    assert not [button for button in app.button if "history_answer" in (button.key or "")]
    assert not [button for button in app.button if "history_delete" in (button.key or "")]


def test_the_operator_changes_their_own(engine, history, as_operator):
    drawing, _ = mine()
    keep(engine, [(a_drawing(session_id=OTHER), 7), (drawing, None)])
    app = history(password="blue-black ink", **as_operator)

    app.segmented_control[0].set_value("my own").run()

    keys = [button.key or "" for button in app.button]
    assert [key for key in keys if key.startswith("history_answer")] == [
        f"history_answer_{drawing.id.hex}"
    ]
