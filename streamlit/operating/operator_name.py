"""The name that an operator decides by, typed once and remembered by the browser."""

from __future__ import annotations

import base64
import binascii

import streamlit as st

from access.browser_cookies import OPERATOR_NAME, Cookie, cookie_name, values_of
from access.browser_errand import order_cookies
from feedback.candidates import LONGEST_NAME

NAME = "operating_name"
REMEMBERED_S = 90 * 24 * 3600


def operator_name() -> str:
    """Show where the operator's name is typed, and return it; empty while nobody has."""
    if NAME not in st.session_state:
        st.session_state[NAME] = _remembered()
    typed = st.text_input(
        "Your name",
        key=NAME,
        max_chars=LONGEST_NAME,
        placeholder="kept with what you decide",
        autocomplete="name",
        persist_state="session",
        on_change=_remember,
        width=420,
        help="Whoever asks later who decided this finds it. This browser remembers it.",
    )
    return " ".join(str(typed or "").split())


def _remember() -> None:
    name = " ".join(str(st.session_state.get(NAME) or "").split())
    coded = base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")
    order_cookies(Cookie(OPERATOR_NAME, coded or None, "Strict", REMEMBERED_S))


def _remembered() -> str:
    headers = st.context.headers
    for coded in values_of(
        headers.get_all("Cookie"), cookie_name(OPERATOR_NAME, headers.get("Host"))
    ):
        try:
            name = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
        except (binascii.Error, ValueError):  # not ours
            continue
        if name.isprintable():
            return name[:LONGEST_NAME]
    return ""
