"""The question whether a text is right: yes, another text, or that it is no writing."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from feedback.records.rows import NOT_A_DIGIT
from feedback.records.writing_rows import LONGEST_ANSWER, TextAnswer
from result.keeping import QUICK_S, keep, show_trouble
from result.shown_reading import as_percentage
from store.receipt import State
from store.writer import Writer
from writing.shown_text import spelt
from writing.written_sheet import WrittenSheet

Then = Callable[[], None]
NOTHING = {"writing": "No writing", "character": "No letter or digit"}
FIELDS = {"writing": "The right text", "character": "The right character"}
EMPTY = "Type what it says first; for a scribble there is a button of its own."
MOST_LIKELY = 5  # characters that are offered
LEAST_SHARE = 0.01


def text_question(
    sheet: WrittenSheet,
    writer: Writer,
    name: str,
    *,
    start_again: Then | None = None,
) -> None:
    """Ask whether the reading is right; one tap or a typed text answers.

    name: of the place on the page. start_again: what follows an answer. The drawing is sent to the
    store from here.
    """
    if sheet.prediction is None:
        return
    if sheet.answer is not None:
        _answered(sheet, writer, name, start_again)
    elif sheet.kind == "character":
        _ask_character(sheet, writer, name)
    else:
        _ask_text(sheet, writer, name)
    keep(sheet, writer)
    show_trouble(sheet, writer, name)


def give_text(sheet: WrittenSheet, writer: Writer, answer: TextAnswer) -> None:
    """Keep its author's word on a drawing, in place of an earlier one."""
    word = None if sheet.prediction is None else sheet.give_answer(answer)
    if word is not None:
        sheet.answer_kept = writer.say(sheet.to_row(), word)


def take_text_back(sheet: WrittenSheet, writer: Writer) -> None:
    """Withdraw the answer: the drawing is open again."""
    word = sheet.take_back()
    if word is not None:
        sheet.draft = None
        sheet.answer_kept = writer.say(sheet.to_row(), word)


def _ask_text(sheet: WrittenSheet, writer: Writer, name: str) -> None:
    assert sheet.prediction is not None
    read = " ".join(sheet.prediction.text.split())
    draft = read if sheet.draft is None else sheet.draft
    is_changed = draft != read
    with st.container(key=f"write_question_{name}"):
        if not is_changed:
            with st.container(horizontal=True, gap="small", key=f"write_answers_{name}"):
                st.button(
                    "Yes, all right"
                    if sheet.prediction.is_writing
                    else f"It says “{_short(read)}”",
                    key=f"write_yes_{name}_{sheet.revision}",
                    type="primary" if sheet.prediction.is_writing else "secondary",
                    icon=":material/check:",
                    help="Enter says the same.",
                    width="stretch",
                    on_click=give_text,
                    args=(sheet, writer, read),
                )
                _nothing(sheet, writer, name)
        _field(sheet, writer, name, draft, is_changed=is_changed)


def _ask_character(sheet: WrittenSheet, writer: Writer, name: str) -> None:
    assert sheet.prediction is not None
    (character,) = sheet.prediction.characters
    ranked = sorted(character.probabilities.items(), key=lambda item: -item[1])
    offered = [one for one in ranked[:MOST_LIKELY] if one[1] >= LEAST_SHARE] or ranked[:1]
    is_sure = sheet.prediction.sure
    with st.container(key=f"write_question_{name}"):
        st.markdown("**Is that right?**" if is_sure else "**Which is it?**")
        with st.container(horizontal=True, gap="xsmall", key=f"write_answers_{name}"):
            for place, (label, share) in enumerate(offered):
                st.button(
                    f"{label} · {as_percentage(share)}",
                    key=f"write_{'yes' if place == 0 else 'other'}_{name}_{label}_{sheet.revision}",
                    type="primary" if place == 0 and sheet.prediction.is_writing else "secondary",
                    help=f"It is {spelt(label)}.",
                    on_click=give_text,
                    args=(sheet, writer, label),
                )
            _nothing(sheet, writer, name)
        _field(sheet, writer, name, "", is_changed=False)


def _nothing(sheet: WrittenSheet, writer: Writer, name: str) -> None:
    assert sheet.prediction is not None
    st.button(
        NOTHING[sheet.kind],
        key=f"write_none_{name}",
        icon=":material/gesture:",
        type="secondary" if sheet.prediction.is_writing else "primary",
        help="A scribble, a shape, a slip of the pen.",
        on_click=give_text,
        args=(sheet, writer, NOT_A_DIGIT),
    )


def _field(sheet: WrittenSheet, writer: Writer, name: str, draft: str, *, is_changed: bool) -> None:
    """Offer a field for the right text: Enter saves it."""
    key = f"write_text_{name}_{sheet.revision}_{draft}"

    def save() -> None:
        typed = " ".join(str(st.session_state.get(key) or "").split())
        sheet.problem_with_text = None if typed else EMPTY
        if typed:
            give_text(sheet, writer, typed)

    with (
        st.form(f"write_form_{name}", border=False, enter_to_submit=True),
        st.container(horizontal=True, gap="small", vertical_alignment="bottom"),
    ):
        st.text_input(
            FIELDS[sheet.kind],
            value=draft,
            key=key,
            max_chars=1 if sheet.kind == "character" else LONGEST_ANSWER,
            placeholder="Type it, and press Enter",
            autocomplete="off",
        )
        st.form_submit_button(
            "Save this text" if sheet.kind == "writing" else "Save",
            type="primary" if is_changed else "secondary",
            on_click=save,
        )
    if sheet.problem_with_text is not None:
        st.caption(f":material/info: {sheet.problem_with_text}")


def _answered(sheet: WrittenSheet, writer: Writer, name: str, start_again: Then | None) -> None:
    state = _state(sheet)
    words = in_words(sheet, state)
    if state is State.SAVED:
        words = f":green[:material/check_circle: {words}]"
    with st.container(
        horizontal=True, gap="small", vertical_alignment="center", key=f"write_answered_{name}"
    ):
        st.markdown(words)
        if start_again is not None:
            st.button(
                "Draw another",
                key=f"write_another_{name}",
                icon=":material/ink_pen:",
                type="primary",
                on_click=start_again,
            )
        st.button(
            "Take back",
            key=f"write_take_back_{name}",
            icon=":material/undo:",
            type="tertiary",
            help="The drawing is then as if you had not answered it.",
            on_click=take_text_back,
            args=(sheet, writer),
        )


def in_words(sheet: WrittenSheet, state: State) -> str:
    """Return what became of the answer, as Markdown: what its author typed is only shown."""
    said = "no writing" if sheet.answer is NOT_A_DIGIT else f"“{escaped(str(sheet.answer))}”"
    if state is State.SAVED:
        return f"**Saved:** {said}."
    if state is State.OVERTAKEN:
        return "Something was said of this drawing later, and that stands."
    if state is State.DELETED:
        return "This drawing was deleted, and stays so."
    is_not = state in (State.REFUSED, State.SET_ASIDE)
    return f"Your answer is {said}; {'it was not saved' if is_not else 'it waits to be saved'}."


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is: no link, picture, formula or colour."""
    return "".join(f"\\{one}" if not one.isalnum() and not one.isspace() else one for one in text)


def _state(sheet: WrittenSheet) -> State:
    said = sheet.answer_kept
    if said is None:
        return State.WAITING
    state = said.wait(QUICK_S)
    if state not in (State.SAVED, State.OVERTAKEN):
        said.is_told_late = True
    return state


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:19]}…"
