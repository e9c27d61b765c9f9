"""A store that visitors share, the app over it, and a browser that keeps nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright
from sqlalchemy import Engine

from feedback.connection.engine import open_engine
from tests.browser.conftest import ARGUMENTS, find_chromium
from tests.browser.dashboard import Dashboard
from tests.postgres import settings_of, sqlite_url
from tests.streamlit.server.served_store import PASSWORD, a_store, settings_for


@pytest.fixture(scope="session")
def shared_path(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_store(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="session")
def served(shared_path: Path) -> Iterator[Dashboard]:
    """The app over an embedded store with somebody else's drawing, with a password."""
    with Dashboard(
        shared_path.parent, settings_for(shared_path, OPERATOR_PASSWORD=PASSWORD)
    ) as started:
        yield started


@pytest.fixture
def kept(shared_path: Path) -> Iterator[Engine]:
    """The store, to look into."""
    engine = open_engine(settings_of(sqlite_url(shared_path)))
    yield engine
    engine.dispose()


@pytest.fixture
def refusing(playwright: Playwright, chromium: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser whose user has forbidden every site to keep anything."""
    profile = tmp_path / "profile" / "Default"
    profile.mkdir(parents=True)
    setting = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (profile / "Preferences").write_text(json.dumps(setting))
    context = playwright.chromium.launch_persistent_context(
        profile.parent, executable_path=find_chromium(playwright), args=ARGUMENTS
    )
    yield context
    context.close()
