"""While something takes long, the page says so, and other pages can be opened meanwhile.

What takes a million rows some seconds takes one row as long as somebody holds its table.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import URL, Engine, text

from feedback.connection.engine import open_engine
from tests.browser.conftest import database_settings
from tests.browser.dashboard import Dashboard
from tests.browser.draw.test_drawing import PHONE
from tests.browser.strokes import DIGITS, scaled
from tests.feedback.sample_drawings import a_drawing, keep
from tests.postgres import database_of, settings_of
from tests.streamlit.drawn import png_of

pytestmark = pytest.mark.browser

PASSWORD = "blue-black ink"
PICTURES = 20
LOOKING = re.compile("Looking at what is kept|Counting the drawings|Looking for the drawings")
DEVICES = pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
# Whatever stands on the page for a moment only, remembered.
NOTE_PROGRESS = """() => {
  window.progress = [];
  new MutationObserver(() => {
    for (const one of document.querySelectorAll('[data-testid=stProgress]'))
      if (one.innerText) window.progress.push(one.innerText);
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


@pytest.fixture(scope="module")
def held_url(chromium: Browser, postgres_server_url: URL, migrated_template: str) -> Iterator[URL]:
    """A database of these tests' own, with more drawings than a page of them."""
    with database_of(postgres_server_url, migrated_template) as url:
        engine = open_engine(settings_of(url))
        keep(engine, [(a_drawing(), 7) for _ in range(30)])
        engine.dispose()
        yield url


@pytest.fixture(scope="module")
def slow(held_url: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    settings = database_settings(held_url) | {"OPERATOR_PASSWORD": PASSWORD}
    with Dashboard(tmp_path_factory.mktemp("slow"), settings) as started:
        yield started


@pytest.fixture
def held(held_url: URL) -> Iterator[Engine]:
    engine = open_engine(settings_of(held_url))
    yield engine
    engine.dispose()


@contextmanager
def nobody_reads(engine: Engine, table: str) -> Iterator[None]:
    """Let every question about a table wait."""
    with engine.connect() as connection:
        connection.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        yield
        connection.rollback()


def go(page: Page, name: str) -> None:
    page.locator("a:visible").get_by_text(name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


@DEVICES
def test_while_answers_are_counted_the_page_says_so_and_others_can_be_opened(
    visit: Any, slow: Dashboard, held: Engine, device: dict[str, Any]
):
    visitor = visit(slow, **device)
    go(visitor.page, "Statistics")
    again = visitor.page.get_by_role("button", name="Count again")
    expect(again).to_be_visible()

    with nobody_reads(held, "answers"):
        again.click()  # what was counted a moment ago is shown at once
        expect(visitor.page.get_by_text("Counting the answers")).to_be_visible()
        go(visitor.page, "Model")
        expect(visitor.page.get_by_role("heading", name="Card")).to_be_visible()
        go(visitor.page, "Statistics")
        expect(visitor.page.get_by_text("Counting the answers")).to_be_visible()

    expect(visitor.page.locator(".js-plotly-plot")).to_have_count(5)


def test_while_drawings_are_counted_the_page_says_so_and_others_can_be_opened(
    visit: Any, slow: Dashboard, held: Engine
):
    visitor = visit(slow)
    go(visitor.page, "History")
    visitor.page.get_by_text("Everyone's drawings and the CSV file").click()
    visitor.page.get_by_role("textbox", name="Operator's password").fill(PASSWORD)
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".ink-card")).to_have_count(24)
    go(visitor.page, "Model")

    with nobody_reads(held, "drawings"):
        go(visitor.page, "History")
        expect(visitor.page.get_by_text(LOOKING)).to_be_visible()
        go(visitor.page, "Model")
        expect(visitor.page.get_by_role("heading", name="Card")).to_be_visible()
        go(visitor.page, "History")

    expect(visitor.page.locator(".ink-card")).to_have_count(24)


def large_picture(value: int) -> bytes:
    """Return a picture that takes a moment to read."""
    drawn = Image.open(io.BytesIO(png_of(scaled(DIGITS[value], 280)))).convert("RGB")
    file = io.BytesIO()
    drawn.resize((2400, 2400)).save(file, "PNG")
    return file.getvalue()


@DEVICES
def test_twenty_pictures_say_how_far_they_are_and_are_all_read_by_who_comes_back(
    visit: Any, slow: Dashboard, device: dict[str, Any]
):
    visitor = visit(slow, **device)
    page = visitor.page
    page.evaluate(NOTE_PROGRESS)
    content = large_picture(4)
    page.get_by_role("tab", name="Pictures").click()

    page.locator("input[type=file]").set_input_files(
        [
            {"name": f"{number}.png", "mimeType": "image/png", "buffer": content}
            for number in range(PICTURES)
        ]
    )
    page.wait_for_function("window.progress.some((words) => words.startsWith('Reading '))")
    go(page, "Model")
    expect(page.get_by_role("heading", name="Card")).to_be_visible()
    go(page, "Draw")
    page.get_by_role("tab", name="Pictures").click()

    expect(visitor.button(f"Show 8 more of {PICTURES - 8}")).to_be_visible()
    expect(visitor.label.filter(visible=True)).to_have_text(["4"] * 8)
