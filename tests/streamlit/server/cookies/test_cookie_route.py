"""The route that takes tickets: what a page's session may have set in its browser."""

from __future__ import annotations

import json
import re

import pytest

from tests.browser.dashboard import Dashboard
from tests.streamlit.server.cookies.asking import asked
from tests.streamlit.server.socket_visitor import SocketVisitor


def brought(dashboard: Dashboard, body: str, **headers: str) -> tuple[int, str | None, bytes]:
    own = {"Content-Type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    status, answered, content = asked(dashboard, "/cookie", "POST", own, body)
    return status, answered["Set-Cookie"], content


@pytest.mark.parametrize(
    "body",
    ["", "{}", "[]", "7", "{", '{"ticket": null}', '{"ticket": "x"}', '{"ticket": ["x"]}'],
)
def test_what_is_no_ticket_sets_no_cookie(open_dashboard, body):
    assert brought(open_dashboard, body) == (200, None, b'{"set":false}')


def test_what_is_no_such_request_is_refused(open_dashboard):
    form = brought(open_dashboard, "ticket=x", Content_Type="application/x-www-form-urlencoded")
    long = brought(open_dashboard, json.dumps({"ticket": "x" * 2000}))
    foreign = brought(open_dashboard, "{}", Origin="http://elsewhere.example")
    asked_for = asked(open_dashboard, "/cookie")[1]["Set-Cookie"]

    assert [answer[0] for answer in (form, long, foreign)] == [415, 413, 403]
    assert [answer[1] for answer in (form, long, foreign)] == [None] * 3
    assert "signed_in" not in (asked_for or "")


def ticket_of(visitor: SocketVisitor) -> str:
    """Return the ticket that the latest run of a page gave its browser."""
    (ticket,) = set(re.findall(rb'"ticket": ?"([A-Za-z0-9_-]{43})"', visitor.received))
    return ticket.decode()


def test_a_ticket_makes_the_sign_in_outlive_its_session(below):
    with SocketVisitor(below.port, "history", base="/ink") as operator:
        operator.sign_in("x" * 12)
        ticket = ticket_of(operator)
        headers = {"Content-Type": "application/json", "X-Forwarded-Proto": "https"}
        body = json.dumps({"ticket": ticket})

        status, answered, _ = asked(below, "/ink/cookie", "POST", headers, body)
        again = asked(below, "/ink/cookie", "POST", headers, body)[1]["Set-Cookie"]

    line = answered["Set-Cookie"]
    cookie, _, flags = line.partition("; ")
    assert (status, again) == (200, None)
    assert flags == "Path=/ink; Max-Age=43200; HttpOnly; SameSite=Strict; Secure"
    with SocketVisitor(below.port, "history", {"Cookie": cookie}, base="/ink") as operator:
        assert operator.sees_drawings()
        assert cookie.partition("=")[2] not in operator.received.decode("latin-1")
    other_page = {"Cookie": cookie[:-1] + "0"} if cookie[-1] != "0" else {"Cookie": cookie[:-1]}
    with SocketVisitor(below.port, "history", other_page, base="/ink") as forger:
        assert not forger.sees_drawings()
    assert cookie.partition("=")[2] not in below.log
    assert ticket not in below.log
