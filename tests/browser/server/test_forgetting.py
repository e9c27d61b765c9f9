"""Being forgotten, in a real browser: what is deleted, and who draws afterwards."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.server.one_browser import (
    DESK,
    DEVICES,
    DOOR,
    cookie_of,
    keep_a_drawing,
    kept_ids,
    open_history,
    sign_in,
    wait_for_cookie,
)
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def kept_in_tab(page: Page) -> list[str]:
    """Return what our pages have left in the tab's storage."""
    keys: list[str] = page.evaluate("Object.keys(sessionStorage)")
    return [key for key in keys if key.startswith("inkling")]


def test_who_blocks_cookies_is_forgotten_with_the_drawings_all_the_same(refusing, served, kept):
    visitor = Visitor(refusing, served.url)
    before = kept_ids(kept)
    keep_a_drawing(visitor)
    visitor.go_to("History")

    visitor.button("Forget me on this device").click()
    with visitor.page.expect_navigation():
        visitor.button("Delete my drawing and forget me").click()

    expect(visitor.page.get_by_text("You have not drawn anything")).to_be_visible()
    assert kept_ids(kept) == before


@DEVICES
def test_forgetting_with_all_drawings_deletes_them_and_makes_a_new_visitor(
    visit, served, kept, device
):
    before = kept_ids(kept)
    visitor = visit(served, **device)
    page = visitor.page
    old = cookie_of(visitor)
    keep_a_drawing(visitor)
    open_history(page, served.url)  # on a phone, the links may be behind a button
    assert len(kept_ids(kept)) == len(before) + 1

    visitor.button("Forget me on this device").click()
    with page.expect_navigation():
        visitor.button("Delete my drawing and forget me").click()

    expect(page.get_by_text("You have not drawn anything")).to_be_visible()
    new = cookie_of(visitor)
    assert new["value"] != old["value"]
    assert kept_ids(kept) == before
    assert kept_in_tab(page) == []
    page.goto(served.url)
    expect(visitor.canvas).to_have_attribute("role", "img")
    keep_a_drawing(visitor)  # what is drawn afterwards is kept
    assert len(kept_ids(kept)) == len(before) + 1


def test_forgetting_can_leave_the_drawings_to_the_statistics(visit, served, kept):
    visitor = visit(served, **DESK)
    before = kept_ids(kept)
    keep_a_drawing(visitor)
    visitor.go_to("History")

    visitor.button("Forget me on this device").click()
    with visitor.page.expect_navigation():
        visitor.button("Forget me, keep the drawings for the statistics").click()

    expect(visitor.page.get_by_text("You have not drawn anything")).to_be_visible()
    assert len(kept_ids(kept)) == len(before) + 1


@DEVICES
def test_forgetting_signs_an_operator_out_too(visit, served, device):
    visitor = visit(served, **device)
    page, name = visitor.page, f"inkling_signed_in_{served.port}"
    open_history(page, served.url)
    sign_in(page)
    signed_in = wait_for_cookie(page, name)

    visitor.button("Forget me on this device").click()
    expect(page.get_by_text("You are signed out as the operator, too.")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Forget me", exact=True).click()

    expect(page.get_by_text(DOOR)).to_be_visible()
    assert name not in [one["name"] for one in page.context.cookies()]
    page.context.add_cookies([{"name": name, "value": signed_in["value"], "url": served.url}])
    page.reload()
    expect(page.get_by_text(DOOR)).to_be_visible()  # void on the server, too


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


def test_another_tab_begins_anew_too_and_both_are_one_new_visitor(visit, served, kept):
    visitor = visit(served, **DESK)
    before = kept_ids(kept)
    second = Visitor(visitor.context, served.url)
    second.draw_digit(4)  # and not answered: in that tab it would go on
    visitor.go_to("History")
    expect(visitor.page.locator(".ink-card")).to_have_count(1)
    visitor.button("Forget me on this device").click()

    with second.page.expect_navigation(), visitor.page.expect_navigation():
        visitor.button("Delete my drawing and forget me").click()

    expect(second.canvas).to_have_attribute("role", "img")
    assert kept_in_tab(second.page) == []
    keep_a_drawing(second)
    visitor.page.reload()
    expect(visitor.page.locator(".ink-card")).to_have_count(1)
    assert len(kept_ids(kept)) == len(before) + 1
    assert second.complaints == []


def test_a_browser_that_cannot_reach_the_server_is_forgotten_once_it_can(visit, served):
    visitor = visit(served, **DESK)
    old, tries = cookie_of(visitor)["value"], []

    def away_twice(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) <= 2:
            route.abort()
        else:
            route.continue_()

    visitor.page.route("**/cookie", away_twice)
    visitor.go_to("History")
    visitor.button("Forget me on this device").click()

    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name="Forget me", exact=True).click()

    expect(visitor.button("Forget me on this device")).to_be_visible()
    assert len(tries) == 3
    assert cookie_of(visitor)["value"] != old
    visitor.complaints.clear()  # the browser's own about what the test made fail


def test_where_the_browser_is_never_told_it_is_somebody_new_all_the_same(visit, served):
    visitor = visit(served, **DESK)
    keep_a_drawing(visitor)
    old = cookie_of(visitor)
    visitor.go_to("History")
    visitor.button("Forget me on this device").click()
    with visitor.page.expect_navigation():
        visitor.button("Forget me, keep the drawings for the statistics").click()
    expect(visitor.page.get_by_text("You have not drawn anything")).to_be_visible()

    visitor.context.add_cookies([{**old, "expires": -1}])
    open_history(visitor.page, served.url)

    expect(visitor.page.get_by_text("You have not drawn anything")).to_be_visible()
    assert cookie_of(visitor)["value"] != old["value"]
