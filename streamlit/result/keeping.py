"""Sending a reading to the store, and what stands beside it while it is not saved."""

from __future__ import annotations

import streamlit as st

from browser.looking_again import look_again
from result.current_drawing import Drawn
from store.messages import line_contradicts
from store.receipt import State
from store.writer import Writer

QUICK_S = 0.25  # a write that is done by then is never seen to wait
LONG_S = 6.0  # more than any write takes that is going to succeed
LOOK_S = 1.0  # after which the page looks again what became of an answer
# Of a reading that nobody has answered: nobody waits to hear that it is saved.
LOOK_AT_READING_S = 3.0


def keep(sheet: Drawn, writer: Writer) -> None:
    """Send the newest prediction to the store, once; the page does not wait for it."""
    if sheet.prediction is None or sheet.is_on_hold:
        return
    if sheet.answer is None and sheet.kept is None:
        sheet.kept = writer.keep(sheet.to_row())


def show_trouble(sheet: Drawn, writer: Writer, name: str) -> None:
    """Say what became of a writing that is not done by now, and look again until it is."""
    receipt = sheet.answer_kept or sheet.kept
    if receipt is None:
        return
    state = receipt.wait(QUICK_S)
    if line_contradicts(is_kept=receipt.is_kept, is_away=state is State.UNSAVED):
        st.rerun()
    is_reading = sheet.answer_kept is None
    if state in (State.WAITING, State.UNSAVED, State.SET_ASIDE):
        is_unheard = is_reading and state is State.WAITING
        look_again(LOOK_AT_READING_S if is_unheard else LOOK_S, name)
        if is_unheard:
            return
    elif receipt.is_kept:
        if receipt.is_told_late:  # saved since those words, which nothing else would take back
            receipt.is_told_late = False
            st.rerun()
        return
    elif state is State.DELETED and sheet.answer is not None:
        return
    with st.container(key=f"draw_trouble_{name}"):
        if state is State.WAITING:
            st.caption(":material/hourglass_top: Saving …")
        elif state is State.DELETED:
            st.info("This drawing was deleted, and stays so.", icon=":material/delete:")
        elif state is State.UNSAVED:
            st.warning(
                f"Not saved: {_what(sheet)} cannot be saved at the moment. It is held here and "
                "saved as soon as that is possible.",
                icon=":material/cloud_off:",
            )
            if _again(sheet):
                with st.spinner("Trying to save …"):
                    if writer.check_now(LONG_S) is None:
                        receipt.wait(LONG_S)
                st.rerun()
        elif state is State.SET_ASIDE:
            st.error(f"Not saved: {_what(sheet)} was not accepted so far.", icon=":material/error:")
            if _again(sheet):
                with st.spinner("Trying to save …"):
                    _resend(sheet, writer)
                    keep(sheet, writer)
                    sent = sheet.answer_kept or sheet.kept
                    if sent is not None:
                        sent.wait(LONG_S)
                st.rerun()
        else:
            # Why stands in the log: it can name places and rules of the database.
            st.error("Not saved: it was not accepted.", icon=":material/error:")
            if _again(sheet):
                _resend(sheet, writer)
                st.rerun()


def _again(sheet: Drawn) -> bool:
    return st.button("Try again", key=f"draw_again_{sheet.id}", icon=":material/refresh:")


def _what(sheet: Drawn) -> str:
    if sheet.answer is not None:
        return "your answer"
    return "this drawing" if sheet.answer_kept is None else "that you took your answer back"


def _resend(sheet: Drawn, writer: Writer) -> None:
    """Send once more what was refused or set aside."""
    if sheet.word is None or sheet.answer_kept is None:
        sheet.kept = None  # the next run sends it
    else:
        sheet.answer_kept = writer.say(sheet.to_row(), sheet.word)
