"""A real server, and visitors whom it could take for its operator."""

from __future__ import annotations

import os
import pty
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from feedback.connection.engine import open_engine
from feedback.migrate import migrate
from tests.browser.dashboard import BY_SCRIPT, BY_STREAMLIT, Dashboard
from tests.feedback.sample_drawings import a_drawing, keep
from tests.postgres import environ_of, settings_of, sqlite_url
from tests.streamlit.server.socket_visitor import SocketVisitor, forwarder

PASSWORD = "blue-black ink on laid paper"
SESSION = uuid.uuid4()  # of somebody else's drawing, which every store here holds
AGAIN = "Try again."


def a_store(folder: Path) -> Path:
    """Make an embedded store with one drawing of somebody else."""
    path = folder / "feedback.sqlite3"
    engine = open_engine(settings_of(sqlite_url(path)))
    migrate(engine)
    keep(engine, [(a_drawing(session_id=SESSION), 7)])
    engine.dispose()
    return path


def settings_for(path: Path, **more: str) -> dict[str, str]:
    return {"EMBEDDED_STORE": str(path), "OPERATOR_PASSWORD": "", "TRUSTED_PROXIES": ""} | more


def link_of(path: Path) -> str:
    return Path(f"{path}.operator-link").read_text().strip()


def token_of(link: str) -> str:
    return link.partition("#token=")[2]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def post(url: str, **fields: str) -> tuple[int, dict[str, str]]:
    """Return status and headers of the answer to a form, redirects not followed."""
    data = urllib.parse.urlencode(fields).encode()
    opener = urllib.request.build_opener(NoRedirect)
    try:
        with opener.open(url, data, timeout=20) as answer:
            return answer.status, dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_store(tmp_path_factory.mktemp("open"))


@pytest.fixture(scope="module")
def open_dashboard(path: Path) -> Iterator[Dashboard]:
    """The app over an embedded store, without a password."""
    with Dashboard(path.parent, settings_for(path)) as started:
        yield started


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The app over an embedded store, with a password, behind one proxy."""
    path = a_store(tmp_path_factory.mktemp("locked"))
    settings = settings_for(path, OPERATOR_PASSWORD=PASSWORD, TRUSTED_PROXIES="1")
    with Dashboard(path.parent, settings) as started:
        yield started


@pytest.fixture(scope="module")
def cookie(open_dashboard: Dashboard, path: Path) -> str:
    """What a browser sends that came by the link."""
    url = f"{open_dashboard.url}/operator"
    _, headers = post(url, token=token_of(link_of(path)))
    return headers["set-cookie"].split(";")[0]


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


def test_where_a_password_is_set_there_is_no_link(locked):
    assert post(f"{locked.url}/operator", token="x")[0] in (404, 405)
    assert not list(locked.folder.glob("*.operator-link"))
    assert "token" not in locked.log


def test_whoever_came_by_the_link_sees_everyones_drawings(open_dashboard, cookie):
    with SocketVisitor(open_dashboard.port, "history", {"Cookie": cookie}) as visitor:
        assert visitor.sees_drawings()
        assert "embedded SQLite" in visitor.text


def test_a_page_of_another_server_on_this_machine_cannot_use_the_cookie(open_dashboard, cookie):
    # To a browser, all ports of localhost are one site.
    headers = {"Cookie": cookie, "Origin": "http://localhost:1"}

    with SocketVisitor(open_dashboard.port, "history", headers) as visitor:
        assert not visitor.sees_drawings()


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(open_dashboard, path):
    url = f"{open_dashboard.url}/operator"

    status, headers = post(url, token=token_of(link_of(path)))

    flags = headers["set-cookie"].lower()
    assert (status, headers["location"]) == (303, "/history")
    assert "httponly" in flags
    assert "samesite=strict" in flags
    assert "secure" not in flags
    assert token_of(link_of(path)) not in str(headers)


def test_under_tls_the_cookie_goes_over_tls_alone(open_dashboard, path):
    request = urllib.request.Request(
        f"{open_dashboard.url}/operator",
        urllib.parse.urlencode({"token": token_of(link_of(path))}).encode(),
        {"X-Forwarded-Proto": "https"},
    )

    with pytest.raises(urllib.error.HTTPError) as answered:
        urllib.request.build_opener(NoRedirect).open(request, timeout=20)

    assert "secure" in answered.value.headers["set-cookie"].lower()
    answered.value.close()


@pytest.mark.parametrize("token", ["", "wrong", "x" * 5000])
def test_another_token_opens_nothing_and_is_logged_without_itself(open_dashboard, token):
    before = open_dashboard.log.count("wrong operator's link from 127.0.0.1")

    status, headers = post(f"{open_dashboard.url}/operator", token=token)

    assert status == 403
    assert "set-cookie" not in headers
    assert open_dashboard.log.count("wrong operator's link from 127.0.0.1") == before + 1
    assert not token or token not in open_dashboard.log.replace("wrong operator's", "")


def test_the_link_is_in_a_file_for_this_user_alone_and_never_in_the_log(open_dashboard, path):
    place = Path(f"{path}.operator-link")

    assert place.stat().st_mode & 0o077 == 0
    assert str(place) in open_dashboard.log
    assert token_of(link_of(path)) not in open_dashboard.log


@pytest.mark.parametrize("way", [BY_SCRIPT, BY_STREAMLIT], ids=["run_streamlit", "streamlit run"])
def test_both_ways_of_starting_print_the_link_on_a_terminal(tmp_path, way):
    path = a_store(tmp_path)
    settings = settings_for(path, STREAMLIT_SERVER_BASE_URL_PATH="ink")
    terminal, output = pty.openpty()

    with Dashboard(tmp_path, settings, way, base="/ink", output=output) as started:
        printed = os.read(terminal, 65536).decode()
        link = re.search(r"http://localhost:\d+/ink/operator#token=\S+", printed)
        assert link is not None, printed
        status, headers = post(
            f"{started.url}/ink/operator", token=token_of(link[0].rstrip("\r\n"))
        )
    os.close(output)
    os.close(terminal)

    assert f"Inkling is at http://localhost:{started.port}/ink" in printed
    assert (status, headers["location"]) == (303, "/ink/history")
    assert "path=/ink" in headers["set-cookie"].lower()
    assert not Path(f"{path}.operator-link").exists()


def test_the_file_with_the_link_goes_when_the_server_ends(tmp_path):
    path = a_store(tmp_path)

    with Dashboard(tmp_path, settings_for(path)):
        assert link_of(path)

    assert not Path(f"{path}.operator-link").exists()


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


@pytest.mark.parametrize("page", ["", "statistics", "history", "model"])
def test_no_page_shows_a_visitor_places_or_names_of_settings(open_dashboard, path, page):
    with SocketVisitor(open_dashboard.port, page) as visitor:
        for secret in (str(path.parent), path.name, "SQLite", "OPERATOR_PASSWORD", ".env", "DB_"):
            assert secret not in visitor.text
        assert "kept on this computer" in visitor.text


@pytest.mark.parametrize("page", ["", "statistics", "history", "model"])
def test_a_database_that_is_away_is_plain_words_to_visitors_and_a_reason_in_the_log(
    broken_database, page
):
    with SocketVisitor(broken_database.port, page) as visitor:
        for secret in ("127.0.0.1", "ink_answers", "PostgreSQL", "DB_HOST", "answers at its"):
            assert secret not in visitor.text
        assert "cannot be saved at the moment" in visitor.text
        if page in ("statistics", "history"):
            assert "cannot be shown at the moment" in visitor.text
            assert "database ink_answers: nothing answers at its address" in broken_database.log


@pytest.fixture(scope="module")
def broken_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The app on a database that nothing answers for."""
    environ = {
        "DB_HOST": "127.0.0.1",
        "DB_PORT": "1",
        "DB_NAME": "ink_answers",
        "DB_USER": "writer",
        "DB_PASSWORD": "s3cret-word",
        "OPERATOR_PASSWORD": "",
    }
    with Dashboard(tmp_path_factory.mktemp("broken"), environ) as started:
        yield started


