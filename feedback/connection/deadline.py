"""How long a person waits for PostgreSQL: one limit over connecting, asking and committing.

libpq's own limits cannot promise that: `connect_timeout` counts anew for every address of a host,
and nothing ends the wait for an answer from a server that has stopped. Here psycopg2 waits
through `wait`, which knows when the caller's time is up.
"""

from __future__ import annotations

import queue
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from psycopg2 import extensions

from feedback.connection import login
from feedback.connection.look import Finding, look

MOST_ADDRESSES = 4  # of one host name that are tried
READY_FOR = {
    extensions.POLL_READ: selectors.EVENT_READ,
    extensions.POLL_WRITE: selectors.EVENT_WRITE,
}
LOOK_S = 1.0  # how long finding out why a server was not reached may take
_thread = threading.local()


class DeadlineExceeded(psycopg2.OperationalError):
    """The server did not answer in time; psycopg2 has closed the connection."""


class NotReached(psycopg2.OperationalError):
    """The server was not reached, or not as the settings want it."""

    def __init__(self, finding: Finding) -> None:
        """Keep what stands in the way."""
        super().__init__(finding.value)
        self.finding = finding


class HostUnknown(psycopg2.OperationalError):
    """The host name leads nowhere."""


@contextmanager
def time_limit(limit_s: float) -> Iterator[None]:
    """Let everything that this thread asks of PostgreSQL inside take `limit_s` at most, in all.

    An inner limit can only shorten an outer one.
    """
    outer: float | None = getattr(_thread, "deadline", None)
    deadline = time.monotonic() + limit_s
    _thread.deadline = deadline if outer is None else min(outer, deadline)
    try:
        yield
    finally:
        _thread.deadline = outer


def remaining_s() -> float | None:
    """Return the seconds that are left to this thread, 0 or more; None without a limit."""
    deadline: float | None = getattr(_thread, "deadline", None)
    return None if deadline is None else max(0.0, deadline - time.monotonic())


def wait(connection: extensions.connection) -> None:
    """Wait until libpq is done, or raise `DeadlineExceeded` (psycopg2's wait callback).

    During a login it raises `login.LoginRefused` where the server turned it away.
    """
    if connection.status != extensions.STATUS_SETUP:
        _wait(connection)
        return
    login.ask_for_codes(connection)
    try:
        _wait(connection)
    except DeadlineExceeded:
        raise
    except (psycopg2.OperationalError, UnicodeDecodeError) as error:
        raise login.refusal(connection, error) from None


def _wait(connection: extensions.connection) -> None:
    while (state := connection.poll()) != extensions.POLL_OK:
        with selectors.DefaultSelector() as selector:
            selector.register(connection.fileno(), READY_FOR[state])
            left_s = remaining_s()
            if left_s == 0 or not selector.select(left_s):
                raise DeadlineExceeded("the server did not answer in time")


def connect(parameters: dict[str, Any]) -> extensions.connection:
    """Open a connection within this thread's limit, trying each address of the host in turn.

    parameters: psycopg2's. Every address that is left gets an equal share of the time that is
    left, so that one dead address does not use up all of it.
    """
    host = parameters.get("host")
    if not host or host.startswith("/"):  # a unix socket
        return _open(parameters)
    addresses = _addresses(host, parameters.get("port", 5432))
    for tried, address in enumerate(addresses, start=1):
        left_s = remaining_s()
        share_s = 3600.0 if left_s is None else left_s / (len(addresses) - tried + 1)
        try:
            with time_limit(share_s):
                return _open(parameters | {"hostaddr": address})
        except (login.LoginRefused, login.PasswordWanted):
            raise  # it has been reached: no other address will do better
        except psycopg2.OperationalError:
            if tried == len(addresses):
                raise
    raise AssertionError("a host has at least one address")


def _open(parameters: dict[str, Any]) -> extensions.connection:
    try:
        connection: extensions.connection = psycopg2.connect(**parameters)
    except (DeadlineExceeded, login.PasswordWanted):
        raise
    except login.LoginRefused:
        if _wants_tls(parameters):
            raise NotReached(Finding.TLS_WANTED) from None
        raise
    except psycopg2.OperationalError:
        raise NotReached(_look(parameters)) from None
    return connection


def _wants_tls(parameters: dict[str, Any]) -> bool:
    """Return whether a login that was refused without TLS succeeds with it.

    Neither servers nor poolers have a code of their own for that, so it is tried.
    """
    if parameters.get("sslmode") != "disable":
        return False
    try:
        psycopg2.connect(**parameters | {"sslmode": "require"}).close()
    except psycopg2.OperationalError:
        return False
    return True


def _look(parameters: dict[str, Any]) -> Finding:
    left_s = remaining_s()
    return look(parameters, LOOK_S if left_s is None else max(0.05, min(LOOK_S, left_s)))


def _addresses(host: str, port: int) -> list[str]:
    """Return the host's addresses; looking a name up can block for long, so a thread does it."""
    found: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.put(list(dict.fromkeys(str(entry[4][0]) for entry in entries)))
        except OSError as error:
            found.put(error)
        except UnicodeError:  # a name that cannot be one, such as "a..b"
            found.put(OSError(f"not a host name: {host}"))

    threading.Thread(target=look_up, name="look up database host", daemon=True).start()
    try:
        addresses = found.get(timeout=remaining_s())
    except queue.Empty:
        raise DeadlineExceeded("the host name was not looked up in time") from None
    if isinstance(addresses, OSError):
        raise HostUnknown(f"no address: {addresses}")
    return addresses[:MOST_ADDRESSES]
