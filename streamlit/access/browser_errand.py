"""What a page asks of its browser beside showing itself: to fetch a cookie, or to begin anew."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from access.browser_cookies import Cookie
from access.cookie_tickets import PATH, cookie_tickets

TICKET = "access_ticket"

_errand = st.components.v2.component(
    "inkling_browser_errand",
    js=(Path(__file__).parent / "browser_errand.js").read_text(encoding="utf-8"),
)


def order_cookie(cookie: Cookie) -> None:
    """Have this session's browser keep a cookie, or take it away; to be called by a callback."""
    st.session_state[TICKET] = cookie_tickets().offer(cookie)


def run_errands(base: str, *, anew: bool) -> None:
    """Let the browser do what was ordered; at the end of every run of a page.

    base: the path below which the dashboard is shown. anew: whether the browser is then to empty
    what the tab kept and load the page again, in its other tabs too.
    """
    ticket: str | None = st.session_state.get(TICKET)
    if ticket is not None and not cookie_tickets().is_open(ticket):
        ticket = None
        del st.session_state[TICKET]
    _errand(
        data={"ticket": ticket, "route": base + PATH, "anew": anew, "channel": f"inkling{base}"},
        key="access_errand",
    )
