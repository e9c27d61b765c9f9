"""The question whether a reading is right, and what became of the answer."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from drawing.current_drawing import Sheet
from feedback.records.rows import NOT_A_DIGIT, Answer
from store.receipt import State
from store.writer import Writer
from words.names import named

KEYS_HELP = "The keys 0 to 9 do the same, and Y says yes."
NO_DIGIT_HELP = "A letter, a scribble, a slip of the pen. The key X says the same."
NO_DIGIT_KEY = "none"
QUICK_S = 0.25  # a write that is done by then is never seen to wait
LONG_S = 6.0  # more than any write takes that is going to succeed
POLL_S = 1.0


Then = Callable[[], None]


def ask(sheet: Sheet, writer: Writer) -> None:
    """Ask about one of several drawings on the page, all in one piece."""
    name = f"{sheet.source}_{sheet.id}"
    question(sheet, writer, name)
    if sheet.prediction is not None:
        corrections(lambda: sheet, writer, name)


def question(
    sheet: Sheet,
    writer: Writer,
    name: str,
    *,
    has_keys: bool = False,
    start_again: Then | None = None,
    then: Then | None = None,
) -> None:
    """Ask whether the prediction is right: one tap for yes.

    name: of the place on the page. has_keys: whether keys answer it too, as they may one question
    of a page. start_again: what follows an answer, one tap away. then: called after an answer. The
    drawing is sent to the store from here; nothing moves when the outcome is known. For as long as
    the question is there, its answer can be changed and taken back.
    """
    if sheet.prediction is None:
        return
    read, answered = sheet.reading, sheet.answer_kept
    st.markdown(_in_words(sheet, State.WAITING if answered is None else answered.wait(QUICK_S)))
    if sheet.answer is not None:
        with st.container(horizontal=True, gap="xsmall", key=f"draw_after_{name}"):
            if start_again is not None:
                st.button(
                    "Draw another",
                    key="draw_another",
                    icon=":material/ink_pen:",
                    type="primary",
                    shortcut="N" if has_keys else None,
                    on_click=start_again,
                )
            st.button(
                "Take back",
                key=f"draw_take_back_{name}",
                type="tertiary",
                on_click=_take_back,
                args=(sheet, writer, then),
            )
    st.button(
        "Right, it is not a digit" if read is NOT_A_DIGIT else f"Yes, it is {named(read)}",
        # Named after what it says: a tap on what it said before must not say something else.
        key=f"draw_yes_{name}_{NO_DIGIT_KEY if read is NOT_A_DIGIT else read}",
        type="primary" if sheet.answer in (None, read) else "secondary",
        icon=":material/check:",
        width="stretch",
        shortcut="Y" if has_keys else None,
        on_click=_answer,
        args=(lambda: sheet, writer, read, then),
    )
    keep(sheet, writer)
    _show_trouble(sheet, writer, name)


def corrections(
    find: Callable[[], Sheet | None],
    writer: Writer,
    name: str,
    *,
    has_keys: bool = False,
    is_steady: bool = False,
    then: Then | None = None,
) -> None:
    """Offer the other answers: the ten digits, and that it is none.

    find: returns the drawing that an answer is about, at the time of the answer. is_steady: whether
    this is drawn anew for answers only, and so must not depend on what was read.
    """
    sheet = find()
    read = None if sheet is None or sheet.prediction is None else sheet.reading
    answer = None if sheet is None else sheet.answer
    with st.container(key=f"draw_answers_{name}", gap="xsmall"):
        st.caption("No, it is a …", help=KEYS_HELP if has_keys else None)
        for row in (range(5), range(5, 10)):
            with st.container(horizontal=True, gap="xsmall", key=f"draw_row_{name}_{row[0]}"):
                for digit in row:
                    st.button(
                        str(digit),
                        key=f"draw_answer_{name}_{digit}",
                        type="primary" if answer == digit != read else "secondary",
                        width="stretch",
                        shortcut=str(digit) if has_keys else None,
                        on_click=_answer,
                        args=(find, writer, digit, then),
                    )
        if read is NOT_A_DIGIT and not is_steady:
            return  # the first button says so; a steady one is hidden then, by `style.py`
        st.button(
            "Not a digit",
            key=f"draw_answer_{name}_{NO_DIGIT_KEY}",
            type="primary" if answer is NOT_A_DIGIT != read else "secondary",
            icon=":material/gesture:",
            help=NO_DIGIT_HELP if has_keys else None,
            width="stretch",
            shortcut="X" if has_keys else None,
            on_click=_answer,
            args=(find, writer, NOT_A_DIGIT, then),
        )


def _answer(
    find: Callable[[], Sheet | None], writer: Writer, answer: Answer, then: Then | None
) -> None:
    sheet = find()
    if sheet is None or sheet.prediction is None:
        return  # a key that was pressed while there is nothing to answer
    word = sheet.give_answer(answer)
    if word is not None:
        sheet.answer_kept = writer.say(sheet.to_row(), word)
    if then is not None:
        then()


def _take_back(sheet: Sheet, writer: Writer, then: Then | None) -> None:
    word = sheet.take_back()
    if word is not None:
        sheet.answer_kept = writer.say(sheet.to_row(), word)
    if then is not None:
        then()


def keep(sheet: Sheet, writer: Writer) -> None:
    """Send the newest prediction to the store, once; the page does not wait for it."""
    if sheet.prediction is not None and sheet.answer is None and sheet.kept is None:
        sheet.kept = writer.keep(sheet.to_row())


def _show_trouble(sheet: Sheet, writer: Writer, name: str) -> None:
    """Say what became of a writing that is not done by now."""
    receipt = sheet.answer_kept or sheet.kept
    if receipt is None:
        return
    state = receipt.wait(QUICK_S)
    if receipt.is_kept:
        return
    with st.container(key=f"draw_trouble_{name}"):
        if state is State.REFUSED:
            # Why stands in the log: it can name places and rules of the database.
            st.error("Not saved: it was not accepted.", icon=":material/error:")
            st.button(
                "Try again",
                key=f"draw_resend_{sheet.id}",
                icon=":material/refresh:",
                on_click=_resend,
                args=(sheet, writer),
            )
        elif state is State.DELETED and sheet.answer is None:
            st.info("This drawing was deleted, and stays so.", icon=":material/delete:")
        elif state is not State.DELETED:
            # Looks again by itself, so that "Saved" appears when the server is back.
            st.fragment(_watch, run_every=POLL_S)(sheet, writer, state)


def _resend(sheet: Sheet, writer: Writer) -> None:
    """Send once more what was refused or set aside."""
    if sheet.word is None or sheet.answer_kept is None:
        sheet.kept = None  # the next run sends it
    else:
        sheet.answer_kept = writer.say(sheet.to_row(), sheet.word)


def _in_words(sheet: Sheet, state: State) -> str:
    if sheet.answer is None:
        prediction = sheet.prediction
        is_open = prediction is not None and prediction.is_digit and not prediction.sure
        return f"**Is it {named(sheet.reading)}?**" if is_open else "**Is that right?**"
    if state is State.SAVED:
        return f":green[:material/check_circle: **Saved:** it is {named(sheet.answer)}.]"
    if state is State.OVERTAKEN:
        return "You have said something else of this drawing since; that stands."
    if state is State.DELETED:
        return "This drawing was deleted, and stays so."
    is_not = state in (State.REFUSED, State.SET_ASIDE)
    fate = "it was not saved" if is_not else "it waits to be saved"
    return f"Your answer is {_quoted(sheet.answer)}; {fate}."


def _quoted(answer: Answer) -> str:
    return f"“{answer}”" if answer is NOT_A_DIGIT else str(answer)


def _watch(sheet: Sheet, writer: Writer, shown: State) -> None:
    receipt = sheet.answer_kept or sheet.kept
    if receipt is None:
        return
    if receipt.state not in (State.WAITING, State.UNSAVED, State.SET_ASIDE):
        if receipt.state is not shown:
            st.rerun()
        return
    if receipt.state is State.WAITING:
        st.caption(":material/hourglass_top: Saving …")
        return
    what = "your answer" if sheet.answer is not None else "this drawing"
    if sheet.answer is None and sheet.answer_kept is not None:
        what = "that you took your answer back"
    if receipt.state is State.SET_ASIDE:
        st.error(f"Not saved: {what} was not accepted so far.", icon=":material/error:")
        if st.button("Try again", key=f"draw_resend_{sheet.id}", icon=":material/refresh:"):
            with st.spinner("Trying to save …"):
                _resend(sheet, writer)
                keep(sheet, writer)
                again = sheet.answer_kept or sheet.kept
                if again is not None:
                    again.wait(LONG_S)
            st.rerun()
        return
    st.warning(
        f"Not saved: {what} cannot be saved at the moment. It is held here and saved as soon as "
        "that is possible.",
        icon=":material/cloud_off:",
    )
    if st.button("Try again", key=f"draw_again_{sheet.id}", icon=":material/refresh:"):
        with st.spinner("Trying to save …"):
            if writer.check_now(LONG_S) is None:
                receipt.wait(LONG_S)
        st.rerun()
