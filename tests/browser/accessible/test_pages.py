"""Every page in light and dark, on a desk and on a phone: what axe-core and our own audits find."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.accessible.audits import faint_texts, small_targets, stretch, violations
from tests.browser.accessible.conftest import PASSWORD, SIZES
from tests.browser.dashboard import Dashboard
from tests.browser.strokes import DIGITS
from tests.browser.visitor import Visitor
from tests.streamlit.drawn import png_of

pytestmark = pytest.mark.browser

SCRIBBLE = [[(0.5, 0.4), (0.55, 0.3), (0.7, 0.7), (0.2, 0.6), (0.6, 0.2), (0.3, 0.8)]]
SEVEN_OR_ONE = [[(0.4125, 0.25), (0.6, 0.15), (0.58, 0.4), (0.5, 0.87)]]
FINGER_PX, POINTER_PX = 44, 24
# Nothing is left of the page before, which is seen through until the new one is there.
AT_REST = """() => !document.querySelector('[data-stale=true]') &&
  document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"""


@pytest.fixture(params=list(product(SIZES, ("light", "dark"))), ids="-".join)
def opened(request: pytest.FixtureRequest, visit: Any) -> Callable[[Dashboard], Visitor]:
    """A function that opens an app on a device in a theme; each test sees all of these."""
    size, theme = request.param
    return lambda dashboard: cast(Visitor, visit(dashboard, **SIZES[size], color_scheme=theme))


@pytest.fixture
def visitor(opened: Callable[[Dashboard], Visitor], shown: Dashboard) -> Visitor:
    return opened(shown)


@pytest.fixture(scope="module")
def bare(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The app over a store that nobody has drawn for."""
    folder = tmp_path_factory.mktemp("bare")
    with Dashboard(folder, {"EMBEDDED_STORE": str(folder / "kept.sqlite3")}) as started:
        yield started


WIDE_TABLES_ARE_REACHED = """[...document.querySelectorAll('.stTable > div')].every(
  (room) => room.scrollWidth <= room.clientWidth || room.tabIndex === 0)"""


def find_nothing(visitor: Visitor, state: str, *, whole: bool = True) -> None:
    """Fail with all that is wrong with the page in this state; whole: what is out of sight, too."""
    page, before = visitor.page, visitor.page.viewport_size
    if whole:
        stretch(page)
    page.wait_for_function(AT_REST)
    page.wait_for_timeout(400)  # for what fades in
    page.wait_for_function(WIDE_TABLES_ARE_REACHED)
    is_touched = page.evaluate("navigator.maxTouchPoints > 0")
    found = [
        *violations(page),
        *faint_texts(page),
        *small_targets(page, FINGER_PX if is_touched else POINTER_PX),
    ]
    if before is not None:
        page.set_viewport_size(before)
    assert found == [], state


def go(visitor: Visitor, name: str) -> None:
    """Go to a page by the link that this device shows, and wait until all of it is there."""
    visitor.page.locator("a:visible").get_by_text(name, exact=True).click()
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(visitor.page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning"
    )


def test_the_draw_page_has_no_violation(visitor):
    find_nothing(visitor, "empty")
    visitor.draw_digit(4)
    find_nothing(visitor, "read")
    visitor.open_seeing()
    find_nothing(visitor, "with what the network saw")
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved")
    find_nothing(visitor, "answered")
    visitor.draw(SCRIBBLE)
    expect(visitor.page.locator(".inkling-refusal")).to_be_visible()
    find_nothing(visitor, "refused")
    visitor.clear()
    visitor.draw(SEVEN_OR_ONE)
    expect(visitor.page.get_by_test_id("confidence")).to_have_text("Not sure")
    find_nothing(visitor, "not sure")


@contextmanager
def nothing_is_saved(path: Path) -> Iterator[None]:
    """Keep everybody from writing to a store."""
    lock = sqlite3.connect(path)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        lock.rollback()
        lock.close()


def test_an_answer_that_cannot_be_saved_is_said_without_a_violation(visitor, kept_path):
    visitor.draw_digit(5)
    with nothing_is_saved(kept_path):
        visitor.say_digit(6)
        expect(visitor.page.get_by_text("Not saved").first).to_be_visible()
        find_nothing(visitor, "not saved")
    expect(visitor.question).to_contain_text("Saved: it is a 6")


def test_a_picture_that_cannot_be_saved_is_said_without_a_violation(visitor, kept_path):
    visitor.page.get_by_role("tab", name="Pictures").click()
    expect(visitor.page.get_by_test_id("stFileUploaderDropzone")).to_be_visible()
    with nothing_is_saved(kept_path):
        visitor.page.locator("input[type=file]").set_input_files([a_seven()])
        expect(visitor.page.get_by_text("Not saved").first).to_be_visible()
        find_nothing(visitor, "not saved")
        visitor.page.locator("[class*='st-key-draw_yes_upload'] button").click()
        expect(visitor.page.get_by_text("it waits to be saved").first).to_be_visible()
        find_nothing(visitor, "answered, and not saved")
    expect(visitor.page.get_by_text("Saved: it is a 7").first).to_be_visible()


def a_seven() -> dict[str, Any]:
    picture = png_of([[(x * 280, y * 280) for x, y in stroke] for stroke in DIGITS[7]])
    return {"name": "seven.png", "mimeType": "image/png", "buffer": picture}


