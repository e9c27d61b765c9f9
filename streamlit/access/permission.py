"""Comparing passwords, slowing those who guess, and who sits at the machine itself."""

from __future__ import annotations

import hmac
import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from serving.connections.addresses import limited_as

# Headers that a reverse proxy adds: behind one, every visitor seems to come from this machine.
PROXY_HEADERS = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
MOST_ADDRESSES = 10_000  # remembered at once; the longest quiet are forgotten first
FORGET_AFTER_S = 15 * 60


def is_right_password(given: str, expected: str) -> bool:
    """Compare a typed password with the operator's, in the same time wherever the two differ."""
    return hmac.compare_digest(_digest(given), _digest(expected))


@dataclass
class _Count:
    """Wrong passwords of one kind of guesser, and when the last one came."""

    wrong: int = 0
    last_s: float = -math.inf

    def add(self, now_s: float) -> int:
        if now_s - self.last_s >= FORGET_AFTER_S:
            self.wrong = 0
        self.wrong += 1
        self.last_s = now_s
        return self.wrong


@dataclass
class WrongTries:
    """Wrong passwords so far, by address and in all, and how long the next "no" takes.

    Nothing here stands before a comparison: a right password is never slowed or refused, however
    many wrong ones came, from its own address or others. After 15 quiet minutes all is forgotten.
    """

    clock: Callable[[], float] = time.monotonic
    _by_address: OrderedDict[str, _Count] = field(default_factory=OrderedDict, init=False)
    _in_all: _Count = field(default_factory=_Count, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def record(self, address: str) -> float:
        """Count one wrong password; return the seconds until its sender is told that it was."""
        with self._lock:
            now_s, key = self.clock(), limited_as(address)
            count = self._by_address.setdefault(key, _Count())
            self._by_address.move_to_end(key)
            while len(self._by_address) > MOST_ADDRESSES:
                self._by_address.popitem(last=False)
            # Three slips cost nothing, then 1, 2, 4 ... 60 s; from everywhere together twenty, and
            # 10 s at most: an operator who mistypes during an attack is among those.
            mine = _wait_s(count.add(now_s), free=3, longest_s=60)
            return max(mine, _wait_s(self._in_all.add(now_s), free=20, longest_s=10))


def comes_from_this_machine(address: str | None, headers: Mapping[str, str]) -> bool:
    """Return whether a browser seems to run on the machine that the dashboard runs on.

    address: of the connection, None for loopback (as `st.context.ip_address` says it).
    headers: of the request that opened the session, names in any case.

    For words alone ("kept on this computer"), never for a permission: a forwarder that rewrites
    Host looks just the same.
    """
    if address is not None and not _is_loopback(address):
        return False
    lower = {name.lower(): value for name, value in headers.items()}
    if any(name in lower for name in PROXY_HEADERS):
        return False
    host, origin = lower.get("host"), lower.get("origin")
    if not host or not _is_loopback(_host_name(f"//{host}")):
        return False
    return origin is None or _is_loopback(_host_name(origin))


def _wait_s(wrong: int, *, free: int, longest_s: float) -> float:
    over = wrong - free
    # The exponent is bounded so that a long attack cannot overflow it.
    return 0.0 if over <= 0 else float(min(2 ** min(over - 1, 30), longest_s))


def _host_name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:  # a bracket without its other half
        return None


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
    return bool((mapped or address).is_loopback)


def _digest(password: str) -> bytes:
    """Return bytes of one length for every password, so that not even its length shows."""
    return hmac.digest(b"inkling operator", password.encode("utf-8", "surrogatepass"), "sha256")
