"""The dashboard as a Space runs it, and people who see it in the hub's frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.browser.conftest import DESKTOP
from tests.browser.dashboard import Dashboard
from tests.browser.framed.hub import HubVisitor, browser_with
from tests.project.deploy.space_files import settings


@pytest.fixture(scope="session")
def space(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The app with the settings of the Space's image, and without a home."""
    folder = tmp_path_factory.mktemp("space")
    with Dashboard(folder, settings() | {"HOME": "/nonexistent"}) as started:
        yield started


@pytest.fixture(scope="session")
def browser_of(
    playwright: Playwright, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., BrowserContext]]:
    """A function that starts a browser which blocks third parties' cookies, once for a device."""
    started: dict[str, BrowserContext] = {}
    with ExitStack() as stack:

        def start(**device: Any) -> BrowserContext:
            name = str(sorted(device.items()))
            if name not in started:
                folder = tmp_path_factory.mktemp("browser")
                browser = browser_with(playwright, folder, **DESKTOP | device)
                started[name] = stack.enter_context(browser)
            return started[name]

        yield start


@pytest.fixture
def come(
    space: Dashboard, browser_of: Callable[..., BrowserContext]
) -> Iterator[Callable[..., HubVisitor]]:
    """A function that opens the Space's page at the hub.

    What the browser complains about, and every request to another machine, fails the test.
    """
    visitors: list[HubVisitor] = []

    def opened(dashboard: Dashboard = space, **device: Any) -> HubVisitor:
        context = browser_of(**device)
        look = DESKTOP | device
        visitors.append(
            HubVisitor(
                context,
                f"http://localhost:{dashboard.port}",  # another site than the hub's
                look["viewport"],
                look["color_scheme"],
            )
        )
        return visitors[-1]

    yield opened
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.page.close()
        visitor.context.unroute_all()
    assert complaints == []