def test_pictures_have_no_violation(visitor):
    visitor.page.get_by_role("tab", name="Pictures").click()
    expect(visitor.page.get_by_test_id("stFileUploaderDropzone")).to_be_visible()
    find_nothing(visitor, "none")

    broken = {"name": "broken.png", "mimeType": "image/png", "buffer": b"not a picture"}
    visitor.page.locator("input[type=file]").set_input_files([a_seven(), broken])
    expect(visitor.page.get_by_text("Is that right?")).to_be_visible()
    find_nothing(visitor, "one read, one broken")
    visitor.page.locator("[class*='st-key-draw_yes_upload'] button").click()
    expect(visitor.page.get_by_text("Saved: it is a 7").last).to_be_visible()
    find_nothing(visitor, "answered")


def test_statistics_have_no_violation(visitor):
    go(visitor, "Statistics")
    expect(visitor.page.locator(".js-plotly-plot")).to_have_count(5)
    find_nothing(visitor, "with data")
    drawings = visitor.page.get_by_test_id("stMetricValue").first
    before = drawings.inner_text()

    visitor.page.get_by_role("combobox", name="Source").click()
    find_nothing(visitor, "with an open list", whole=False)
    visitor.page.get_by_role("option", name="picture").click()
    expect(drawings).not_to_have_text(before)
    find_nothing(visitor, "filtered")


def test_statistics_without_data_have_no_violation(opened, bare):
    visitor = opened(bare)
    go(visitor, "Statistics")
    expect(visitor.page.get_by_text("Nothing has been drawn yet")).to_be_visible()
    find_nothing(visitor, "of nothing")

    since = visitor.page.get_by_role("combobox", name="Source")
    since.click()
    visitor.page.get_by_role("option", name="picture").click()
    expect(visitor.page.get_by_text("No drawing matches these filters")).to_be_visible()
    find_nothing(visitor, "with filters that nothing passes")


def test_history_and_what_it_asks_have_no_violation(visitor):
    go(visitor, "History")
    find_nothing(visitor, "of nothing")
    go(visitor, "Draw")
    visitor.draw_digit(5)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved")
    go(visitor, "History")
    expect(visitor.page.locator(".ink-card")).to_have_count(1)
    find_nothing(visitor, "of one drawing")

    for opener, state in (("Change", "a question"), ("Delete this drawing", "a warning")):
        visitor.page.get_by_role("button", name=opener, exact=True).click()
        expect(visitor.page.get_by_role("dialog")).to_be_visible()
        find_nothing(visitor, f"with {state}", whole=False)
        visitor.page.keyboard.press("Escape")
        expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    visitor.button("Forget me on this device").click()
    expect(visitor.button("Cancel")).to_be_visible()
    find_nothing(visitor, "with the ways to be forgotten")
    visitor.button("Cancel").click()

    visitor.page.get_by_text("Everyone's drawings and the CSV file").click()
    visitor.page.get_by_role("textbox", name="Operator's password").fill(PASSWORD)
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".ink-card")).to_have_count(24)
    find_nothing(visitor, "of everyone")


def sign_in(visitor: Visitor) -> None:
    go(visitor, "History")
    visitor.page.get_by_text("Everyone's drawings and the CSV file").click()
    visitor.page.get_by_role("textbox", name="Operator's password").fill(PASSWORD)
    visitor.page.keyboard.press("Enter")
    expect(visitor.button("Sign out")).to_be_visible()


def test_the_operator_s_pages_of_nothing_have_no_violation(visitor):
    sign_in(visitor)
    go(visitor, "Review")
    find_nothing(visitor, "review of answers that all agree")
    go(visitor, "Learning")
    find_nothing(visitor, "learning without a candidate")


def test_the_operator_s_pages_with_work_have_no_violation(request, visit, learning):
    for size, theme in (("desk", "light"), ("phone", "dark")):
        visitor = visit(learning, **SIZES[size], color_scheme=theme)
        sign_in(visitor)
        go(visitor, "Review")
        expect(visitor.page.get_by_text("0 of 2 looked at")).to_be_visible()
        find_nothing(visitor, f"review without a name, {size}")
        visitor.page.get_by_role("textbox", name="Your name").fill("Ada")
        visitor.page.keyboard.press("Enter")
        expect(visitor.button("Leave out")).to_be_enabled()
        find_nothing(visitor, f"review with a name, {size}")
        go(visitor, "Learning")
        expect(visitor.button("Roll back")).to_be_visible()
        visitor.page.get_by_text("Every row of the report").click()
        expect(visitor.page.get_by_role("region", name="Report of the gate")).to_be_visible()
        find_nothing(visitor, f"learning with a candidate, {size}")
        go(visitor, "Statistics")
        expect(visitor.page.get_by_role("region", name="Versions compared")).to_be_visible()
        find_nothing(visitor, f"statistics of several versions, {size}")


def test_the_model_page_has_no_violation(visitor):
    go(visitor, "Model")
    for name in ("Figures", "Tuned members", "Letters, words and numbers"):
        expect(visitor.page.get_by_role("heading", name=name)).to_be_visible()
    find_nothing(visitor, "whole")
