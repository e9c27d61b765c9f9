"""What is kept about a visitor, in plain words, and the way to be forgotten."""

from __future__ import annotations

from uuid import UUID

import streamlit as st
from sqlalchemy import Engine

from access.browser_cookies import OPERATOR_NAME, Cookie
from access.browser_errand import order_cookies
from access.sign_in import end_sign_in
from access.visitor import cookie_of, forgotten
from feedback.connection.settings import StoreSettings
from feedback.errors import StoreUnavailable
from feedback.records.rows import Filters
from feedback.store import count_drawings, count_writings, delete_session
from store.cached_counts import count_again

ANCHOR = "what-is-kept"  # `history#what-is-kept` leads here
ASKED, PROBLEM = "forget_asked", "forget_problem"
KEPT = """
- **Each of your drawings:** its strokes, the small picture of it that the network saw, what was
  read in it and when, and what you answered. A word that you write, and the text that you answer
  with, can be personal: write nothing here that nobody may read. They are in {place}{days}, so
  that the reader can learn from them. A photo or scan itself is not kept.
- **No name and no address.** Which drawings are of one browser is told by the hash of a random
  number. {number}
- A drawing that you have begun stays in this tab until you close it.
"""
NUMBER_IN_COOKIE = (
    "The number is in a cookie of this browser, until 30 days after your latest visit."
)
NUMBER_OF_PAGE = (
    "Your browser sends no cookie from here, so the number is gone once this page is closed or "
    "loaded anew: you do not find your drawings again."
)
NOTHING_KEPT = """
- **None of your drawings:** they are read and let go.
- {cookie} A drawing that you have begun stays in this tab until you close it.
"""
COOKIE = "A random number is in a cookie of this browser, until 30 days after your latest visit."
NO_COOKIE = "No cookie: your browser sends none from here."
CANNOT_DELETE = "Your drawings cannot be deleted at the moment, so nothing was forgotten either."


def what_is_kept(
    engine: Engine | None,
    settings: StoreSettings,
    visitor: UUID,
    *,
    is_here: bool,
    in_cookie: bool = True,
    is_operators: bool = False,
    operator_password: str | None = None,
) -> None:
    """Say what is kept about this browser's visitor, and offer to forget it.

    is_here: whether the browser seems to run on the dashboard's own machine. in_cookie: whether a
    cookie tells who the visitor is; else this session does. is_operators: whether it is signed in,
    which is over once it is forgotten.
    """
    st.header("What is kept about you", anchor=ANCHOR)
    if engine is None:
        st.markdown(NOTHING_KEPT.format(cookie=COOKIE if in_cookie else NO_COOKIE))
    else:
        here = settings.kind == "sqlite" and is_here
        place = "a file on this computer" if here else "the database of whoever runs this dashboard"
        number = settings.keep_days
        days = "" if number is None else " for one day" if number == 1 else f" for {number:,} days"
        told_by = NUMBER_IN_COOKIE if in_cookie else NUMBER_OF_PAGE
        st.markdown(KEPT.format(place=place, days=days, number=told_by))
    if st.session_state.get(ASKED):
        with st.container(border=True, key="forget_choice"):
            _choice(engine, visitor, operator_password, is_operators=is_operators)
    else:
        st.button(
            "Forget me on this device", icon=":material/person_off:", key="forget", on_click=_ask
        )
    if problem := st.session_state.pop(PROBLEM, None):
        st.error(problem, icon=":material/cloud_off:")


def show_forgotten() -> None:
    """Stand in the place of a page while its browser begins anew."""
    st.title("You are forgotten on this device")
    st.info("This page begins anew in a moment, as on a first visit.", icon=":material/refresh:")


def _choice(
    engine: Engine | None, visitor: UUID, operator_password: str | None, *, is_operators: bool
) -> None:
    """Ask what becomes of the drawings; whatever is chosen, the browser is somebody new then."""
    try:
        theirs = Filters(session_id=visitor)
        number = 0
        if engine is not None:
            number = count_drawings(engine, theirs) + count_writings(engine, theirs)
    except StoreUnavailable:
        number = None
    if number == 0:
        st.markdown("Nothing that you drew is kept. This browser will be a stranger here.")
    else:
        st.markdown(
            "This browser will be a stranger here. What is not deleted now cannot be found as "
            "yours any more, by you or by anybody else."
        )
    if number is None:
        st.warning("What you drew cannot be looked for or deleted at the moment.")
    if is_operators:
        st.markdown("You are signed out as the operator, too.")
    with st.container(horizontal=True):
        if number:
            drawings = "my drawing" if number == 1 else f"my {number:,} drawings"
            st.button(
                f"Delete {drawings} and forget me",
                type="primary",
                key="forget_all",
                on_click=_delete_and_forget,
                args=(engine, visitor, operator_password),
            )
        st.button(
            "Forget me" if number == 0 else "Forget me, keep the drawings for the statistics",
            key="forget_me",
            on_click=_forget,
            args=(visitor, operator_password),
        )
        st.button("Cancel", key="forget_cancel", on_click=_cancel)


def _ask() -> None:
    st.session_state[ASKED] = True


def _cancel() -> None:
    st.session_state.pop(ASKED, None)


def _delete_and_forget(engine: Engine, visitor: UUID, operator_password: str | None) -> None:
    """Delete first: who is forgotten could not be asked a second time."""
    try:
        delete_session(engine, visitor)
    except StoreUnavailable:
        st.session_state[PROBLEM] = CANNOT_DELETE
        return
    count_again()
    _forget(visitor, operator_password)


def _forget(visitor: UUID, operator_password: str | None) -> None:
    forgotten().add(visitor)
    typed_name = Cookie(OPERATOR_NAME, None, "Strict")
    order_cookies(cookie_of(None), *end_sign_in(operator_password), typed_name)
