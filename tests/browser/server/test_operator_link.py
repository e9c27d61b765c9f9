"""The operator's link in a real browser: one button, and then the clean address."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from environment import ROOT
from feedback.connection.engine import open_engine
from feedback.store import Filters, list_drawings
from tests.browser.dashboard import Dashboard
from tests.postgres import settings_of, sqlite_url
from tests.streamlit.server.served_store import SESSION, a_store, link_of, settings_for, token_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def path(chromium, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_store(tmp_path_factory.mktemp("linked"))


@pytest.fixture(scope="module")
def dashboard(path: Path):
    with Dashboard(path.parent, settings_for(path)) as started:
        yield started


def test_the_links_button_leads_to_everyones_drawings_at_a_clean_address(visit, dashboard, path):
    visitor = visit(dashboard, locale="en-GB")  # a browser of its own: cookies are shared else
    page, sent, frames = visitor.page, [], []
    page.on("request", lambda request: sent.append(f"{request.url} {request.headers}"))
    page.on("websocket", lambda socket: socket.on("framesent", lambda data: frames.append(data)))
    token = token_of(link_of(path))
    link = link_of(path).replace("localhost", "127.0.0.1")
    visitor.go_to("History")
    assert page.locator(".ink-card").count() == 0

    page.goto(link)
    expect(page.get_by_role("button")).to_have_count(1)
    shown_at = page.url
    page.get_by_role("button", name="Become the operator").click()

    expect(page.locator(".ink-card")).to_have_count(1)
    assert shown_at == f"{dashboard.url}/operator"
    assert page.url == f"{dashboard.url}/history"
    assert page.evaluate("document.cookie").find("inkling_operator") == -1
    assert frames
    assert token not in "".join(sent) + str(frames) + page.content() + dashboard.log
    page.go_back()
    assert token not in page.url


def test_the_operator_signs_out_for_this_browser(visit, dashboard, path):
    visitor = visit(dashboard, locale="en-GB")
    page = visitor.page
    page.goto(link_of(path).replace("localhost", "127.0.0.1"))
    page.get_by_role("button", name="Become the operator").click()
    expect(page.locator(".ink-card")).to_have_count(1)

    visitor.button("Sign out").click()

    expect(page.locator(".ink-card")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("You have not drawn anything in this browser yet")).to_be_visible()


def test_an_old_link_says_that_it_is_old(visit, dashboard):
    visitor = visit(dashboard, locale="en-GB")
    page = visitor.page

    page.goto(f"{dashboard.url}/operator#token=of-an-earlier-start")
    page.get_by_role("button", name="Become the operator").click()

    expect(page.get_by_role("heading")).to_have_text("That link does not open anything")
    visitor.complaints.clear()  # the browser's own note of the status, 403
    assert not [one for one in page.context.cookies() if "operator" in one["name"]]


def test_a_visitors_session_is_in_no_address_no_message_and_no_log(visit, dashboard, path):
    visitor = visit(dashboard, locale="en-GB")
    page, seen = visitor.page, []

    def note(frame: str | bytes) -> None:
        seen.append(frame)

    page.on("request", lambda request: seen.append(request.url))
    page.on("websocket", lambda socket: socket.on("framereceived", note))
    page.on("websocket", lambda socket: socket.on("framesent", note))
    page.reload()
    expect(visitor.canvas).to_have_attribute("role", "img")
    visitor.draw_digit(3)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved: it is a 3")
    visitor.go_to("History")
    expect(page.locator(".ink-card")).to_have_count(1)

    engine = open_engine(settings_of(sqlite_url(path)))
    sessions = {row.session_id for row in list_drawings(engine, Filters(), limit=99)}
    engine.dispose()
    text = (
        "".join(one if isinstance(one, str) else one.decode("latin-1") for one in seen)
        + dashboard.log
    )

    (secret,) = {
        one["value"] for one in page.context.cookies() if one["name"].startswith("inkling_visitor")
    }
    assert len(sessions) == 2
    assert seen
    for session in sessions - {SESSION}:
        assert str(session) not in text
        assert session.hex not in text
    assert secret not in text + page.content()
    assert not [file for file in written_by(path) if secret.encode() in file.read_bytes()]


def written_by(path: Path) -> list[Path]:
    """Return every file beside the store: itself, its log, the spool, the server's log."""
    files = [file for file in path.parent.rglob("*") if file.is_file()]
    assert path in files
    return files


def test_a_picture_is_sent_to_an_address_that_does_not_tell_the_session(visit, dashboard):
    visitor = visit(dashboard, locale="en-GB")
    page, sent, opened = visitor.page, [], []

    def note(frame: str | bytes) -> None:
        opened.append(frame if isinstance(frame, bytes) else frame.encode())

    page.on("request", lambda request: sent.append((request.method, request.url)))
    page.on("websocket", lambda socket: socket.on("framereceived", note))
    page.reload()
    expect(visitor.canvas).to_have_attribute("role", "img")
    page.get_by_role("tab", name="Pictures").click()

    page.locator("input[type=file]").set_input_files(ROOT / "results" / "screenshots" / "draw.png")
    expect(page.get_by_alt_text("Your picture draw.png")).to_be_visible()

    (address,) = {url for method, url in sent if method in ("PUT", "POST")}
    sessions = {one for frame in opened for one in sessions_begun(frame)}
    assert "/_stcore/upload_file/" in address
    assert sessions
    assert not any(session in url for session in sessions for _, url in sent)


def sessions_begun(frame: bytes) -> list[str]:
    """Return Streamlit's own id of the session, where a message tells it."""
    message = ForwardMsg()
    message.ParseFromString(frame)
    return [message.new_session.initialize.session_id] if message.HasField("new_session") else []
