"""Statistics in a real browser: the bars of what became of the answered drawings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import URL

from feedback.connection.engine import open_engine
from feedback.migrate import migrate
from feedback.store import NOT_A_DIGIT
from tests.browser.dashboard import Dashboard
from tests.feedback.sample_drawings import a_drawing, keep
from tests.postgres import settings_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def answered(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The app on an embedded store: of ten digits six read right, one misread, three refused."""
    folder = tmp_path_factory.mktemp("answered")
    path = folder / "feedback.sqlite3"
    engine = open_engine(settings_of(URL.create("sqlite+pysqlite", database=str(path))))
    migrate(engine)
    ends = [(True, 7)] * 6 + [(True, 1)] + [(False, 7)] * 3 + [(False, NOT_A_DIGIT)] * 2
    keep(engine, [(a_drawing(predicted=7, is_digit=shown), answer) for shown, answer in ends])
    engine.dispose()
    with Dashboard(folder, {"EMBEDDED_STORE": str(path)}) as started:
        yield started


def test_the_parts_of_a_bar_are_as_wide_as_their_shares(visit, answered):
    visitor = visit(answered)

    visitor.go_to("Statistics")

    parts = visitor.page.locator(".ink-outcomes").first.locator(".ink-bar span")
    expect(parts).to_have_count(3)
    widths = parts.evaluate_all("parts => parts.map(part => part.getBoundingClientRect().width)")
    assert [width / sum(widths) for width in widths] == pytest.approx([0.6, 0.1, 0.3], abs=0.01)


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_each_interval_stands_below_its_share(visit, answered, width):
    visitor = visit(answered, viewport={"width": width, "height": 812})

    visitor.page.goto(f"{visitor.url}/statistics")

    row = visitor.page.get_by_role("row").filter(has_text="Refused by mistake")
    expect(row).to_contain_text("30.0 %")
    expect(row.locator("small")).to_have_text("10.8 to 60.3 %")
    # Both in one moment: what stands above may still be growing.
    share, interval = row.evaluate(
        "row => [[...row.querySelectorAll('td')].at(-1), row.querySelector('small')]"
        ".map(part => part.getBoundingClientRect().toJSON())"
    )
    assert interval["top"] > share["top"] + 10
    assert interval["right"] <= share["right"] < width
