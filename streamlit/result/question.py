"""The question whether a reading is right, and what became of the answer."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from feedback.records.rows import NOT_A_DIGIT, Answer
from result.current_drawing import Sheet
from result.keeping import QUICK_S, keep, show_trouble
from result.shown_reading import candidates
from store.receipt import State
from store.writer import Writer
from words.names import named

KEYS_HELP = "The keys 0 to 9 do the same, and Y says yes."
NO_DIGIT_HELP = "A letter, a scribble, a slip of the pen. The key X says the same."
NO_DIGIT_KEY = "none"
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
    """Ask whether the prediction is right: one tap for yes, or for the likeliest two.

    name: of the place on the page. has_keys: whether keys answer it too, as they may one question
    of a page. start_again: what follows an answer, one tap away. then: called after an answer. The
    drawing is sent to the store from here; nothing moves when the outcome is known.
    """
    if sheet.prediction is None:
        return
    first, second = _likeliest(sheet)
    if sheet.answer is None:
        if second is None:
            st.markdown("**Is that right?**")  # else the card asks
    else:
        st.markdown(_in_colour(sheet, sheet.answer))
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
            icon=":material/undo:",
            type="tertiary",
            help="The drawing is then as if you had not answered it.",
            on_click=_take_back,
            args=(sheet, writer, then),
        )
    for place, answer in enumerate(one for one in (first, second) if one is not None):
        st.button(
            f"Yes, it is {named(answer)}" if second is None else f"It is {named(answer)}",
            # Named after what it says: a tap on what it said before must not say something else.
            key=f"draw_{('yes', 'second')[place]}_{name}_{_key_of(answer)}",
            type="primary" if sheet.answer in (None, answer) else "secondary",
            icon=":material/check:" if second is None else None,
            width="stretch",
            shortcut="Y" if has_keys and place == 0 else None,
            on_click=_answer,
            args=(lambda: sheet, writer, answer, then),
        )
    keep(sheet, writer)
    show_trouble(sheet, writer, name)


def corrections(
    find: Callable[[], Sheet | None],
    writer: Writer,
    name: str,
    *,
    has_keys: bool = False,
    then: Then | None = None,
) -> None:
    """Offer the other answers: the ten digits, and that it is none.

    find: returns the drawing that an answer is about, at the time of the answer.
    """
    sheet = find()
    answer = None if sheet is None else sheet.answer
    with st.container(key=f"draw_answers_{name}", gap="xsmall"):
        st.caption("Or it is …", help=KEYS_HELP if has_keys else None)
        for row in (range(5), range(5, 10)):
            with st.container(horizontal=True, gap="xsmall", key=f"draw_row_{name}_{row[0]}"):
                for digit in row:
                    st.button(
                        str(digit),
                        key=f"draw_answer_{name}_{digit}",
                        type="primary" if answer == digit else "secondary",
                        width="stretch",
                        shortcut=str(digit) if has_keys else None,
                        on_click=_answer,
                        args=(find, writer, digit, then),
                    )
        st.button(
            "Not a digit",
            key=f"draw_answer_{name}_{NO_DIGIT_KEY}",
            type="primary" if answer is NOT_A_DIGIT else "secondary",
            icon=":material/gesture:",
            help=NO_DIGIT_HELP if has_keys else None,
            width="stretch",
            shortcut="X" if has_keys else None,
            on_click=_answer,
            args=(find, writer, NOT_A_DIGIT, then),
        )


def _likeliest(sheet: Sheet) -> tuple[Answer, Answer | None]:
    """Return what is offered first: what was read, and beside it the next where that is open."""
    prediction = sheet.prediction
    assert prediction is not None
    if prediction.several is not None:
        return NOT_A_DIGIT, None
    if prediction.is_digit and prediction.sure:
        return int(prediction.label), None
    if not prediction.is_digit:
        return int(prediction.label), NOT_A_DIGIT
    (first, _), (second, _), *_ = candidates(prediction.probabilities)
    return int(first), int(second)


def _key_of(answer: Answer) -> str:
    return NO_DIGIT_KEY if answer is NOT_A_DIGIT else str(answer)


def give_answer(sheet: Sheet, writer: Writer, answer: Answer) -> None:
    """Keep its author's word on a drawing, in place of an earlier one."""
    word = None if sheet.prediction is None else sheet.give_answer(answer)
    if word is not None:
        sheet.answer_kept = writer.say(sheet.to_row(), word)


def _answer(
    find: Callable[[], Sheet | None], writer: Writer, answer: Answer, then: Then | None
) -> None:
    sheet = find()
    if sheet is None or sheet.prediction is None:
        return  # a key that was pressed while there is nothing to answer
    give_answer(sheet, writer, answer)
    if then is not None:
        then()


def take_back(sheet: Sheet, writer: Writer) -> None:
    """Withdraw the answer: the drawing is open again."""
    word = sheet.take_back()
    if word is not None:
        sheet.answer_kept = writer.say(sheet.to_row(), word)


def _take_back(sheet: Sheet, writer: Writer, then: Then | None) -> None:
    take_back(sheet, writer)
    if then is not None:
        then()


def in_words(sheet: Sheet) -> str | None:
    """Return what became of the answer; None while there is none. Waits a moment for the store."""
    return None if sheet.answer is None else _words(sheet.answer, _state(sheet))


def _in_colour(sheet: Sheet, answer: Answer) -> str:
    state = _state(sheet)
    words = _words(answer, state)
    if state is not State.SAVED:
        return words
    return f":green[:material/check_circle: {words.replace('Saved:', '**Saved:**', 1)}]"


def _words(answer: Answer, state: State) -> str:
    if state is State.SAVED:
        return f"Saved: it is {named(answer)}."
    if state is State.OVERTAKEN:
        return "Something was said of this drawing later, and that stands."
    if state is State.DELETED:
        return "This drawing was deleted, and stays so."
    is_not = state in (State.REFUSED, State.SET_ASIDE)
    fate = "it was not saved" if is_not else "it waits to be saved"
    return f"Your answer is {_quoted(answer)}; {fate}."


def _state(sheet: Sheet) -> State:
    said = sheet.answer_kept
    if said is None:
        return State.WAITING
    state = said.wait(QUICK_S)
    if state not in (State.SAVED, State.OVERTAKEN):
        said.is_told_late = True
    return state


def _quoted(answer: Answer) -> str:
    return f"“{answer}”" if answer is NOT_A_DIGIT else str(answer)
