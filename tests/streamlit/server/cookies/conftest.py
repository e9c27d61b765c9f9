"""A server below a path."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.dashboard import Dashboard
from tests.streamlit.server.served_store import a_store, settings_for


@pytest.fixture(scope="session")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The app below a path."""
    path = a_store(tmp_path_factory.mktemp("below"))
    settings = settings_for(path, STREAMLIT_SERVER_BASE_URL_PATH="ink", OPERATOR_PASSWORD="x" * 12)
    with Dashboard(path.parent, settings, base="/ink") as started:
        yield started
