"""Signing in as the operator, and whether this session already has."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import streamlit as st

from access.browser_cookies import Cookie, values_of
from access.browser_cookies import cookie_name as pass_name
from access.browser_errand import order_cookies
from access.operator_link import cookie_name, is_of_our_page, operator_link
from access.operator_pass import KIND, cookie_of, passes
from access.permission import WrongTries, comes_from_this_machine, is_right_password
from access.visitor_address import visitor_address
from feedback.connection.settings import StoreSettings

log = logging.getLogger(__name__)

GRANTED = "access_granted"  # the pass of whoever typed the password in this session
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

    Where a password is set, nothing but that password makes an operator, typed in this session or
    by this browser within the last hours (`operator_pass`). Where none is, the link of the terminal
    does, for an embedded store alone: from whom a connection comes shows nothing, as a forwarder
    looks like the person at the machine.
    """
    if operator_password is not None:
        return any(passes().is_good(one, operator_password) for one in _passes())
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


def sign_out_button(operator_password: str | None) -> None:
    """Offer the operator to become a visitor again, in this browser."""
    st.button("Sign out", icon=":material/logout:", on_click=_sign_out, args=(operator_password,))


def _try_typed_password(expected: str) -> None:
    """Compare first, always; only what was wrong is counted, logged and told late."""
    typed = st.session_state.get(TYPED, "")
    if not typed:
        st.session_state[OUTCOME] = _Outcome("Type the password first.")
        return
    if is_right_password(typed, expected):
        granted = st.session_state[GRANTED] = passes().new(expected)
        order_cookies(cookie_of(granted))  # a browser that takes none stays in for this session
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


def end_sign_in(operator_password: str | None) -> list[Cookie]:
    """Make void what made this browser the operator's; return the cookies to take away from it."""
    if operator_password is not None:
        for one in _passes():
            passes().void(one, operator_password)
    st.session_state.pop(GRANTED, None)
    if cookie := _cookie():
        operator_link().forget(cookie)
    return [] if operator_password is None else [cookie_of(None)]


def _sign_out(operator_password: str | None) -> None:
    if cookies := end_sign_in(operator_password):
        order_cookies(*cookies)


def _passes() -> list[str]:
    """Return what may be passes: this session's own, and those that its browser brought."""
    headers = st.context.headers
    granted = st.session_state.get(GRANTED)
    own = [granted] if isinstance(granted, str) else []
    if not is_of_our_page(headers.to_dict()):
        return own
    return [*own, *values_of(headers.get_all("Cookie"), pass_name(KIND, headers.get("Host")))]


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
