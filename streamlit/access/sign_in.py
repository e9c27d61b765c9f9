"""Signing in as the operator, and whether this session already has."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import streamlit as st

from access.client_address import visitor_address
from access.operator_link import cookie_name, is_of_our_page, operator_link
from access.permission import WrongTries, comes_from_this_machine, is_right_password
from feedback.connection.settings import StoreSettings

log = logging.getLogger(__name__)

GRANTED = "access_granted"
TYPED = "access_password"
OUTCOME = "access_outcome"
LOOK_EVERY_S = 0.5


@dataclass(frozen=True)
class _Outcome:
    """What a try that failed is told, and when."""

    words: str
    due_s: float = 0.0  # by the monotonic clock


@cache
def wrong_tries() -> WrongTries:
    """Return the wrong passwords of this process, which all its sessions share."""
    return WrongTries()


def is_at_the_machine() -> bool:
    """Return whether this session's browser seems to run on the dashboard's own machine."""
    return comes_from_this_machine(st.context.ip_address, st.context.headers.to_dict())


def came_by_link() -> bool:
    """Return whether this session's browser holds a cookie that the operator's link gave it."""
    return operator_link().knows(_cookie()) and is_of_our_page(st.context.headers.to_dict())


def is_operator(
    settings: StoreSettings,
    operator_password: str | None,
    by_link: Callable[[], bool] = came_by_link,
) -> bool:
    """Return whether this session may see and export everyone's drawings, places and reasons.

    Where a password is set, nothing but that password, typed in this session, makes an operator.
    Where none is, the link of the terminal does, for an embedded store alone: from whom a
    connection comes shows nothing, as a forwarder looks like the person at the machine.
    """
    if operator_password is not None:
        return st.session_state.get(GRANTED) is True
    return settings.kind == "sqlite" and by_link()


def operator_door(settings: StoreSettings, operator_password: str | None) -> None:
    """Show the way to everyone's drawings to somebody who is not the operator (yet)."""
    with st.expander("Everyone's drawings and the CSV file", icon=":material/lock:"):
        if operator_password is None:
            st.markdown(_without_password(settings))
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
        outcome: _Outcome | None = st.session_state.get(OUTCOME)
        if outcome is None:
            return
        if outcome.due_s <= time.monotonic():
            _tell(outcome)
        else:
            # The form above stays open meanwhile: the next password may be the right one.
            st.fragment(_tell_when_due, run_every=LOOK_EVERY_S)(outcome)


def sign_out_button(by_link: Callable[[], bool] = came_by_link) -> None:
    """Offer the operator to become a visitor again."""
    if st.session_state.get(GRANTED) or by_link():
        st.button("Sign out", icon=":material/logout:", on_click=_sign_out)


def _try_typed_password(expected: str) -> None:
    """Compare first, always; only what was wrong is counted, logged and told late."""
    typed = st.session_state.get(TYPED, "")
    if not typed:
        st.session_state[OUTCOME] = _Outcome("Type the password first.")
        return
    if is_right_password(typed, expected):
        st.session_state[GRANTED] = True
        st.session_state.pop(OUTCOME, None)
        return
    address = visitor_address()
    wait_s = wrong_tries().record(address)
    log.warning("wrong operator's password from %s", address)
    st.session_state[OUTCOME] = _Outcome(
        "That is not the operator's password. Try again.", time.monotonic() + wait_s
    )


def _tell(outcome: _Outcome) -> None:
    st.session_state.pop(OUTCOME, None)
    st.error(outcome.words, icon=":material/key_off:")


def _tell_when_due(outcome: _Outcome) -> None:
    if outcome.due_s <= time.monotonic():
        st.rerun()
    st.caption(":material/hourglass_top: Comparing …")


def _sign_out() -> None:
    st.session_state[GRANTED] = False
    if cookie := _cookie():
        operator_link().forget(cookie)


def _cookie() -> str | None:
    value = st.context.cookies.get(cookie_name(int(st.get_option("server.port"))))
    return None if value is None else str(value)


def _without_password(settings: StoreSettings) -> str:
    if settings.kind == "sqlite":
        return (
            "They are for the operator of this dashboard, who comes by the link that it gave when "
            "it was started, on its terminal."
        )
    return "They are for the operator of this dashboard, and nobody has been made its operator."
