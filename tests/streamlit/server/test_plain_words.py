"""What visitors of a real server read, and what stays with its operator and its log."""

from __future__ import annotations

import pytest

from tests.browser.dashboard import Dashboard
from tests.streamlit.server.served_store import SESSION
from tests.streamlit.server.socket_visitor import SocketVisitor
from tests.streamlit.store.writers import until


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
        assert until(lambda: "needs a look" in started.log)
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
