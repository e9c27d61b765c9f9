"""What the page says of a writing that is not done, and for how long it looks again by itself."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from store.receipt import State


def page_of(state: str, is_answer: bool, line_says_away: bool) -> None:
    """A page with one drawing; counts its runs and when it wants to be run anew."""
    from types import SimpleNamespace

    import streamlit as st

    from result import keeping
    from store.messages import note_line
    from store.receipt import Receipt, State

    st.session_state.runs = st.session_state.get("runs", 0) + 1
    if st.session_state.runs > 1:
        return
    st.session_state.looks = []
    receipt = Receipt(State(state))
    receipt.settle(State(state))
    sheet = SimpleNamespace(
        id=1,
        answer=3 if is_answer else None,
        answer_kept=receipt if is_answer else None,
        kept=None if is_answer else receipt,
    )
    note_line(says_away=line_says_away)
    look_again, keeping.look_again = (
        keeping.look_again,
        lambda s, _: st.session_state.looks.append(s),
    )
    try:
        keeping.show_trouble(sheet, None, "canvas")
    finally:
        keeping.look_again = look_again


def shown(state: State, *, is_answer: bool = False, line_says_away: bool = False) -> AppTest:
    page = AppTest.from_function(page_of, args=(state.value, is_answer, line_says_away)).run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    return " ".join(
        one.value for kind in (page.caption, page.warning, page.error, page.info) for one in kind
    )


@pytest.mark.parametrize("is_answer", [False, True])
@pytest.mark.parametrize("state", [State.SAVED, State.OVERTAKEN])
def test_of_what_is_saved_nothing_is_said_and_nobody_looks_again(state, is_answer):
    page = shown(state, is_answer=is_answer)

    assert (words(page), page.session_state.looks) == ("", [])


def test_an_answer_is_seen_to_wait_and_looked_after_in_a_second():
    page = shown(State.WAITING, is_answer=True)

    assert "Saving" in words(page)
    assert page.session_state.looks == [1.0]


def test_a_reading_that_waits_is_looked_after_later_and_without_a_word():
    page = shown(State.WAITING)

    assert words(page) == ""
    assert page.session_state.looks == [3.0]


@pytest.mark.parametrize(
    ("is_answer", "what"), [(False, "this drawing cannot"), (True, "your answer cannot")]
)
def test_what_cannot_be_saved_is_named_and_looked_after(is_answer, what):
    page = shown(State.UNSAVED, is_answer=is_answer, line_says_away=True)

    assert what in words(page)
    assert [button.label for button in page.button] == ["Try again"]
    assert page.session_state.looks == [1.0]


def test_what_is_refused_is_not_looked_after():
    page = shown(State.REFUSED)

    assert "not accepted" in words(page)
    assert page.session_state.looks == []


@pytest.mark.parametrize(
    ("state", "line_says_away", "runs"),
    [
        (State.UNSAVED, False, 2),
        (State.SAVED, True, 2),
        (State.UNSAVED, True, 1),
        (State.SAVED, False, 1),
        (State.WAITING, False, 1),
    ],
)
def test_the_whole_page_is_drawn_where_the_line_at_its_foot_says_otherwise(
    state, line_says_away, runs
):
    assert shown(state, line_says_away=line_says_away).session_state.runs == runs
