"""Signing in as the operator, and whether this session already has."""

from __future__ import annotations

import math
from collections.abc import Callable

import streamlit as st

from access.permission import (
    Attempt,
    TryLimit,
    comes_from_this_machine,
    process_limit,
    session_limit,
    try_password,
)
from feedback.connection.settings import StoreSettings

GRANTED = "access_granted"
SESSION_LIMIT = "access_session_limit"
TYPED = "access_password"
OUTCOME = "access_outcome"


@st.cache_resource
def shared_limit() -> TryLimit:
    """Return the one limit of this process, which all its sessions share."""
    return process_limit()


def is_at_the_machine() -> bool:
    """Return whether this session's browser runs on the dashboard's own machine."""
    return comes_from_this_machine(st.context.ip_address, st.context.headers.to_dict())


def is_operator(
    settings: StoreSettings,
    operator_password: str | None,
    at_the_machine: Callable[[], bool] = is_at_the_machine,
) -> bool:
    """Return whether this session may see and export everyone's drawings.

    It may with the operator's password, typed in this session; an embedded store belongs to the
    person at its machine, who could open the file as well.
    """
    if settings.kind == "sqlite" and at_the_machine():
        return True
    return operator_password is not None and st.session_state.get(GRANTED) is True


def operator_door(settings: StoreSettings, operator_password: str | None) -> None:
    """Show the way to everyone's drawings to somebody who is not the operator (yet)."""
    with st.expander("Everyone's drawings and the CSV file", icon=":material/lock:"):
        if operator_password is None:
            st.markdown(_how_to_set_a_password(settings))
            return
        st.markdown("They are for the operator of this dashboard.")
        with st.form("access_form", border=False, clear_on_submit=True):
            st.text_input(
                "Operator's password",
                type="password",
                key=TYPED,
                autocomplete="current-password",
            )
            st.form_submit_button(
                "Sign in", on_click=_try_typed_password, args=(operator_password,)
            )
        if outcome := st.session_state.pop(OUTCOME, None):
            st.error(outcome, icon=":material/key_off:")


def sign_out_button() -> None:
    """Offer to become a visitor again; nothing where no password made this session operator."""
    if st.session_state.get(GRANTED):
        st.button("Sign out", icon=":material/logout:", on_click=_sign_out)


def _try_typed_password(expected: str) -> None:
    typed = st.session_state.get(TYPED, "")
    limit: TryLimit = st.session_state.setdefault(SESSION_LIMIT, session_limit())
    shared = shared_limit()
    if not typed:
        st.session_state[OUTCOME] = "Type the password first."
        return
    attempt = try_password(typed, expected, process=shared, session=limit)
    if attempt is Attempt.GRANTED:
        st.session_state[GRANTED] = True
        return
    wait_s = math.ceil(max(limit.wait_s(), shared.wait_s()))
    again = f"Try again in {wait_s} s." if wait_s else "Try again."
    st.session_state[OUTCOME] = (
        f"That is not the operator's password. {again}"
        if attempt is Attempt.WRONG
        else f"Too many wrong passwords: this one was not looked at. {again}"
    )


def _sign_out() -> None:
    st.session_state[GRANTED] = False


def _how_to_set_a_password(settings: StoreSettings) -> str:
    way = (
        "They are for the operator, and no operator's password is set. Whoever runs this "
        "dashboard sets `OPERATOR_PASSWORD` in its environment, or in the file `.env` beside its "
        "code, and starts it again; then a sign-in appears here."
    )
    if settings.kind == "sqlite":
        way += " Opened as `localhost` on the machine it runs on, it needs no password."
    return way
