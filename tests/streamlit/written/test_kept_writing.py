"""Writing on History and Statistics, over a real store."""

from __future__ import annotations

import uuid

from streamlit.testing.v1 import AppTest

from feedback.store import (
    NOT_A_DIGIT,
    Filters,
    count_writings,
    list_words,
    read_answer,
    record_answer,
    record_drawing,
)
from tests.feedback.sample_drawings import a_drawing
from tests.feedback.sample_writings import a_writing
from tests.postgres import settings_of
from tests.streamlit.seen import shown

ME = uuid.UUID(int=1)


def history(engine, settings, folder):  # a script of its own: no names from this file
    from pathlib import Path
    from uuid import UUID

    import streamlit as st

    from tests.streamlit.store.writers import spooling_writer
    from views.history import history_page

    if "writer" not in st.session_state:
        st.session_state["writer"] = spooling_writer(engine, Path(folder))
    history_page(
        engine,
        settings,
        session_id=UUID(int=1),
        operator_password=None,
        by_link=lambda: False,
        writer=st.session_state["writer"],
    )


def statistics(engine, settings):
    from views.statistics import statistics_page

    statistics_page(engine, settings)


def opened(page, engine, kind="Writing", **values) -> AppTest:
    values |= {"engine": engine, "settings": settings_of(engine.url)}
    app = AppTest.from_function(page, kwargs=values, default_timeout=30)
    app.session_state["kept_kind"] = kind
    return app.run()


def press(app: AppTest, opener: str, key: str, text: str | None = None) -> AppTest:
    """Press a button of what `opener` asks: in a browser that is a run of its own part alone."""
    app.button(key=opener).click().run()
    app.button(key=opener).click()
    if text is not None:
        app.text_input[0].set_value(text)
    app.button(key=key).click()
    return app.run()


def test_a_visitor_finds_their_own_writing_and_no_others(sqlite_engine, tmp_path):
    record_answer(sqlite_engine, a_writing("He11o", session_id=ME), "Hello")
    record_drawing(sqlite_engine, a_writing("secret"))
    record_drawing(sqlite_engine, a_drawing(session_id=ME))

    app = opened(history, sqlite_engine, folder=str(tmp_path))

    assert not app.exception
    words = shown(app)
    assert "<b>He11o</b>" in words
    assert "misread, it is “Hello”" in words
    assert "secret" not in words
    assert "1 to 1 of 1" in words


def test_what_the_store_holds_as_text_is_escaped(sqlite_engine, tmp_path):
    record_answer(sqlite_engine, a_writing("<b>&", session_id=ME), "<script>")

    words = shown(opened(history, sqlite_engine, folder=str(tmp_path)))

    assert "&lt;b&gt;&amp;" in words
    assert "&lt;script&gt;" in words
    assert "<script>" not in words


def test_an_author_answers_corrects_and_takes_back(sqlite_engine, tmp_path):
    writing = a_writing("He11o", session_id=ME)
    record_drawing(sqlite_engine, writing)
    app, key = opened(history, sqlite_engine, folder=str(tmp_path)), writing.id.hex

    press(app, f"written_answer_{key}", f"written_save_{key}", " Hello ")
    answered = read_answer(sqlite_engine, writing.id)
    press(app, f"written_answer_{key}", f"written_none_{key}")
    refused = read_answer(sqlite_engine, writing.id)
    press(app, f"written_answer_{key}", f"written_back_{key}")

    assert not app.exception
    assert (answered, refused) == ("Hello", NOT_A_DIGIT)
    said = [word.answer for word in list_words(sqlite_engine, writing.id)]
    assert said == ["Hello", NOT_A_DIGIT, None]


def test_an_author_deletes_writing_after_one_more_question(sqlite_engine, tmp_path):
    writing = a_writing(session_id=ME)
    record_answer(sqlite_engine, writing, "Hello")
    app = opened(history, sqlite_engine, folder=str(tmp_path))

    app.button(key=f"written_delete_{writing.id.hex}").click().run()
    before = count_writings(sqlite_engine, Filters())
    press(app, f"written_delete_{writing.id.hex}", "history_yes")

    assert (before, count_writings(sqlite_engine, Filters())) == (1, 0)


def test_statistics_of_texts_do_not_mix_with_digits(engine):
    for read, right in (("Hello", "Hello"), ("O1", "01"), ("zz", NOT_A_DIGIT)):
        record_answer(engine, a_writing(read), right)
    record_answer(engine, a_drawing(predicted=7), 7)

    app, digits = opened(statistics, engine), opened(statistics, engine, "One digit")

    assert not app.exception
    numbers = {metric.label: metric.value.replace("\u00a0", " ") for metric in app.metric}
    assert numbers["Drawings"] == "3"
    assert numbers["Texts read right"] == "50.0 %"
    assert numbers["Character errors"] == "14.3 %"
    assert [header.value for header in app.header] == [
        "What became of it",
        "Taken for another",
        "By kind",
        "By length",
        "Is 90 % sure right 9 times in 10?",
    ]
    assert '<th scope="row">0</th><td>O</td><td>1</td>' in shown(app)
    assert next(m.value for m in digits.metric if m.label == "Drawings") == "1"


def test_without_writing_both_pages_say_what_to_do(sqlite_engine, tmp_path):
    for kind in ("Writing", "One character"):
        for page, values in ((statistics, {}), (history, {"folder": str(tmp_path)})):
            app = opened(page, sqlite_engine, kind, **values)

            assert not app.exception
            assert "Draw page" in app.info[0].value
            assert not app.metric
