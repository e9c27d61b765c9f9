"""Reloads, new tabs and forgetting, in a real browser: whose drawings it then shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from sqlalchemy import Engine

from feedback.connection.engine import open_engine
from feedback.store import Filters, list_drawings
from tests.browser.conftest import ARGUMENTS, find_chromium
from tests.browser.dashboard import Dashboard
from tests.browser.visitor import Visitor
from tests.postgres import settings_of, sqlite_url
from tests.streamlit.server.served_store import PASSWORD, SESSION, a_store, settings_for

pytestmark = pytest.mark.browser
DESK = {"locale": "en-GB"}  # a browser of its own
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DEVICES = pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
DOOR = "Everyone's drawings and the CSV file"


@pytest.fixture(scope="module")
def path(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_store(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="module")
def served(path: Path) -> Iterator[Dashboard]:
    """The app over an embedded store with somebody else's drawing, with a password."""
    with Dashboard(path.parent, settings_for(path, OPERATOR_PASSWORD=PASSWORD)) as started:
        yield started


@pytest.fixture
def kept(path: Path) -> Iterator[Engine]:
    """The store, to look into."""
    engine = open_engine(settings_of(sqlite_url(path)))
    yield engine
    engine.dispose()


def others(engine: Engine, *known: str) -> list[str]:
    """Return whose drawings the store holds now, those of `known` and the first one aside."""
    rows = list_drawings(engine, Filters(), limit=99)
    return [str(row.session_id) for row in rows if row.session_id not in (SESSION, *known)]


def cookie_of(visitor: Visitor) -> dict[str, Any]:
    """Return the cookie that says who this browser's visitor is."""
    port = visitor.url.rpartition(":")[2]
    (found,) = [
        one for one in visitor.context.cookies() if one["name"] == f"inkling_visitor_{port}"
    ]
    return dict(found)


def keep_a_drawing(visitor: Visitor, digit: int = 3) -> None:
    """Draw and answer, however this visitor draws, and wait until it is kept."""
    if visitor.page.evaluate("navigator.maxTouchPoints"):
        visitor.touch_digit(digit)
    else:
        visitor.draw_digit(digit)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved")


def open_history(page: Page, url: str) -> None:
    page.goto(f"{url}/history")
    expect(page.get_by_role("heading", name="What is kept about you")).to_be_visible()


