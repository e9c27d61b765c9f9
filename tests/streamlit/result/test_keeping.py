"""A writing that takes long is followed by the page, which is drawn anew where its words change."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from store.receipt import State


def follow(state: str, is_answer: bool, line_says_away: bool) -> None:
    """The page a second after it waited for a writing; counts how often it was drawn."""
    from types import SimpleNamespace

    import streamlit as st

    from result.keeping import _watch
    from store.messages import note_line
    from store.receipt import Receipt, State

    st.session_state.runs = st.session_state.get("runs", 0) + 1
    if st.session_state.runs > 1:
        return
    receipt = Receipt(State(state))
    sheet = SimpleNamespace(
        id=1,
        answer=3 if is_answer else None,
        answer_kept=receipt if is_answer else None,
        kept=None if is_answer else receipt,
    )
    note_line(says_away=line_says_away)
    _watch(sheet, None, State.WAITING)


@pytest.mark.parametrize(
    ("state", "is_answer", "line_says_away", "runs"),
    [
        (State.SAVED, False, False, 1),  # no word on the page speaks of it
        (State.SAVED, True, False, 2),  # "it waits to be saved" becomes "Saved"
        (State.REFUSED, False, False, 2),
        (State.DELETED, False, False, 2),
        (State.UNSAVED, False, False, 2),  # the line at the foot says that all is well
        (State.UNSAVED, False, True, 1),
        (State.WAITING, False, False, 1),
    ],
)
def test_the_page_is_drawn_anew_where_its_words_change(state, is_answer, line_says_away, runs):
    page = AppTest.from_function(follow, args=(state.value, is_answer, line_says_away)).run()

    assert not page.exception
    assert page.session_state.runs == runs


@pytest.mark.parametrize(("is_answer", "captions"), [(False, 0), (True, 1)])
def test_only_an_answer_is_seen_to_wait(is_answer, captions):
    page = AppTest.from_function(follow, args=(State.WAITING.value, is_answer, False)).run()

    assert len(page.caption) == captions


def test_a_reading_that_cannot_be_saved_is_said_to_be_held():
    page = AppTest.from_function(follow, args=(State.UNSAVED.value, False, True)).run()

    assert page.warning[0].value.startswith("Not saved: this drawing cannot be saved")
