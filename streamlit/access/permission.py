"""Who may see everyone's drawings: the person at the machine, or whoever knows the password."""

from __future__ import annotations

import hmac
import ipaddress
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit

# Headers that a reverse proxy adds: behind one, every visitor seems to come from this machine.
PROXY_HEADERS = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class Attempt(Enum):
    """What became of a password that somebody typed."""

    GRANTED = "granted"
    WRONG = "wrong"
    TOO_EARLY = "too early"  # not even compared


@dataclass
class TryLimit:
    """Wrong passwords so far, and how long the next try has to wait.

    The first `free_tries` cost nothing; each further wrong one doubles the wait, from
    `first_wait_s` up to `longest_wait_s`. After `forget_after_s` without a wrong one all is
    forgotten, so that a stranger's guessing cannot keep the operator out for good.
    """

    free_tries: int
    first_wait_s: float
    longest_wait_s: float
    forget_after_s: float = 15 * 60
    clock: Callable[[], float] = time.monotonic
    wrong: int = field(default=0, init=False)
    last_wrong_s: float = field(default=-math.inf, init=False)
    lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def wait_s(self) -> float:
        """Return the seconds until the next try is looked at; 0 when it may come now."""
        since_s = self.clock() - self.last_wrong_s
        if since_s >= self.forget_after_s:
            self.wrong = 0
        over = self.wrong - self.free_tries
        if over < 0:
            return 0.0
        # The exponent is bounded so that a long attack cannot overflow it.
        wait_s: float = min(self.first_wait_s * 2 ** min(over, 30), self.longest_wait_s)
        return max(0.0, wait_s - since_s)

    def record_wrong(self) -> None:
        """Count one wrong password, now."""
        self.wrong += 1
        self.last_wrong_s = self.clock()


def session_limit() -> TryLimit:
    """Return the limit of one browser session: three free tries, then 2 s, 4 s, ... 5 minutes."""
    return TryLimit(free_tries=3, first_wait_s=2, longest_wait_s=300)


def process_limit() -> TryLimit:
    """Return the limit that all sessions share, since opening a new session is free.

    Its longest wait is short: it slows guessing to one try a minute, and the operator, who shares
    it, still gets in.
    """
    return TryLimit(free_tries=10, first_wait_s=1, longest_wait_s=60)


def try_password(given: str, expected: str, *, process: TryLimit, session: TryLimit) -> Attempt:
    """Compare a typed password with the operator's, unless a wait has not passed yet.

    The comparison takes the same time wherever the two differ. Threads take turns, so that a
    hundred tries sent at once do not all slip in before the first one is counted.
    """
    with process.lock:
        if max(process.wait_s(), session.wait_s()) > 0:
            return Attempt.TOO_EARLY
        if hmac.compare_digest(_digest(given), _digest(expected)):
            return Attempt.GRANTED
        process.record_wrong()
        session.record_wrong()
        return Attempt.WRONG


def comes_from_this_machine(address: str | None, headers: Mapping[str, str]) -> bool:
    """Return whether a browser runs on the machine that the dashboard runs on.

    address: of the connection, None for loopback (as `st.context.ip_address` says it).
    headers: of the request that opened the session, names in any case.

    All of it has to speak for this machine: the connection, no trace of a proxy, and the names
    under which the browser believes to reach us. Anything else counts as somebody far away.
    """
    if address is not None and not _is_loopback(address):
        return False
    lower = {name.lower(): value for name, value in headers.items()}
    if any(name in lower for name in PROXY_HEADERS):
        return False
    host, origin = lower.get("host"), lower.get("origin")
    if not host or not _is_loopback(urlsplit(f"//{host}").hostname):
        return False
    # A proxy may rewrite Host to ours; the browser's own word for where it is stays in Origin.
    return origin is None or _is_loopback(urlsplit(origin).hostname)


def _is_loopback(host: str | None) -> bool:
    if host is None:
        return False
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _digest(password: str) -> bytes:
    """Return bytes of one length for every password, so that not even its length shows."""
    return hmac.digest(b"inkling operator", password.encode("utf-8", "surrogatepass"), "sha256")
