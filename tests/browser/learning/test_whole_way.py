"""From people's answers to weights that read, and back: two instances over one PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from feedback.candidates import keep_report, list_promotions, list_weights, live_version
from feedback.store import Filters, list_drawings
from tests.browser.conftest import database_settings
from tests.browser.dashboard import Dashboard
from tests.browser.visitor import Visitor
from tests.feedback.sample_drawings import keep
from tests.model.datasets.scanned_digits import scanned_digits, write_as_mnist
from tests.streamlit.operating.answered_digits import answered_digits

pytestmark = pytest.mark.browser
PASSWORD = "blue-black ink"
TRAINED_MS = 900_000  # at low priority, it waits for the other tests
FOLLOWED_MS = 30_000  # what is promised


@pytest.fixture
def instances(
    chromium: Browser, postgres_url: Any, postgres_engine: Engine, tmp_path: Path
) -> Iterator[tuple[Dashboard, Dashboard]]:
    """Two instances over one store of 60 answers, two of them slips."""
    keep(postgres_engine, answered_digits(60, slips=(13, 38)))
    settings = database_settings(postgres_url) | {
        "OPERATOR_PASSWORD": PASSWORD,
        "DATA_DIR": str(write_as_mnist(tmp_path / "data", scanned_digits())),
    }
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    with Dashboard(folders[0], settings) as one, Dashboard(folders[1], settings) as other:
        yield one, other


def sign_in(visitor: Visitor) -> Page:
    visitor.go_to("History")
    page = visitor.page
    page.get_by_text("Everyone's drawings and the CSV file").click()
    page.get_by_role("textbox", name="Operator's password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return page


def go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def reads_by(visitor: Visitor, engine: Engine) -> str:
    """Draw a digit and answer; return the version that the store says has read it."""
    visitor.draw_digit(3)
    visitor.say_yes()
    expect(visitor.question).to_contain_text("Saved")
    visitor.button("Draw another").click()
    return list_drawings(engine, Filters(), limit=1)[0].weights_version


def follow(visitor: Visitor, engine: Engine, version: str) -> None:
    """Draw until that version reads, for as long as an instance may take to follow."""
    for _ in range(FOLLOWED_MS // 1000):
        if reads_by(visitor, engine) == version:
            return
        visitor.page.wait_for_timeout(1000)
    raise AssertionError(f"{version} does not read after {FOLLOWED_MS / 1000:.0f} s")


@pytest.mark.timeout(1500)
def test_answers_become_weights_that_read_everywhere_and_are_rolled_back(
    visit: Callable[..., Visitor], instances: tuple[Dashboard, Dashboard], postgres_engine: Engine
):
    here, there = instances
    elsewhere = visit(there)  # a page that stays open all the while
    shipped = reads_by(elsewhere, postgres_engine)
    page = sign_in(visit(here))

    # A slip is judged by a key, and the name that is typed goes with it.
    go(page, "Review")
    expect(page.get_by_text("0 of 2 looked at")).to_be_visible()
    page.get_by_role("textbox", name="Your name").fill("Ada")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("As read"))).to_be_enabled()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("s")
    expect(page.get_by_text("1 of 2 looked at")).to_be_visible()

    go(page, "Learning")
    expect(page.get_by_role("textbox", name="Your name")).to_have_value("Ada")
    page.get_by_role("spinbutton", name="Steps").fill("2")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Train a candidate").click()
    expect(page.get_by_text("Asked for by Ada")).to_be_visible()
    expect(page.get_by_text("The training has ended")).to_be_visible(timeout=TRAINED_MS)
    (candidate,) = list_weights(postgres_engine)
    assert candidate.parent == shipped
    assert live_version(postgres_engine) is None

    expect(page.get_by_text("On the live test")).to_be_visible()
    page.get_by_text("Every row of the report").click()
    expect(page.get_by_role("region", name="Report of the gate")).to_be_visible()
    # Two steps on a few scans: what it refuses does not pass. What is promoted here need not.
    assert candidate.report is not None
    expect(page.get_by_role("textbox", name="Why promote it?")).to_have_count(0)
    passed = candidate.report | {"verdict": "no worse", "reasons": []}
    keep_report(postgres_engine, candidate.version, passed)
    page.reload()
    page.get_by_text("Promote it on my own word").click()
    page.get_by_role("textbox", name="Why promote it?").fill("it learnt from 60 answers")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Promote", exact=True).click()
    expect(page.get_by_text(f"{candidate.version} is live.")).to_be_visible()

    follow(elsewhere, postgres_engine, candidate.version)
    go(page, "Statistics")
    expect(page.get_by_text(f"{candidate.version} promoted by Ada")).to_be_visible()
    expect(page.get_by_role("region", name="Versions compared")).to_contain_text("live")

    go(page, "Learning")
    page.get_by_role("textbox", name="Why go back?").fill("a test of the way back")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Roll back").click()
    expect(page.get_by_text("Live is the shipped weights again.")).to_be_visible()
    follow(elsewhere, postgres_engine, shipped)
    assert [one.kind for one in list_promotions(postgres_engine)] == ["rolled back", "promoted"]
    versions = {one.weights_version for one in list_drawings(postgres_engine, Filters(), limit=99)}
    assert versions == {shipped, candidate.version}  # each keeps the one that read it


def test_visitors_see_neither_page_in_the_navigation_nor_by_its_address(
    visit: Callable[..., Visitor], dashboard: Dashboard
):
    visitor = visit()
    visitor.is_forgiven = "does not seem to exist"  # as the browser notes of the address

    assert visitor.page.get_by_role("link", name="Learning").count() == 0
    assert visitor.page.get_by_role("link", name="Review").count() == 0
    visitor.page.goto(f"{dashboard.url}/learning")
    expect(visitor.page.get_by_text("Page not found")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Train a candidate")).to_have_count(0)
