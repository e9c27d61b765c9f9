"""How a page has a cookie set that no script may see: by a ticket, which a route takes once.

A page of Streamlit talks over a socket, where no cookie can be set. It gives its browser a ticket;
the browser brings it to the server's route, whose answer sets the cookies or takes them away.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import cache

from access.browser_cookies import Cookie

PATH = "/cookie"  # of the route that takes them, below the base path
GOOD_FOR_S = 20.0
MOST_TICKETS = 1000


class CookieTickets:
    """Tickets that were given out and not brought back yet; safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with none; clock: seconds that never go back."""
        self._clock = clock
        self._tickets: OrderedDict[str, tuple[float, tuple[Cookie, ...]]] = OrderedDict()
        self._lock = threading.Lock()

    def offer(self, *cookies: Cookie) -> str:
        """Return a ticket for these cookies, good once and for some seconds."""
        ticket = secrets.token_urlsafe(32)
        with self._lock:
            self._tickets[ticket] = self._clock() + GOOD_FOR_S, cookies
            while len(self._tickets) > MOST_TICKETS:
                self._tickets.popitem(last=False)
        return ticket

    def redeem(self, ticket: object) -> tuple[Cookie, ...]:
        """Return the cookies of a ticket, once; none for one that is not good (any more)."""
        with self._lock:
            due_s, cookies = self._tickets.pop(str(ticket), (0.0, ()))
            return cookies if due_s > self._clock() else ()

    def is_open(self, ticket: str) -> bool:
        """Tell whether a ticket can still be brought."""
        with self._lock:
            due_s, _ = self._tickets.get(ticket, (0.0, ()))
            return due_s > self._clock()


@cache
def cookie_tickets() -> CookieTickets:
    """Return the tickets of this process, the same for its server and its pages."""
    return CookieTickets()
