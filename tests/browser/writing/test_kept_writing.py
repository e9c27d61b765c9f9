"""What was written, on Statistics and History, and gone again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from feedback.store import Filters, list_writings
from tests.browser.writing.penman import Penman
from tests.model.writing.plain_hand import write

pytestmark = pytest.mark.browser


def test_what_was_written_is_counted_found_and_deleted_and_leaves_the_pad(visit, store):
    penman = Penman(visit())
    page = penman.page
    penman.write(write("HELEN"))
    penman.save("MALTE")
    (row,) = list_writings(store, Filters(), limit=1)

    penman.visitor.go_to("Statistics")
    page.get_by_text("Writing", exact=True).click()
    expect(page.get_by_text("Texts read right")).to_be_visible()

    penman.visitor.go_to("History")
    page.get_by_text("Writing", exact=True).click()
    expect(page.get_by_text("MALTE").first).to_be_visible()
    page.get_by_role("button", name="Delete", exact=True).first.click()
    page.locator(".st-key-history_yes button:visible").click()
    expect(page.get_by_text("Deleted: the drawing")).to_be_visible()

    assert row.id not in [one.id for one in list_writings(store, Filters(), limit=50)]
    page.get_by_role("link", name="Draw", exact=True).click()
    expect(page.locator(".inkling-pad-writing")).to_be_visible()
    expect(penman.letters).to_have_count(0)
