"""In a Space: in the frame of another site, in a browser that keeps no cookie of a third party."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.browser.dashboard import Dashboard
from tests.browser.framed.hub import ALLOWED, HUB, HubVisitor, browser_with, show_in_hub
from tests.browser.writing.penman import Penman
from tests.model.writing.plain_hand import write

pytestmark = pytest.mark.browser
Come = Callable[..., HubVisitor]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NARROW = {"viewport": {"width": 800, "height": 900}}


class Setter(http.server.BaseHTTPRequestHandler):
    """Answers with a cookie that a browser may send from a frame, unless its user forbade that."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Set-Cookie", "kept=1; SameSite=None; Secure")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def setter() -> Iterator[str]:
    """The address of a server that sets a cookie."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Setter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def kept_from_frame(context: BrowserContext, address: str) -> list[str]:
    """Return the names of the cookies that a browser holds after the hub framed an address."""
    show_in_hub(context, address)
    page = context.new_page()
    with page.expect_response(address):
        page.goto(f"{HUB}/spaces/somebody/inkling")
    page.wait_for_load_state()
    names = [cookie["name"] for cookie in context.cookies()]
    page.close()
    context.unroute_all()
    context.clear_cookies()
    return names


def test_this_browser_keeps_no_cookie_of_a_frame_where_another_browser_does(
    playwright: Playwright, browser_of: Callable[..., BrowserContext], setter: str, tmp_path: Path
) -> None:
    with browser_with(playwright, tmp_path, ALLOWED) as another:
        assert kept_from_frame(another, setter) == ["kept"]

    assert kept_from_frame(browser_of(), setter) == []


@pytest.mark.parametrize("device", [{}, NARROW, PHONE], ids=["desk", "narrow", "phone"])
def test_a_drawing_is_read_and_the_page_says_that_nothing_is_kept(come: Come, device) -> None:
    visitor = come(**device)

    visitor.write_digit(3)

    expect(visitor.label).to_have_text("3")
    expect(visitor.view.get_by_text("Drawings and answers are not kept.")).to_be_visible()
    assert visitor.context.cookies() == []


def test_where_nothing_is_kept_a_reading_is_explained_all_the_same(come: Come) -> None:
    visitor = come()
    offer = visitor.view.get_by_text("What the network saw, and where it looked")
    expect(offer).to_be_hidden()

    visitor.draw_digit(3)
    expect(offer).to_be_visible()
    offer.click()

    expect(visitor.view.locator(".inkling-seeing img").first).to_be_visible()
    visitor.clear()
    expect(offer).to_be_hidden()


def test_a_picture_is_sent_and_read(come: Come) -> None:
    visitor = come()

    visitor.send_picture_of(7)

    expect(visitor.label.last).to_have_text("7")
    assert visitor.context.cookies() == []


def test_words_are_read_in_the_frame(come: Come) -> None:
    penman = Penman(come())

    penman.write(write("174"))

    expect(penman.text).to_have_text("174")


def test_one_session_goes_from_drawing_to_drawing_and_from_page_to_page(come: Come) -> None:
    visitor = come()
    visitor.draw_digit(3)
    visitor.clear()
    visitor.draw_digit(5)
    expect(visitor.label).to_have_text("5")

    for page in ("Statistics", "History", "Model"):
        visitor.go_to(page)
    visitor.go_to("Draw")
    visitor.clear()
    visitor.draw_digit(8)

    expect(visitor.label).to_have_text("8")


def test_history_tells_of_no_cookie(come: Come) -> None:
    visitor = come()

    visitor.go_to("History")

    expect(visitor.view.get_by_text("No cookie: your browser sends none from here")).to_be_visible()


def test_the_page_is_dark_in_the_frame_where_the_system_is(come: Come) -> None:
    visitor = come(color_scheme="dark")

    visitor.wait_until_themed("dark")


def test_with_a_store_each_session_is_a_visitor_of_its_own(come: Come, tmp_path: Path) -> None:
    settings = {"EMBED_ORIGINS": HUB, "EMBEDDED_STORE": str(tmp_path / "kept.sqlite3")}
    with Dashboard(tmp_path, settings) as keeping:
        visitor = come(keeping)
        visitor.draw_digit(3)
        visitor.say_yes()
        expect(visitor.question).to_contain_text("Saved: it is a 3")
        visitor.go_to("History")
        expect(visitor.view.locator(".ink-card")).to_have_count(1)

        other = come(keeping)
        other.go_to("History")

        expect(other.view.get_by_text("You have not drawn anything")).to_be_visible()
        assert visitor.context.cookies() == []
        for one in (visitor, other):
            one.page.goto("about:blank")  # before the socket goes away


def test_no_other_site_than_the_hub_shows_it(
    browser_of: Callable[..., BrowserContext], space: Dashboard
) -> None:
    page = browser_of().new_page()
    page.route(
        "https://elsewhere.example/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f"<iframe src='http://localhost:{space.port}/'></iframe>",
        ),
    )
    page.context.grant_permissions(["local-network-access"], origin="https://elsewhere.example")

    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto("https://elsewhere.example/")

    assert page.frame_locator("iframe").locator(".stApp").count() == 0
    page.close()
