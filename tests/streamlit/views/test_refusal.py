"""The Draw page where the network refuses a drawing, or is not sure of it, over a real store."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from feedback.statistics import Verdict, verdict_on
from feedback.store import NOT_A_DIGIT
from model import Prediction, Recogniser
from tests.streamlit.drawn import digit
from tests.streamlit.seen import kept, readings, second, shown, yes
from tests.streamlit.views.test_upload import picture, upload

CANVAS = "draw_canvas"


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function that changes what the network says of everything from now on."""
    predict = Recogniser.predict

    def changed(**fields: Any) -> None:
        def predict_so(self: Recogniser, image: Any) -> Prediction:
            return dataclasses.replace(predict(self, image), **fields)

        monkeypatch.setattr(Recogniser, "predict", predict_so)

    return changed


def labels_of_buttons(app) -> dict[str, str]:
    return {button.key: button.label for button in app.button}


def test_a_refusal_still_has_its_bars_and_its_question(open_app, says):
    says(is_digit=False, sure=False)

    app = open_app(**{CANVAS: digit(3)})

    assert not app.exception
    (reading,) = readings(app)
    assert (reading["kind"], reading["label"]) == ("refused", "3")
    assert reading["line"] == "Looks like a 3, but I am not sure that it is a digit"
    assert reading["question"] == "Is it one?"
    assert len(reading["bars"]) == 10
    named = labels_of_buttons(app)
    assert (yes(app).label, second(app).label) == ("It is a 3", "It is not a digit")
    assert [named[f"draw_answer_canvas_{value}"] for value in range(10)] == list("0123456789")


def test_several_characters_are_told_and_kept_as_what_is_no_digit(open_app, embedded_store, says):
    says(is_digit=False, sure=False, several=3)
    app = open_app(**{CANVAS: digit(3)})

    (reading,) = readings(app)
    offered = yes(app).label
    yes(app).click().run()

    assert reading["line"] == "I see 3 characters here. Draw one digit at a time"
    assert reading["label"] == ""
    assert offered == "Yes, it is not a digit"
    (row,) = kept(embedded_store, 1)
    assert (row.is_digit, row.answer) == (False, NOT_A_DIGIT)


def test_that_a_refused_drawing_is_no_digit_is_one_tap(open_app, embedded_store, says):
    says(is_digit=False, sure=False)
    app = open_app(**{CANVAS: digit(3)})

    second(app).click().run()

    (row,) = kept(embedded_store, 1)
    assert (row.is_digit, row.answer) == (False, NOT_A_DIGIT)
    assert "**Saved:** it is not a digit" in shown(app.run())  # it is kept by now, if not before


def test_yes_to_what_a_refused_drawing_looks_like_is_that_digit_and_counts_as_refused(
    open_app, embedded_store, says
):
    says(is_digit=False, sure=False)
    app = open_app(**{CANVAS: digit(3)})

    yes(app).click().run()

    (row,) = kept(embedded_store, 1)
    assert (row.predicted, row.is_digit, row.answer) == (3, False, 3)
    assert verdict_on(row) is Verdict.REFUSED_BY_MISTAKE


def test_a_digit_that_was_refused_by_mistake_is_saved_as_that_digit(open_app, embedded_store, says):
    says(is_digit=False, sure=False)
    app = open_app(**{CANVAS: digit(3)})

    app.button("draw_answer_canvas_3").click().run()

    (row,) = kept(embedded_store, 1)
    assert (row.predicted, row.is_digit, row.answer) == (3, False, 3)
    assert "**Saved:** it is a 3" in shown(app.run())


def test_what_was_taken_for_a_digit_can_be_called_none(open_app, embedded_store):
    app = open_app(**{CANVAS: digit(3)})

    app.button("draw_answer_canvas_none").click().run()

    (row,) = kept(embedded_store, 1)
    assert (row.is_digit, row.answer) == (True, NOT_A_DIGIT)


def test_without_being_sure_the_two_likeliest_are_one_tap_each(open_app, embedded_store, says):
    shares = dict.fromkeys("0123456789", 0.0) | {"3": 0.5, "8": 0.45, "5": 0.05}
    says(sure=False, confidence=0.5, probabilities=shares)

    app = open_app(**{CANVAS: digit(3)})
    (reading,) = readings(app)
    offered = (yes(app).label, second(app).label)
    second(app).click().run()

    assert [name for name, _ in reading["candidates"]] == ["3", "8", "5"]
    assert reading["question"] == "Which is it?"
    assert offered == ("It is a 3", "It is an 8")
    assert [row.answer for row in kept(embedded_store, 1)] == [8]


def test_what_is_asked_on_the_card_is_not_asked_once_it_is_answered(open_app, says):
    says(is_digit=False, sure=False)
    app = open_app(**{CANVAS: digit(3)})

    second(app).click().run()

    assert readings(app.run())[0]["question"] == ""


def test_a_refused_picture_is_asked_about_as_kindly(open_app, embedded_store, says):
    says(is_digit=False, sure=False)
    app = upload(open_app(), ("three.png", picture(3), "image/png"))

    (none,) = [button for button in app.button if button.key.startswith("draw_second_upload")]
    none.click().run()

    (row,) = kept(embedded_store, 1)
    assert none.label == "It is not a digit"
    assert (row.source, row.is_digit, row.answer) == ("upload", False, NOT_A_DIGIT)
    assert "Looks like a 3, but I am not sure that it is a digit" in shown(app)


def test_an_answer_not_a_digit_waits_for_a_store_that_is_away(open_app, monkeypatch, says):
    says(is_digit=False, sure=False)
    monkeypatch.setenv("DB_HOST", "127.0.0.1")
    monkeypatch.setenv("DB_PORT", "1")  # refuses at once
    for key in ("DB_NAME", "DB_USER", "DB_PASSWORD"):
        monkeypatch.setenv(key, "sesame")
    app = open_app(**{CANVAS: digit(3)})

    second(app).click().run()

    assert "Your answer is “not a digit”; it waits to be saved" in shown(app)
    assert "**Saved" not in shown(app)
