"""Reloads, new tabs and restarts, in a real browser: whose drawings it then shows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.dashboard import Dashboard
from tests.browser.server.one_browser import (
    DESK,
    DEVICES,
    DOOR,
    cookie_of,
    keep_a_drawing,
    open_history,
    sign_in,
    wait_for_cookie,
    wait_until_gone,
)
from tests.browser.visitor import Visitor
from tests.streamlit.server.served_store import settings_for

pytestmark = pytest.mark.browser


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
    visitor.page.bring_to_front()  # what is drawn behind another tab takes most of a minute
    keep_a_drawing(visitor)

    for page, cards in ((second, 1), (stranger.page, 0)):
        open_history(page, served.url)
        expect(page.locator(".ink-card")).to_have_count(cards)


def test_history_says_that_the_browser_has_a_cookie(visit, served):
    visitor = visit(served, **DESK)

    visitor.go_to("History")

    expect(visitor.page.get_by_text("The number is in a cookie of this browser")).to_be_visible()


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
    wait_until_gone(page, name)

    page.context.add_cookies([{"name": name, "value": cookie["value"], "url": served.url}])
    page.reload()

    expect(page.get_by_text(DOOR)).to_be_visible()


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


def test_a_visitor_is_the_same_after_a_restart_of_the_server(visit, shared_path, tmp_path):
    dashboard = Dashboard(tmp_path, settings_for(shared_path))
    with dashboard:
        visitor = visit(dashboard, **DESK)
        keep_a_drawing(visitor)

    with dashboard:
        open_history(visitor.page, dashboard.url)
        expect(visitor.page.locator(".ink-card")).to_have_count(1)
        visitor.page.goto("about:blank")
    visitor.complaints.clear()  # of the socket that went away in between
