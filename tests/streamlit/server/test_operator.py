"""A real server, and visitors whom it could take for its operator."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import URL
from websockets.exceptions import InvalidStatus

from feedback.connection.engine import open_engine
from tests.browser.dashboard import Dashboard
from tests.feedback.sample_drawings import a_drawing, keep
from tests.postgres import environ_of, settings_of
from tests.streamlit.server.served_store import PASSWORD, SESSION, post
from tests.streamlit.server.socket_visitor import SocketVisitor, forwarder

AGAIN = "Try again."


def test_a_plain_forwarder_that_says_localhost_sees_only_its_own(open_dashboard):
    with (
        forwarder(open_dashboard.port, host_line=f"localhost:{open_dashboard.port}") as port,
        SocketVisitor(port, "history", {"Host": "inkling.example.org"}) as visitor,
    ):
        assert not visitor.sees_drawings()
        assert "who comes by the link" in visitor.text


def test_a_socket_without_origin_to_localhost_sees_only_its_own(open_dashboard):
    with SocketVisitor(open_dashboard.port, "history") as visitor:
        assert not visitor.sees_drawings()


def test_a_proxy_that_adds_no_header_sees_only_its_own(open_dashboard):
    host = f"localhost:{open_dashboard.port}"
    headers = {"Host": host, "Origin": f"http://{host}"}

    with SocketVisitor(open_dashboard.port, "history", headers) as visitor:
        assert not visitor.sees_drawings()


@pytest.mark.parametrize("forwarded", [True, False], ids=["forwarder", "on the machine itself"])
def test_where_a_password_is_set_it_is_asked_for_everywhere(locked, forwarded):
    with (
        forwarder(locked.port, host_line=f"localhost:{locked.port}") as port,
        SocketVisitor(port if forwarded else locked.port, "history") as visitor,
    ):
        assert not visitor.sees_drawings()

        visitor.sign_in(PASSWORD)

        assert visitor.sees_drawings()


def test_whoever_came_by_the_link_sees_everyones_drawings(open_dashboard, cookie):
    with SocketVisitor(open_dashboard.port, "history", {"Cookie": cookie}) as visitor:
        assert visitor.sees_drawings()
        assert "embedded SQLite" in visitor.text


def test_a_page_of_another_server_on_this_machine_cannot_use_the_cookie(open_dashboard, cookie):
    # To a browser, all ports of localhost are one site.
    headers = {"Cookie": cookie, "Origin": "http://localhost:1"}

    with (
        pytest.raises(InvalidStatus, match="403"),
        SocketVisitor(open_dashboard.port, "history", headers),
    ):
        pass


def test_guessers_keep_nobody_out(locked):
    guessers = [{"X-Forwarded-For": f"198.51.100.{n}"} for n in range(8)]
    for headers in guessers:
        with SocketVisitor(locked.port, "history", headers) as guesser:
            for guess in range(5):
                guesser.sign_in(f"guess number {guess}")
                assert not guesser.sees_drawings()
            assert AGAIN not in guesser.text  # not told yet

    # From elsewhere, and from an address that guessed.
    for headers in ({"X-Forwarded-For": "203.0.113.5"}, guessers[0]):
        with SocketVisitor(locked.port, "history", headers) as operator:
            began_s = time.monotonic()
            operator.sign_in(PASSWORD)
            assert operator.sees_drawings()
            assert time.monotonic() - began_s < 5

    assert locked.log.count("wrong operator's password from 198.51.100.7") == 5
    assert "guess number" not in locked.log
    assert PASSWORD not in locked.log


def test_with_a_database_and_no_password_nobody_is_the_operator(postgres_url: URL, tmp_path):
    engine = open_engine(settings_of(postgres_url))
    keep(engine, [(a_drawing(session_id=SESSION), 7)])
    engine.dispose()
    environ = environ_of(postgres_url) | {"OPERATOR_PASSWORD": ""}

    with Dashboard(tmp_path, environ) as started:
        status, _ = post(f"{started.url}/operator", token="x")
        with SocketVisitor(started.port, "history") as visitor:
            shown = visitor.text
            seen = visitor.sees_drawings()

    assert not seen
    assert status in (404, 405)
    assert "nobody has been made its operator" in shown
    assert "OPERATOR_PASSWORD is not set" in started.log
