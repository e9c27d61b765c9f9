"""What a page asks of its browser beside showing itself: cookies, and what its tabs let go of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import streamlit as st

from access.browser_cookies import Cookie
from access.cookie_tickets import PATH, cookie_tickets

TICKET = "access_ticket"
GONE = "access_gone"

_errand = st.components.v2.component(
    "inkling_browser_errand",
    js=(Path(__file__).parent / "browser_errand.js").read_text(encoding="utf-8"),
)


def order_cookies(*cookies: Cookie) -> None:
    """Have this session's browser keep cookies, or take them away; to be called by a callback."""
    st.session_state[TICKET] = cookie_tickets().offer(*cookies)


def let_tabs_go(drawing_ids: Iterable[UUID] = (), *, of: str | None = None) -> None:
    """Have all tabs of this session's browser drop what they hold of deleted drawings.

    drawing_ids: of single ones. of: by which mark a tab tells whose drawing it holds; then all are
    dropped that this visitor has begun until now. A drawing that a tab kept would come back with
    its next load.
    """
    gone = _gone()
    gone["ids"] += [str(one) for one in drawing_ids]
    if of is not None:
        gone["of"], gone["until"] = of, datetime.now(UTC).isoformat()


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
        data={
            "ticket": ticket,
            "route": base + PATH,
            "anew": anew,
            "gone": _gone(),
            "channel": f"inkling{base}",
        },
        key="access_errand",
    )


def _gone() -> dict[str, Any]:
    """Return what was deleted in this session; told again, it does no harm."""
    gone: dict[str, Any] = st.session_state.setdefault(GONE, {"ids": [], "of": None, "until": None})
    return gone