def test_a_misplaced_url_is_shown_to_nobody_with_its_password(tmp_path):
    environ = {
        "DB_HOST": "postgresql://writer:s3cret-word@db.example.org:5432/ink",
        "DB_NAME": "ink",
        "DB_USER": "writer",
        "DB_PASSWORD": "other",
    }

    with (
        Dashboard(tmp_path, environ) as started,
        SocketVisitor(started.port, "history") as visitor,
    ):
        shown = visitor.received.decode("latin-1")
        log = started.log

    assert "cannot be saved at the moment" in visitor.text
    assert "DB_HOST holds a URL" in log
    assert "s3cret-word" not in shown + log
    assert "db.example.org" not in shown + log


def test_the_session_of_a_visitor_is_in_nothing_that_is_sent_or_logged(open_dashboard, cookie):
    headers = {"Cookie": cookie}
    with SocketVisitor(open_dashboard.port, "history", headers) as operator:
        assert operator.sees_drawings()
        sent = operator.received.decode("latin-1")

    for form in (str(SESSION), SESSION.hex):
        assert form not in sent
        assert form not in open_dashboard.log


def test_metrics_are_closed_unless_asked_for(open_dashboard, tmp_path):
    def status(dashboard: Dashboard, path: str) -> int:
        try:
            with urllib.request.urlopen(dashboard.url + path, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    closed = {
        status(open_dashboard, f"/_stcore/metrics{more}") for more in ("", "/", "?families=x")
    }
    environ = {"EMBEDDED_STORE": "off", "METRICS": "1", "STREAMLIT_SERVER_BASE_URL_PATH": "ink"}
    with Dashboard(tmp_path, environ, base="/ink") as asked:
        opened = status(asked, "/ink/_stcore/metrics")

    assert closed == {404}
    assert opened == 200


@pytest.mark.parametrize("way", [BY_SCRIPT, BY_STREAMLIT], ids=["run_streamlit", "streamlit run"])
def test_a_short_password_is_refused_at_start_with_a_way_to_a_good_one(tmp_path, way):
    environ = {"EMBEDDED_STORE": "off", "OPERATOR_PASSWORD": "elevenchars"}

    with pytest.raises(RuntimeError) as refused, Dashboard(tmp_path, environ, way):
        pass

    words = str(refused.value)
    assert "OPERATOR_PASSWORD has fewer than 12 characters" in words
    assert "openssl rand -hex 24" in words
    assert "elevenchars" not in words
    assert "Traceback" not in words
