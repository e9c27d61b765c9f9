"""Writing on every page, in light and dark, on a desk and on a phone: what axe-core finds."""

from __future__ import annotations

from itertools import product

import pytest
from playwright.sync_api import expect

from tests.browser.accessible.conftest import SIZES
from tests.browser.accessible.test_pages import AT_REST, find_nothing
from tests.browser.writing.penman import Penman
from tests.model.writing.plain_hand import write

pytestmark = pytest.mark.browser


@pytest.fixture(params=list(product(SIZES, ("light", "dark"))), ids="-".join)
def penman(request: pytest.FixtureRequest, visit) -> Penman:
    size, theme = request.param
    return Penman(visit(**SIZES[size], color_scheme=theme))


def test_the_pad_has_no_violation(penman):
    find_nothing(penman.visitor, "empty")
    penman.write(write("HELEN"))
    find_nothing(penman.visitor, "a word")
    penman.letters.nth(1).click()
    expect(penman.buttons("write_instead_writing_1").first).to_be_visible()
    find_nothing(penman.visitor, "a character of it")
    penman.save("HELEN")
    find_nothing(penman.visitor, "answered")


def test_one_character_has_no_violation(penman):
    penman.choose("One character")
    penman.write(write("0"), height=150, left=80)
    find_nothing(penman.visitor, "a character")


@pytest.mark.parametrize("name", ["Statistics", "History"])
def test_the_other_pages_of_writing_have_no_violation(penman, name):
    penman.write(write("HELEN"))
    penman.save("TEN")
    page = penman.page
    page.locator(".st-key-shell_pages, header").get_by_role("link", name=name).locator(
        "visible=true"
    ).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.get_by_role("radio", name="Writing").or_(
        page.get_by_role("button", name="Writing", exact=True)
    ).first.click()
    page.wait_for_function(AT_REST)
    expect(page.get_by_text("TEN").or_(page.get_by_text("Texts read right")).first).to_be_visible()
    find_nothing(penman.visitor, name)
