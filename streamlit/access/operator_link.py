"""The link that makes whoever opens it the operator, where no password is set."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

PATH = "/operator"
MOST_BROWSERS = 50  # that the link opened; the oldest is signed out first
TOKEN_BYTES = 32


class OperatorLink:
    """A token that is good until the server ends, and the browsers that came with it.

    Each browser gets a secret of its own for its cookie, so that it can be signed out, and so that
    a cookie does not give the link away.
    """

    def __init__(self) -> None:
        """Make the token; it is nowhere but here and in what `token` is given to."""
        self._token = secrets.token_urlsafe(TOKEN_BYTES)
        self._browsers: OrderedDict[bytes, None] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def token(self) -> str:
        """The secret of the link."""
        return self._token

    def redeem(self, token: str) -> str | None:
        """Return a browser's own secret in exchange for the link's; None for another token."""
        if not hmac.compare_digest(_digest(token), _digest(self._token)):
            return None
        cookie = secrets.token_urlsafe(TOKEN_BYTES)
        with self._lock:
            self._browsers[_digest(cookie)] = None
            while len(self._browsers) > MOST_BROWSERS:
                self._browsers.popitem(last=False)
        return cookie

    def knows(self, cookie: str | None) -> bool:
        """Return whether a browser's cookie is one that the link has given out."""
        if not cookie:
            return False
        with self._lock:  # by digest: how far two secrets agree cannot be timed
            return _digest(cookie) in self._browsers

    def forget(self, cookie: str) -> None:
        """Sign a browser out."""
        with self._lock:
            self._browsers.pop(_digest(cookie), None)


@cache
def operator_link() -> OperatorLink:
    """Return the link of this process, the same for its server and its pages."""
    return OperatorLink()


def cookie_name(port: int) -> str:
    """Return the cookie's name: browsers tell hosts apart, but not the ports of one host."""
    return f"inkling_operator_{port}"


def is_of_our_page(headers: Mapping[str, str]) -> bool:
    """Return whether a connection was opened by a page of ours, or by no page at all.

    A browser sends a cookie of `localhost` to every port of it, also for a page of another server
    there; what such a page opens says so in its Origin.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    origin = lower.get("origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc == lower.get("host")
    except ValueError:
        return False


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
