"""The README's pictures, taken from the running app: INKLING_SCREENSHOTS=results/screenshots."""

from __future__ import annotations

import io
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect
from sqlalchemy import URL

from environment import ROOT
from feedback.connection.engine import open_engine
from feedback.store import NOT_A_DIGIT
from tests.browser.conftest import database_settings
from tests.browser.dashboard import Dashboard
from tests.browser.visitor import Visitor
from tests.browser.writing.penman import Penman
from tests.feedback.sample_drawings import a_drawing, keep
from tests.model.writing.plain_hand import write
from tests.postgres import database_of, settings_of

pytestmark = pytest.mark.browser

MOST_KB = 120
DAYS = 30


@pytest.fixture
def shown_database(
    chromium: Browser, postgres_server_url: URL, migrated_template: str
) -> Iterator[URL]:
    """A month's made-up drawings and answers."""
    chance = random.Random(7)
    made = []
    for _ in range(900):
        confidence = 1 - 0.7 * chance.random() ** 6
        predicted = chance.randrange(10)
        wrong = chance.choice([d for d in range(10) if d != predicted])
        label = predicted if chance.random() < confidence - 0.01 else wrong
        rest = (1 - confidence) / 9
        is_scribble = chance.random() < 0.04
        drawing = a_drawing(
            predicted=predicted,
            is_digit=chance.random() < (0.1 if is_scribble else 0.99),
            confidence=confidence,
            probabilities=tuple(confidence if d == predicted else rest for d in range(10)),
            created_at=datetime.now(UTC) - timedelta(days=DAYS * chance.random()),
        )
        answer = NOT_A_DIGIT if is_scribble else label
        made.append((drawing, answer if chance.random() < 0.6 else None))
    with database_of(postgres_server_url, migrated_template) as url:
        engine = open_engine(settings_of(url))
        keep(engine, made)
        engine.dispose()
        yield url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the pictures go: the folder that INKLING_SCREENSHOTS names, or one to be forgotten."""
    named = os.environ.get("INKLING_SCREENSHOTS")
    chosen = ROOT / named if named else tmp_path / "screenshots"
    chosen.mkdir(parents=True, exist_ok=True)
    return chosen


def take(visitor: Visitor, path: Path) -> None:
    """Keep what is on the screen as a small PNG."""
    visitor.page.mouse.move(2, 2)
    visitor.page.wait_for_timeout(1500)  # for charts and tooltips to come to rest
    shot = Image.open(io.BytesIO(visitor.page.screenshot())).convert("RGB")
    shot.quantize(256, dither=Image.Dither.NONE).save(path, "PNG", optimize=True)


def test_the_pages_pose_for_the_readme(shown_database, visit, tmp_path, folder):
    with Dashboard(tmp_path, database_settings(shown_database)) as dashboard:
        visitor = visit(dashboard, viewport={"width": 1100, "height": 1150})
        visitor.draw_digit(4)
        expect(visitor.label).to_have_text("4")
        visitor.open_seeing()
        expect(visitor.page.locator(".inkling-seen")).to_be_visible()
        take(visitor, folder / "draw.png")
        penman = Penman(visitor)
        penman.write(write("HELEN 1472"), height=90)
        penman.page.get_by_text("Where it looked").click()
        penman.letters.nth(6).click()
        expect(penman.page.locator("[class*='st-key-write_character']")).to_be_visible()
        expect(penman.page.locator(".inkling-heat")).to_have_count(1)
        take(visitor, folder / "writing.png")
        visitor.go_to("Statistics")
        expect(visitor.page.locator(".js-plotly-plot").first).to_be_visible()
        visitor.page.set_viewport_size({"width": 1100, "height": 1240})
        take(visitor, folder / "statistics.png")
        visitor.page.close()

    for name in ("draw.png", "writing.png", "statistics.png"):
        file = folder / name
        with Image.open(file) as picture:
            assert picture.size[0] == 1100
        assert file.stat().st_size < MOST_KB * 1024
