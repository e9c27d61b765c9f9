"""The Draw page, the whole app around it, over a real store."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.streamlit.drawn import digit, reported
from tests.streamlit.seen import kept, labels, readings, shown, yes

CANVAS = "draw_canvas"
NOWHERE_PORT = "1"  # of the loopback interface: refuses at once


def label_of(app: AppTest) -> str | None:
    return next(iter(labels(app)), None)


def redrawn(app: AppTest, state: dict) -> AppTest:
    app.session_state[CANVAS] = state
    return app.run()


def test_an_empty_canvas_says_what_to_do_and_asks_nothing(open_app):
    app = open_app()

    assert not app.exception
    assert "Draw a digit from 0 to 9" in shown(app)
    assert label_of(app) is None
    assert not any("draw_yes" in (button.key or "") for button in app.button)


@pytest.mark.parametrize("value", [0, 2, 3, 5])
def test_a_digit_is_read_without_any_button(open_app, value):
    app = open_app(**{CANVAS: digit(value)})

    assert not app.exception
    assert label_of(app) == str(value)
    assert [name for name, *_ in readings(app)[0]["bars"]] == list("0123456789")


def test_the_page_loads_no_chart_for_ten_bars(open_app):
    app = open_app(**{CANVAS: digit(3)})

    assert app.get("plotly_chart") == []


def test_three_quick_undos_take_back_three_strokes(open_app):
    state = digit(4)
    marks = state["drawing"]["raw"]["objects"]
    three = {"drawing": state["drawing"] | {"raw": {"objects": [*marks, marks[0]]}}}
    app = open_app(**{CANVAS: three})

    for _ in range(3):  # the browser still says what it said before the first
        app.session_state[CANVAS] = three
        app.button("draw_undo").click().run()
        app.session_state[CANVAS] = three
        app.run()  # all of the page, the button included

    assert app.session_state["draw_paper"].marks == []


def test_one_tap_on_yes_is_saved_as_that_digit(open_app, embedded_store):
    app = open_app(**{CANVAS: digit(3)})

    yes(app).click().run()

    assert [row.answer for row in kept(embedded_store, 1)] == [3]
    assert "**Saved:** it is a 3" in shown(app.run())


def test_a_tap_on_yes_never_saves_another_digit_than_the_button_showed(open_app, embedded_store):
    app = open_app(**{CANVAS: digit(3)})
    before = yes(app)
    app.session_state[CANVAS] = digit(5)
    app.run()

    assert yes(app).label == "Yes, it is a 5"
    before.click().run()  # it was tapped just before it said 5

    (row,) = kept(embedded_store, 1)
    assert row.answer in (None, 3)


def test_one_tap_on_a_digit_is_saved_as_that_one(open_app, embedded_store):
    app = open_app(**{CANVAS: digit(3)})

    app.button("draw_answer_canvas_8").click().run()

    (row,) = kept(embedded_store, 1)
    assert (row.predicted, row.answer) == (3, 8)
    assert "**Saved:** it is an 8" in shown(app.run())


def test_the_strokes_of_one_drawing_are_one_row(open_app, embedded_store):
    app = open_app(**{CANVAS: digit(4, strokes=1)})
    kept(embedded_store, 1)
    redrawn(app, digit(4))
    yes(app).click().run()

    (row,) = kept(embedded_store, 1)

    assert row.predicted == 4
    assert row.revision == 2
    assert len(row.strokes) == 2


def test_a_re_run_without_a_new_stroke_reads_nothing_anew(open_app, embedded_store):
    app = open_app(**{CANVAS: digit(3)})
    for _ in range(3):
        app.run()
    yes(app).click().run()

    (row,) = kept(embedded_store, 1)

    assert row.revision == 1


def test_drawing_on_after_the_answer_is_a_new_drawing(open_app, embedded_store):
    app = open_app(**{CANVAS: digit(4, strokes=1)})
    app.button("draw_answer_canvas_4").click().run()

    redrawn(app, digit(4))

    rows = kept(embedded_store, 2)
    assert len({row.id for row in rows}) == 2
    assert {row.answer for row in rows} == {4, None}
    assert "**Is that right?**" in shown(app)


def test_a_drawing_on_an_emptied_canvas_is_a_new_one(open_app, embedded_store):
    app = open_app(**{CANVAS: digit(3)})
    kept(embedded_store, 1)

    redrawn(app, reported([]))
    emptied = label_of(app)
    redrawn(app, digit(5))

    assert emptied is None
    assert {row.predicted for row in kept(embedded_store, 2)} == {3, 5}


def test_a_dot_is_not_guessed_at_and_not_kept(open_app, embedded_store):
    app = open_app(**{CANVAS: reported([[(140, 140), (140, 140)]])})
    dot = shown(app)
    redrawn(app, digit(3))

    rows = kept(embedded_store, 1)

    assert "dot" in dot
    assert [row.predicted for row in rows] == [3]


def test_what_is_kept_can_be_drawn_again(open_app, embedded_store):
    state = digit(2)
    open_app(**{CANVAS: state})

    (row,) = kept(embedded_store, 1)

    x0, y0 = state["drawing"]["raw"]["objects"][0]["path"][0][1:]
    assert (row.source, row.weights_version.split("-")[0]) == ("canvas", "six")
    assert (row.strokes[0][0][0], row.strokes[0][1][0]) == (
        round(x0 * 255 / 280),
        round(y0 * 255 / 280),
    )
    assert row.ink_png.startswith(b"\x89PNG")
    assert row.prediction_ms > 0


def test_what_the_network_saw_and_where_it_looked_is_shown_on_request(open_app):
    app = open_app(**{CANVAS: digit(3)})
    before = shown(app)

    app.session_state["draw_ink_canvas"] = True
    app.run()

    assert not app.exception
    assert "28 by 28 pixels" not in before
    assert "28 by 28 pixels" in shown(app)
    assert "orange is what spoke for 3" in shown(app)
    assert "What the network saw, and where it looked" in [box.label for box in app.expander]


def test_a_visitor_reads_that_drawings_are_kept_and_the_operator_where(
    open_app, as_operator, embedded_store
):
    visitor, operator = shown(open_app()), shown(open_app(**as_operator))

    assert "What is saved is kept so that the reader can learn." in visitor
    assert str(embedded_store) not in visitor
    assert f"kept in embedded SQLite ({embedded_store})" in operator


def test_without_a_store_the_page_reads_and_says_that_nothing_is_kept(open_app, monkeypatch):
    monkeypatch.setenv("EMBEDDED_STORE", "off")

    app = open_app(**{CANVAS: digit(3)})

    assert label_of(app) == "3"
    assert "Drawings and answers are not kept." in shown(app)
    assert "Is that right?" not in shown(app)


def test_a_half_set_configuration_is_named_to_the_operator_and_drawings_are_still_read(
    open_app, as_operator, monkeypatch
):
    monkeypatch.setenv("DB_HOST", "db.example.org")

    visitor = open_app(**{CANVAS: digit(3)})
    operator = open_app(**as_operator)

    assert label_of(visitor) == "3"
    assert "cannot be saved at the moment" in shown(visitor)
    assert "DB_" not in shown(visitor)
    assert "DB_PASSWORD" in shown(operator)


def test_a_store_that_is_away_costs_no_prediction_and_is_named_to_the_operator(
    open_app, as_operator, monkeypatch
):
    monkeypatch.setenv("DB_HOST", "127.0.0.1")
    monkeypatch.setenv("DB_PORT", NOWHERE_PORT)
    for key in ("DB_NAME", "DB_USER", "DB_PASSWORD"):
        monkeypatch.setenv(key, "sesame")

    app = open_app(**{CANVAS: digit(3)})
    yes(app).click().run()

    assert label_of(app) == "3"
    assert "Not saved" in shown(app)
    assert "**Saved" not in shown(app)
    assert "sesame" not in shown(app)
    assert "127.0.0.1" not in shown(app)
    assert "database sesame: nothing answers at its address" in shown(open_app(**as_operator))


def test_missing_weights_are_said_in_words(open_app, as_operator, monkeypatch, tmp_path, caplog):
    monkeypatch.setenv("WEIGHTS", str(tmp_path / "none.safetensors"))

    app = open_app()

    assert not app.exception
    assert "Nothing can be read at the moment" in shown(app)
    assert str(tmp_path) not in shown(app)
    assert f"no weights at {tmp_path}" in caplog.text
    assert "No weights at" in shown(open_app(**as_operator))


def test_a_foreign_weights_file_is_said_in_words(open_app, as_operator, monkeypatch, tmp_path):
    foreign = tmp_path / "foreign.safetensors"
    foreign.write_bytes(b"\x80\x04 a pickle, perhaps")
    monkeypatch.setenv("WEIGHTS", str(foreign))

    app = open_app(**as_operator)

    assert not app.exception
    assert "foreign.safetensors" in shown(app)
    assert "foreign.safetensors" not in shown(open_app())


def test_what_was_refused_is_sent_again_when_asked(open_app, embedded_store, monkeypatch):
    monkeypatch.setattr("store.waiting.MOST_WAITING", 0)
    app = open_app(**{CANVAS: digit(3)})
    yes(app).click().run()
    refused = shown(app)
    monkeypatch.setattr("store.waiting.MOST_WAITING", 10)
    (again,) = [button for button in app.button if button.label == "Try again"]

    again.click().run()

    assert "Your answer is 3; it was not saved." in refused
    assert "Not saved" in refused
    assert [row.answer for row in kept(embedded_store, 1)] == [3]
