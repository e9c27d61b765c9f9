"""The operator's sign-in as a browser keeps it: a signed pass that is good for twelve hours.

It is signed with a key made of the operator's password. So every server with the same password
takes it, none has to remember it, and with another password it is void.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
import time
from collections.abc import Callable
from functools import cache, lru_cache

from access.browser_cookies import Cookie

KIND = "inkling_signed_in"
GOOD_FOR_S = 12 * 60 * 60
SALT = b"inkling operator pass, version 1"  # the same on every server, as the key has to be
ROUNDS = 200_000  # a tenth of a second for each password that the thief of a pass would try
PASS = re.compile(r"([0-9]{1,12})\.[A-Za-z0-9_-]{22}\.[0-9a-f]{64}")


class Passes:
    """Makes passes, and knows which are good; safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Begin with none taken back; clock: seconds since 1970."""
        self._clock = clock
        self._void: dict[str, int] = {}  # what was signed out here, until it would end by itself
        self._lock = threading.Lock()

    def new(self, password: str) -> str:
        """Return a pass for whoever has just typed the password."""
        signed = f"{int(self._clock()) + GOOD_FOR_S}.{secrets.token_urlsafe(16)}"
        return f"{signed}.{_signature(password, signed)}"

    def is_good(self, value: object, password: str) -> bool:
        """Tell whether a value is a pass of this password, not over and not made void."""
        form = PASS.fullmatch(value) if isinstance(value, str) else None
        if form is None:
            return False
        signed, _, signature = form[0].rpartition(".")
        if not hmac.compare_digest(signature, _signature(password, signed)):
            return False
        with self._lock:
            return int(form[1]) > self._clock() and form[0] not in self._void

    def void(self, value: str, password: str) -> None:
        """Make a good pass void in this process; what is none is not remembered."""
        if not self.is_good(value, password):
            return
        with self._lock:
            now_s = self._clock()
            self._void = {one: end_s for one, end_s in self._void.items() if end_s > now_s}
            self._void[value] = int(value.partition(".")[0])


@cache
def passes() -> Passes:
    """Return the passes of this process, the same for all its sessions."""
    return Passes()


def cookie_of(value: str | None) -> Cookie:
    """Return the cookie that keeps a pass, or with None takes it away."""
    return Cookie(KIND, value, "Strict", GOOD_FOR_S)


def _signature(password: str, signed: str) -> str:
    return hmac.new(_key(password), signed.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=4)
def _key(password: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode("utf-8", "surrogatepass"), SALT, ROUNDS)