def sign_in(page: Page) -> None:
    page.get_by_text(DOOR).click()
    page.get_by_role("textbox", name="Operator's password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def wait_for_cookie(page: Page, name: str) -> dict[str, Any]:
    """Return the cookie of that name, a moment after its ticket was taken to the server."""
    for _ in range(100):
        found = [one for one in page.context.cookies() if one["name"] == name]
        if found:
            return dict(found[0])
        page.wait_for_timeout(50)
    raise AssertionError(f"no cookie {name}")


def wait_until_gone(page: Page, name: str) -> None:
    for _ in range(100):
        if name not in [one["name"] for one in page.context.cookies()]:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{name} is still there")


@DEVICES
def test_a_reload_keeps_the_visitors_history(visit, served, device):
    visitor = visit(served, **device)
    keep_a_drawing(visitor)
    open_history(visitor.page, served.url)
    expect(visitor.page.locator(".ink-card")).to_have_count(1)

    visitor.page.reload()

    expect(visitor.page.locator(".ink-card")).to_have_count(1)


def test_two_tabs_of_a_browser_are_one_visitor_and_another_browser_is_another(visit, served):
    visitor = visit(served, **DESK)
    stranger = visit(served, **DESK)
    second = visitor.context.new_page()
    second.goto(served.url)
    keep_a_drawing(visitor)

    for page, cards in ((second, 1), (stranger.page, 0)):
        open_history(page, served.url)
        expect(page.locator(".ink-card")).to_have_count(cards)


def test_no_script_sees_the_cookie(visit, served):
    visitor = visit(served, **DESK)

    cookie = cookie_of(visitor)

    assert (cookie["httpOnly"], cookie["sameSite"], cookie["secure"]) == (True, "Lax", False)
    assert "inkling" not in visitor.page.evaluate("document.cookie")


@DEVICES
def test_a_reload_keeps_the_operators_sign_in_until_the_sign_out(visit, served, device):
    visitor = visit(served, **device)
    page, name = visitor.page, f"inkling_signed_in_{served.port}"
    open_history(page, served.url)
    sign_in(page)
    cookie = wait_for_cookie(page, name)
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")

    page.reload()
    expect(page.locator(".ink-card").first).to_be_visible()
    visitor.button("Sign out").click()
    expect(page.get_by_text(DOOR)).to_be_visible()
    wait_until_gone(page, name)
    page.reload()

    expect(page.get_by_text(DOOR)).to_be_visible()


def test_a_pass_that_was_signed_out_opens_nothing_any_more(visit, served):
    visitor = visit(served, **DESK)
    page, name = visitor.page, f"inkling_signed_in_{served.port}"
    open_history(page, served.url)
    sign_in(page)
    cookie = wait_for_cookie(page, name)
    visitor.button("Sign out").click()
    expect(page.get_by_text(DOOR)).to_be_visible()

    page.context.add_cookies([{"name": name, "value": cookie["value"], "url": served.url}])
    page.reload()

    expect(page.get_by_text(DOOR)).to_be_visible()


@pytest.fixture
def refusing(playwright: Playwright, chromium: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser whose user has forbidden every site to keep anything."""
    profile = tmp_path / "profile" / "Default"
    profile.mkdir(parents=True)
    setting = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (profile / "Preferences").write_text(json.dumps(setting))
    context = playwright.chromium.launch_persistent_context(
        profile.parent, executable_path=find_chromium(playwright), args=ARGUMENTS
    )
    yield context
    context.close()


def test_where_cookies_are_blocked_the_session_is_the_visitor(refusing, served):
    visitor = Visitor(refusing, served.url)
    page = visitor.page

    keep_a_drawing(visitor)
    visitor.go_to("History")
    expect(page.locator(".ink-card")).to_have_count(1)
    sign_in(page)
    visitor.go_to("Draw")
    visitor.go_to("History")
    expect(visitor.button("Sign out")).to_be_visible()
    page.reload()

    expect(page.get_by_text(DOOR)).to_be_visible()
    expect(page.get_by_text("You have not drawn anything")).to_be_visible()
    assert refusing.cookies() == []


def test_who_blocks_cookies_is_forgotten_with_the_drawings_all_the_same(refusing, served, kept):
    visitor = Visitor(refusing, served.url)
    before = others(kept)
    keep_a_drawing(visitor)
    visitor.go_to("History")

    visitor.button("Forget me on this device").click()
    with visitor.page.expect_navigation():
        visitor.button("Delete my drawing and forget me").click()

    expect(visitor.page.get_by_text("You have not drawn anything")).to_be_visible()
    assert others(kept) == before


@DEVICES
def test_forgetting_with_all_drawings_deletes_them_and_makes_a_new_visitor(
    visit, served, kept, device
):
    before = others(kept)
    visitor = visit(served, **device)
    page = visitor.page
    old = cookie_of(visitor)
    keep_a_drawing(visitor)
    page.evaluate("sessionStorage.setItem('inkling-drawing', 'x')")
    visitor.go_to("History")
    assert len(others(kept)) == len(before) + 1

    visitor.button("Forget me on this device").click()
    with page.expect_navigation():
        visitor.button("Delete my drawing and forget me").click()

    expect(page.get_by_text("You have not drawn anything")).to_be_visible()
    new = cookie_of(visitor)
    assert new["value"] != old["value"]
    assert others(kept) == before
    assert page.evaluate("sessionStorage.getItem('inkling-drawing')") is None
    visitor.go_to("Draw")
    expect(visitor.canvas).to_have_attribute("role", "img")
    keep_a_drawing(visitor)  # what is drawn afterwards is kept
    assert len(others(kept)) == len(before) + 1


def test_forgetting_can_leave_the_drawings_to_the_statistics(visit, served, kept):
    visitor = visit(served, **DESK)
    before = others(kept)
    keep_a_drawing(visitor)
    visitor.go_to("History")

    visitor.button("Forget me on this device").click()
    with visitor.page.expect_navigation():
        visitor.button("Forget me, keep the drawings for the statistics").click()

    expect(visitor.page.get_by_text("You have not drawn anything")).to_be_visible()
    assert len(others(kept)) == len(before) + 1


def test_forgetting_can_be_thought_better_of(visit, served):
    visitor = visit(served, **DESK)
    cookie = cookie_of(visitor)
    visitor.go_to("History")

    visitor.button("Forget me on this device").click()
    visitor.button("Cancel").click()

    expect(visitor.button("Forget me on this device")).to_be_visible()
    visitor.page.reload()
    expect(visitor.button("Forget me on this device")).to_be_visible()
    assert cookie_of(visitor)["value"] == cookie["value"]


def test_another_tab_begins_anew_too_and_both_are_one_new_visitor(visit, served):
    visitor = visit(served, **DESK)
    second = visitor.context.new_page()
    open_history(second, served.url)
    visitor.go_to("History")
    visitor.button("Forget me on this device").click()

    with second.expect_navigation(), visitor.page.expect_navigation():
        visitor.button("Forget me").last.click()

    expect(visitor.button("Forget me on this device")).to_be_visible()
    visitor.go_to("Draw")
    expect(visitor.canvas).to_have_attribute("role", "img")
    keep_a_drawing(visitor)
    open_history(second, served.url)
    expect(second.locator(".ink-card")).to_have_count(1)


def test_a_visitor_is_the_same_after_a_restart_of_the_server(visit, path, tmp_path):
    with Dashboard(tmp_path, settings_for(path)) as first:
        visitor = visit(first, **DESK)
        keep_a_drawing(visitor)
    visitor.complaints.clear()  # of the socket that went away
    first.__enter__()
    try:
        open_history(visitor.page, first.url)
        expect(visitor.page.locator(".ink-card")).to_have_count(1)
    finally:
        visitor.complaints.clear()
        visitor.page.goto("about:blank")
        first.__exit__(None, None, None)
