"""History in a real browser: whose drawings it opens to whom, its pictures, pages and file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import URL

from feedback.connection.engine import open_engine
from feedback.migrate import migrate
from tests.browser.dashboard import Dashboard
from tests.browser.visitor import Visitor
from tests.feedback.sample_drawings import keep, random_drawings
from tests.postgres import settings_of

pytestmark = pytest.mark.browser
KEPT = 60
PASSWORD = "blue-black ink"


@pytest.fixture(scope="module")
def embedded(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The app on an embedded store that holds other people's drawings."""
    folder = tmp_path_factory.mktemp("embedded")
    path = folder / "feedback.sqlite3"
    engine = open_engine(settings_of(URL.create("sqlite+pysqlite", database=str(path))))
    migrate(engine)
    keep(engine, random_drawings(seed=7, number=KEPT))
    engine.dispose()
    settings = {"EMBEDDED_STORE": str(path), "OPERATOR_PASSWORD": PASSWORD}
    with Dashboard(folder, settings) as started:
        yield started


def open_as_operator(visitor: Visitor) -> None:
    """Open the History page with the password."""
    visitor.go_to("History")
    visitor.page.get_by_text("Everyone's drawings and the CSV file").click()
    visitor.page.get_by_role("textbox", name="Operator's password").fill(PASSWORD)
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".ink-card")).to_have_count(24)


def test_the_person_at_the_machine_sees_nothing_before_the_password(visit, embedded):
    visitor = visit(embedded)
    visitor.go_to("History")
    expect(visitor.page.get_by_text("You have not drawn anything")).to_be_visible()
    assert visitor.page.locator(".ink-card").count() == 0

    visitor.page.get_by_text("Everyone's drawings and the CSV file").click()
    visitor.page.get_by_role("textbox", name="Operator's password").fill("red ink")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_text("That is not the operator's password")).to_be_visible()
    visitor.page.get_by_role("textbox", name="Operator's password").fill(PASSWORD)
    visitor.page.keyboard.press("Enter")

    expect(visitor.page.locator(".ink-card")).to_have_count(24)


def test_pictures_are_enlarged_without_blur(visit, embedded):
    visitor = visit(embedded)

    open_as_operator(visitor)

    picture = visitor.page.locator(".ink-card img").first
    expect(picture).to_have_css("image-rendering", "pixelated")
    assert picture.evaluate("image => [image.naturalWidth, image.clientWidth]") == [28, 112]


def test_turning_the_page_shows_older_drawings(visit, embedded):
    visitor = visit(embedded)
    open_as_operator(visitor)
    first = visitor.page.locator(".ink-card time").first
    newest = first.get_attribute("datetime")

    visitor.page.get_by_role("button", name="Page 3").click()

    expect(visitor.page.get_by_text(f"49 to {KEPT} of {KEPT}, newest first")).to_be_visible()
    expect(visitor.page.locator(".ink-card")).to_have_count(KEPT - 48)
    assert str(first.get_attribute("datetime")) < str(newest)


def test_the_file_holds_the_filtered_rows(visit, embedded, tmp_path: Path):
    visitor = visit(embedded)
    open_as_operator(visitor)
    visitor.page.get_by_role("combobox", name="Source").click()
    visitor.page.get_by_role("option", name="picture").click()
    shown = visitor.page.get_by_text("newest first").filter(has_not_text=f"of {KEPT},")
    expect(shown).to_be_visible()
    # The button is the last thing that the page sends: before that, it is still the one before.
    app = visitor.page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    visitor.button("Make a CSV file").click()

    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="Download the CSV of").click()

    download.value.save_as(tmp_path / "rows.csv")
    with open(tmp_path / "rows.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["source"] for row in rows} == {"upload"}
    assert f"of {len(rows)}," in shown.inner_text()
