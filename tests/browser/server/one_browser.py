"""What one browser's visitor does, and what it holds and leaves in the store."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from feedback.store import Filters, list_drawings
from tests.browser.visitor import Visitor
from tests.streamlit.server.served_store import PASSWORD

DESK = {"locale": "en-GB"}  # a browser of its own
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DEVICES = pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
DOOR = "Everyone's drawings and the CSV file"


def kept_ids(engine: Engine) -> list[UUID]:
    """Return which drawings the store holds, newest first."""
    return [row.id for row in list_drawings(engine, Filters(), limit=99)]


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
