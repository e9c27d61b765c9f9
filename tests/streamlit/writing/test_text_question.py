"""The question about a text: one tap, a typed text, or that it is none."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from feedback.records.rows import NOT_A_DIGIT


def page(
    text: str, kind: str, is_writing: bool, shares: dict[str, float] | None, chosen: int | None
) -> None:
    """A page with one drawing, its question and its chosen character; `said` is what was said."""
    from uuid import UUID

    import streamlit as st
    from PIL import Image

    from model.writing.placed_characters import Character
    from model.writing.reader import Reading
    from store.receipt import Receipt, State
    from writing.one_character import show_character
    from writing.text_question import text_question
    from writing.written_sheet import WrittenSheet

    class Writer:
        def keep(self, row):
            return self._saved("keep", None)

        def say(self, row, word):
            return self._saved(row.text, word.answer)

        def _saved(self, text, answer):
            if text != "keep":
                st.session_state.said = [*st.session_state.get("said", []), answer]
            receipt = Receipt()
            receipt.settle(State.SAVED)
            return receipt

    if "sheet" not in st.session_state:
        sheet = WrittenSheet(UUID(int=1), "canvas", "strip path", kind=kind)
        found = [
            Character(one, (shares or {one: 1.0})[one], shares or {one: 1.0}, (1, 2, 9, 9))
            for one in text
            if not one.isspace()
        ]
        reading = Reading(text, 0.9, is_writing, tuple(found), is_writing)
        sheet.read(lambda: reading, [[[1, 2], [3, 4]]], [9.0])
        sheet.picture = Image.new("L", (840, 280))
        sheet.chosen = chosen
        st.session_state.sheet = sheet
    sheet = st.session_state.sheet
    text_question(sheet, Writer(), "test", start_again=lambda: None)
    show_character(sheet, "test", can_answer=sheet.answer is None)


def opened(
    text: str = "it is",
    kind: str = "writing",
    is_writing: bool = True,
    shares: dict[str, float] | None = None,
    chosen: int | None = None,
) -> AppTest:
    app = AppTest.from_function(page, args=(text, kind, is_writing, shares, chosen)).run()
    assert not app.exception
    return app


def button(app: AppTest, beginning: str):
    (found,) = [one for one in app.button if (one.key or "").startswith(beginning)]
    return found


def press(app: AppTest, beginning: str) -> AppTest:
    button(app, beginning).click()
    app.run()
    assert not app.exception
    return app


def typed(app: AppTest, text: str) -> AppTest:
    app.text_input[0].input(text)
    (save,) = [one for one in app.button if one.label.startswith("Save")]
    save.click()
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> list[object]:
    try:
        return app.session_state["said"]
    except KeyError:
        return []


def words(app: AppTest) -> str:
    return "\n".join(one.value for kind in (app.markdown, app.caption) for one in kind)


def test_yes_takes_the_whole_text():
    assert said(press(opened("it\nis"), "write_yes")) == ["it is"]


def test_a_typed_text_is_the_answer():
    assert said(typed(opened(), "  Hello   World ")) == ["Hello World"]


def test_an_empty_text_is_no_answer_and_says_what_to_do():
    from writing.text_question import EMPTY

    app = typed(opened(), "   ")

    assert said(app) == []
    assert EMPTY in words(app)


def test_that_it_is_no_writing_is_an_answer():
    app = press(opened(), "write_none")

    assert said(app) == [NOT_A_DIGIT]
    assert "no writing" in words(app)


def test_what_is_refused_offers_first_that_it_is_none():
    app = opened(is_writing=False)

    assert button(app, "write_none").proto.type == "primary"
    assert button(app, "write_yes").label == "It says “it is”"


def test_an_answer_can_be_taken_back():
    app = press(press(opened(), "write_yes"), "write_take_back")

    assert said(app) == ["it is", None]
    assert button(app, "write_yes").label == "Yes, all right"


@pytest.mark.parametrize("text", ["[a](b)", "$x$", ":red[x]", "**b**", "<i>"])
def test_what_was_typed_is_shown_as_it_is(text):
    app = typed(opened(), text)

    shown = words(app)
    assert text not in shown
    assert all(f"\\{sign}" in shown for sign in text if not sign.isalnum())


def test_a_character_that_is_put_right_is_proposed_and_saved_by_one_tap():
    app = opened("cat", shares={"c": 0.5, "a": 0.5, "t": 0.5, "o": 0.3}, chosen=1)
    press(app, "write_instead_test_1_o")

    assert said(app) == []
    assert app.text_input[0].value == "cot"
    (save,) = [one for one in app.button if one.label == "Save this text"]
    save.click()
    app.run()
    assert said(app) == ["cot"]


def test_several_characters_can_be_put_right_before_it_is_saved():
    shares = {"c": 0.5, "a": 0.5, "t": 0.5, "o": 0.3, "C": 0.2}
    app = press(opened("c at", shares=shares, chosen=1), "write_instead_test_1_o")
    app.session_state["sheet"].chosen = 0
    app.run()
    press(app, "write_instead_test_0_C")

    assert app.text_input[0].value == "C ot"


def test_after_the_answer_no_character_can_be_put_right():
    app = press(opened("cat", chosen=1), "write_yes")

    assert not [one for one in app.button if (one.key or "").startswith("write_instead")]


def test_of_one_character_the_likeliest_are_offered_with_their_shares():
    app = opened("O", "character", shares={"O": 0.5, "0": 0.3, "o": 0.195, "Q": 0.005})

    labels = [one.label for one in app.button if "· " in one.label]
    assert labels == ["O · 50 %", "0 · 30 %", "o · 20 %"]
    app = press(app, "write_other_test_0")
    assert said(app) == ["0"]


def test_another_character_than_those_offered_is_typed():
    app = typed(opened("O", "character", shares={"O": 0.9, "0": 0.1}), "Q")

    assert said(app) == ["Q"]
