"""Who a visitor is: one browser, by a secret in its cookie; without cookies, one session.

The secret stays between the browser and this server. What is kept of it, and all that pages, logs
and messages ever hold, is the first half of its SHA-256, as a UUID.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterable
from functools import cache
from uuid import UUID, uuid4

import streamlit as st

from access.browser_cookies import Cookie, cookie_name, values_of

KIND = "inkling_visitor"
KEPT_S = 30 * 24 * 60 * 60  # from the latest visit on
SECRET_BYTES = 24
SECRET = re.compile(r"[A-Za-z0-9_-]{32}")  # what that many bytes look like
SESSION_KEY, BY_COOKIE = "visitor_id", "visitor_has_cookie"
MOST_FORGOTTEN = 10_000


def new_secret() -> str:
    """Return a secret of 192 random bits for a browser that has none."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_in(cookie_headers: Iterable[str], host: str | None) -> str | None:
    """Return a browser's secret; None where it sends none, or none that we could have made.

    cookie_headers: each `Cookie` of its request; host: the request's `Host`.
    """
    given = values_of(cookie_headers, cookie_name(KIND, host))
    return next((value for value in given if SECRET.fullmatch(value)), None)


def visitor_of(secret: str) -> UUID:
    """Return who a secret stands for: the first 16 of the 32 bytes of its SHA-256.

    The secret cannot be worked out from it, and half a digest is still more than anyone can guess.
    """
    return UUID(bytes=hashlib.sha256(secret.encode()).digest()[:16])


def cookie_of(secret: str | None) -> Cookie:
    """Return the cookie that keeps a visitor's secret, or with None takes it away."""
    return Cookie(KIND, secret, "Lax", KEPT_S)


class Forgotten:
    """The visitors who asked this process to forget them; safe for threads.

    A browser that could not be told so yet, or another tab of it, comes once more with the old
    secret, and is somebody new all the same.
    """

    def __init__(self) -> None:
        """Begin with nobody."""
        self._visitors: OrderedDict[UUID, None] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, visitor: UUID) -> None:
        """Forget a visitor; who asked longest ago is no longer remembered as forgotten."""
        with self._lock:
            self._visitors[visitor] = None
            while len(self._visitors) > MOST_FORGOTTEN:
                self._visitors.popitem(last=False)

    def __contains__(self, visitor: object) -> bool:
        """Tell whether a visitor is forgotten."""
        with self._lock:
            return visitor in self._visitors


@cache
def forgotten() -> Forgotten:
    """Return the forgotten visitors of this process, the same for its server and its pages."""
    return Forgotten()


def visitor_id() -> UUID:
    """Return who this session's visitor is, the same for as long as the session lasts.

    Where the browser sends no cookie, or one of somebody who was forgotten, the session itself is
    the visitor.
    """
    if SESSION_KEY not in st.session_state:
        headers = st.context.headers
        secret = secret_in(headers.get_all("Cookie"), headers.get("Host"))
        visitor = None if secret is None else visitor_of(secret)
        is_known = visitor is not None and visitor not in forgotten()
        st.session_state[SESSION_KEY] = visitor if is_known else uuid4()
        st.session_state[BY_COOKIE] = is_known
    identity: UUID = st.session_state[SESSION_KEY]
    return identity


def has_cookie() -> bool:
    """Return whether this session's visitor is a browser's; else it ends with the session.

    In the frame of another site, and where cookies are blocked, no cookie comes along.
    """
    visitor_id()
    return bool(st.session_state[BY_COOKIE])


def is_forgotten() -> bool:
    """Return whether this session's visitor was forgotten: in it, or in another tab."""
    return visitor_id() in forgotten()
