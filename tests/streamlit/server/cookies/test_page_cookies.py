"""Which answers of a real server carry the visitor's cookie, and whose sessions it makes."""

from __future__ import annotations

import http.client
import re
from pathlib import Path

import pytest

from access.visitor import visitor_of
from feedback.connection.engine import open_engine
from tests.feedback.sample_drawings import a_drawing, keep
from tests.postgres import settings_of, sqlite_url
from tests.streamlit.server.cookies.asking import asked
from tests.streamlit.server.socket_visitor import SocketVisitor

PAGES = ["/", "/draw", "/statistics", "/history", "/model", "/?embed=true"]
OWN, NONE = "1 to 1 of 1, newest first", "You have not drawn anything"


def secret_of(headers: http.client.HTTPMessage) -> str:
    found = re.search(r"inkling_visitor_\d+=([A-Za-z0-9_-]{32});", headers["Set-Cookie"])
    assert found
    return found[1]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_gives_a_browser_its_cookie(open_dashboard, page):
    status, headers, _ = asked(open_dashboard, page)

    name, _, flags = headers["Set-Cookie"].partition("=")
    assert status == 200
    assert name == f"inkling_visitor_{open_dashboard.port}"
    assert flags.endswith("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax")
    assert headers["Cache-Control"] == "no-store"


def test_no_two_browsers_get_the_same(open_dashboard):
    first, second = (secret_of(asked(open_dashboard, "/")[1]) for _ in range(2))

    assert first != second


def test_a_browser_that_has_one_keeps_it_for_thirty_more_days(open_dashboard):
    secret = secret_of(asked(open_dashboard, "/")[1])
    headers = {"Cookie": f"a=b; inkling_visitor_{open_dashboard.port}={secret}"}

    renewed = asked(open_dashboard, "/history", headers=headers)[1]

    assert secret_of(renewed) == secret
    assert "Max-Age=2592000" in renewed["Set-Cookie"]


@pytest.mark.parametrize("value", ["forged", "x" * 33, "x" * 8000, ""])
def test_one_that_we_cannot_have_made_is_replaced(open_dashboard, value):
    headers = {"Cookie": f"inkling_visitor_{open_dashboard.port}={value}"}

    assert secret_of(asked(open_dashboard, "/", headers=headers)[1]) != value


def test_a_page_that_a_cache_still_has_is_given_anew(open_dashboard):
    headers = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT", "If-None-Match": "*"}

    status, answered, _ = asked(open_dashboard, "/", headers=headers)

    assert status == 200
    assert secret_of(answered)
    assert answered["ETag"] is None


def test_files_routes_and_refusals_set_no_cookie(open_dashboard):
    page = asked(open_dashboard, "/")[2].decode()
    script = re.search(r"static/js/[^\"]+\.js", page)
    assert script
    paths = [
        *("/healthz", "/readyz", "/_stcore/health", "/_stcore/host-config", "/operator"),
        *(f"/{script[0]}", "/favicon.png", "/_stcore/metrics", "//evil.example", "/history/"),
    ]

    given = {path: asked(open_dashboard, path)[1]["Set-Cookie"] for path in paths}
    given["HEAD"] = asked(open_dashboard, "/", "HEAD")[1]["Set-Cookie"]
    given["POST"] = asked(open_dashboard, "/reading", "POST", body="{}")[1]["Set-Cookie"]

    assert [path for path, line in given.items() if "inkling" in (line or "")] == []


def test_behind_https_the_cookie_goes_over_https_alone(below):
    headers = {"X-Forwarded-Proto": "https", "Host": "example.org"}

    line = asked(below, "/ink/draw", headers=headers)[1]["Set-Cookie"]

    assert line.startswith("inkling_visitor=")
    assert line.endswith("; Path=/ink; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure")


@pytest.mark.parametrize("path", ["/", "/inkling/draw", "/draw"])
def test_what_is_not_below_the_base_path_sets_no_cookie(below, path):
    assert asked(below, path)[1]["Set-Cookie"] is None


def test_a_socket_with_the_cookie_is_the_visitor_of_the_cookie(open_dashboard, path: Path):
    secret = secret_of(asked(open_dashboard, "/")[1])
    engine = open_engine(settings_of(sqlite_url(path)))
    keep(engine, [(a_drawing(session_id=visitor_of(secret)), 4)])
    engine.dispose()
    cookie = f"inkling_visitor_{open_dashboard.port}={secret}"

    with SocketVisitor(open_dashboard.port, "history", {"Cookie": cookie}) as visitor:
        assert OWN in visitor.text
        assert NONE not in visitor.text
        assert secret not in visitor.received.decode("latin-1")
    forged = cookie[:-1] + ("a" if cookie[-1] != "a" else "b")
    with SocketVisitor(open_dashboard.port, "history", {"Cookie": forged}) as stranger:
        assert NONE in stranger.text
    assert secret not in open_dashboard.log


def test_what_is_kept_of_a_visitor_does_not_open_their_drawings(open_dashboard, path: Path):
    kept = visitor_of(secret_of(asked(open_dashboard, "/")[1]))
    engine = open_engine(settings_of(sqlite_url(path)))
    keep(engine, [(a_drawing(session_id=kept), 4)])
    engine.dispose()
    cookie = f"inkling_visitor_{open_dashboard.port}={kept.hex}"

    with SocketVisitor(open_dashboard.port, "history", {"Cookie": cookie}) as thief:
        assert NONE in thief.text
