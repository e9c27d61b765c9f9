"""Servers that several files of tests look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.dashboard import Dashboard
from tests.streamlit.server.served_store import (
    PASSWORD,
    a_store,
    link_of,
    post,
    settings_for,
    token_of,
)


@pytest.fixture(scope="session")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_store(tmp_path_factory.mktemp("open"))


@pytest.fixture(scope="session")
def open_dashboard(path: Path) -> Iterator[Dashboard]:
    """The app over an embedded store, without a password."""
    with Dashboard(path.parent, settings_for(path)) as started:
        yield started


@pytest.fixture(scope="session")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The app over an embedded store, with a password, behind one proxy."""
    path = a_store(tmp_path_factory.mktemp("locked"))
    settings = settings_for(path, OPERATOR_PASSWORD=PASSWORD, TRUSTED_PROXIES="1")
    with Dashboard(path.parent, settings) as started:
        yield started


@pytest.fixture(scope="session")
def cookie(open_dashboard: Dashboard, path: Path) -> str:
    """What a browser sends that came by the link."""
    url = f"{open_dashboard.url}/operator"
    _, headers = post(url, token=token_of(link_of(path)))
    return headers["set-cookie"].split(";")[0]


@pytest.fixture(scope="session")
def broken_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The app on a database that nothing answers for."""
    environ = {
        "DB_HOST": "127.0.0.1",
        "DB_PORT": "1",
        "DB_NAME": "ink_answers",
        "DB_USER": "writer",
        "DB_PASSWORD": "s3cret-word",
        "OPERATOR_PASSWORD": "",
    }
    with Dashboard(tmp_path_factory.mktemp("broken"), environ) as started:
        yield started
