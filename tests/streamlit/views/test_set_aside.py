"""What an author sees of an answer that alone cannot be written, and of a drawing that is gone."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from feedback.errors import StoreUnavailable
from feedback.store import delete_drawings, open_engine, record_words
from tests.postgres import settings_of, sqlite_url
from tests.streamlit.drawn import digit
from tests.streamlit.seen import kept, shown, yes
from tests.streamlit.store.writers import until

CANVAS = "draw_canvas"


@pytest.fixture
def locked(monkeypatch) -> set[str]:
    """While this holds something, no answer can be written, as if another program held its row."""
    holders = {"another program"}

    def record(engine: Engine, drawing, words):
        if holders:
            raise StoreUnavailable("the store: another program holds this drawing")
        return record_words(engine, drawing, words)

    monkeypatch.setattr("process.kept.record_words", record)
    return holders


def set_aside(app):
    """Return the app once the answer was set aside."""
    yes(app).click().run()
    sheet = app.session_state["draw_sheet"]
    assert until(lambda: sheet.answer_kept.state.value == "set aside")
    return app.run()


def try_again(app):
    (button,) = [button for button in app.button if button.label == "Try again"]
    return button


def test_an_answer_that_was_set_aside_reads_as_not_saved(open_app, locked):
    app = set_aside(open_app(**{CANVAS: digit(3)}))

    assert not app.exception
    assert "Not saved: your answer was not accepted so far." in shown(app)
    assert "another program" not in shown(app)
    assert "it was not saved" in shown(app)
    assert "Saved:" not in shown(app).replace("Not saved:", "")
    assert try_again(app)


def test_an_answer_that_was_set_aside_is_saved_when_tried_again(open_app, locked, embedded_store):
    app = set_aside(open_app(**{CANVAS: digit(3)}))
    locked.clear()

    try_again(app).click().run()

    assert "**Saved:** it is a 3" in shown(app.run())
    assert [row.answer for row in kept(embedded_store, 1)] == [3]


def test_a_drawing_that_was_deleted_is_not_said_to_be_saved(open_app, embedded_store):
    app = open_app(**{CANVAS: digit(3)})
    (row,) = kept(embedded_store, 1)
    engine = open_engine(settings_of(sqlite_url(embedded_store)))
    delete_drawings(engine, [row.id], session_id=row.session_id)
    engine.dispose()

    yes(app).click().run()

    assert not app.exception
    assert "This drawing was deleted, and stays so" in shown(app.run())
    assert "Saved:" not in shown(app)
    assert kept(embedded_store, 0) == []
