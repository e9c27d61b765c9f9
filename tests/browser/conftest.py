"""A real Chromium, and the real app to point it at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NoReturn

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Playwright,
    ViewportSize,
    sync_playwright,
)
from sqlalchemy import URL, Engine

from feedback.connection.engine import open_engine
from tests.browser.dashboard import Dashboard
from tests.browser.visitor import DESKTOP, Visitor
from tests.postgres import database_of, settings_of

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # what one page compiled serves the next: half of a visit's time
]
CURE = "`python -m playwright install --with-deps chromium` provides one"


def without_browser(reason: str) -> NoReturn:
    """Skip, with the cure; in CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}: {CURE}", pytrace=False)
    pytest.skip(f"{reason}: {CURE}")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    try:
        manager = sync_playwright()
        started = manager.__enter__()
    except Exception as error:  # a system library is missing, say: Playwright's own words tell
        without_browser(f"Playwright's driver does not start ({error})")
    yield started
    manager.__exit__(None, None, None)


def find_chromium(playwright: Playwright) -> str | None:
    """Return the program of a Chromium or Chrome, installed or downloaded by Playwright."""
    candidates = [*map(shutil.which, PROGRAMS), MAC, playwright.chromium.executable_path]
    return next((path for path in candidates if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    program = find_chromium(playwright)
    if program is None:
        without_browser("no Chromium or Chrome found")
    browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def desktop(chromium: Browser) -> Iterator[BrowserContext]:
    """What visits share that ask for nothing special: the app's files, loaded and compiled once.

    To the app each visit is still a visitor of its own: it begins without cookies.
    """
    context = chromium.new_context(**DESKTOP)
    # The browser ends a site's process, and forgets what it compiled, with the site's last page.
    keeper = context.new_page()
    keeper.route("**/*", lambda route: route.fulfill(body="open"))
    keeper.goto("http://127.0.0.1/")
    yield context
    context.close()


def database_settings(url: URL) -> dict[str, str]:
    """Return the environment that leads the app to a database."""
    return {
        "DB_HOST": str(url.host),
        "DB_PORT": str(url.port or 5432),
        "DB_NAME": str(url.database),
        "DB_USER": str(url.username),
        "DB_PASSWORD": str(url.password),
    }


@pytest.fixture(scope="session")
def database(chromium: Browser, postgres_server_url: URL, migrated_template: str) -> Iterator[URL]:
    """The PostgreSQL database of the shared app; asked for after a browser was found."""
    with database_of(postgres_server_url, migrated_template) as url:
        yield url


@pytest.fixture(scope="session")
def dashboard(database: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The app, started once for many tests, on PostgreSQL."""
    folder = tmp_path_factory.mktemp("dashboard")
    with Dashboard(folder, database_settings(database)) as started:
        yield started


@pytest.fixture
def store(database: URL) -> Iterator[Engine]:
    """The shared app's store, to look into."""
    engine = open_engine(settings_of(database))
    yield engine
    engine.dispose()


@pytest.fixture
def visit(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visitor]]:
    """A function that opens the app in a browser session of its own.

    What the browser complains about, and every request to another machine, fails the test.
    """
    visitors: list[Visitor] = []
    own_contexts: list[BrowserContext] = []

    def opened(
        dashboard: Dashboard | None = None,
        *,
        viewport: ViewportSize = DESKTOP["viewport"],
        color_scheme: Literal["light", "dark"] = DESKTOP["color_scheme"],
        **device: Any,
    ) -> Visitor:
        """Open the app; device: what no page can be told once it is there, a touch screen say."""
        dashboard = dashboard or request.getfixturevalue("dashboard")
        own = chromium.new_context(**DESKTOP | device) if device else None
        if own:
            own_contexts.append(own)
        context = own or request.getfixturevalue("desktop")
        if not own:
            context.clear_cookies()
        visitor = Visitor(context, dashboard.url, viewport, color_scheme)
        visitors.append(visitor)
        return visitor

    yield opened
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.page.close()
    for context in own_contexts:
        context.close()
    assert complaints == []
