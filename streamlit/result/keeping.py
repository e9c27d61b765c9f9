"""Sending a reading to the store, and what stands beside it while it is not saved."""

from __future__ import annotations

import streamlit as st

from result.current_drawing import Sheet
from store.messages import line_contradicts
from store.receipt import State
from store.writer import Writer

QUICK_S = 0.25  # a write that is done by then is never seen to wait
LONG_S = 6.0  # more than any write takes that is going to succeed
POLL_S = 1.0


def keep(sheet: Sheet, writer: Writer) -> None:
    """Send the newest prediction to the store, once; the page does not wait for it."""
    if sheet.prediction is None or sheet.is_on_hold:
        return
    if sheet.answer is None and sheet.kept is None:
        sheet.kept = writer.keep(sheet.to_row())


def show_trouble(sheet: Sheet, writer: Writer, name: str) -> None:
    """Say what became of a writing that is not done by now."""
    receipt = sheet.answer_kept or sheet.kept
    if receipt is None:
        return
    state = receipt.wait(QUICK_S)
    if line_contradicts(is_kept=receipt.is_kept, is_away=state is State.UNSAVED):
        st.rerun()
    if receipt.is_kept:
        if receipt.is_told_late:  # saved since those words, which nothing else would take back
            receipt.is_told_late = False
            st.rerun()
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


def _watch(sheet: Sheet, writer: Writer, shown: State) -> None:
    receipt = sheet.answer_kept or sheet.kept
    if receipt is None:
        return
    if receipt.state not in (State.WAITING, State.UNSAVED, State.SET_ASIDE):
        if receipt.state is not shown:
            receipt.is_told_late = False
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
