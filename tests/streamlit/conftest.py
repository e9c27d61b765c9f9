"""What the tests of the dashboard share: its folder on the path, and a fresh app for each test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from environment import ROOT

# A server looks once, at its start, which installed packages bring components; AppTest at each run
# of a page, which takes it four fifths of its time. No test installs one.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

FOLDER = ROOT / "streamlit"
if str(FOLDER) not in sys.path:  # as `streamlit run` has it
    sys.path.insert(0, str(FOLDER))

STORE_KEYS = (
    "DB_HOST",
    "DB_PORT",
    "DB_NAME",
    "DB_USER",
    "DB_PASSWORD",
    "DB_INSTANCE_CONNECTION_NAME",
    "DB_PASSWORDLESS",
    "DB_SSLMODE",
    "DB_SSLROOTCERT",
)


@pytest.fixture
def embedded_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of an embedded store of the test's own, which the environment names."""
    path = tmp_path / "feedback.sqlite3"
    for key in STORE_KEYS:
        monkeypatch.setenv(key, "")
    monkeypatch.setenv("EMBEDDED_STORE", str(path))
    monkeypatch.setenv("SPOOL_DIR", str(tmp_path / "spool"))
    return path


@pytest.fixture
def as_operator(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What `open_app` puts into the session of somebody who typed the password."""
    from access.operator_pass import passes

    monkeypatch.setenv("OPERATOR_PASSWORD", "blue-black ink")
    return {"access_granted": passes().new("blue-black ink")}


@pytest.fixture
def open_app(embedded_store: Path) -> Iterator[Callable[..., AppTest]]:
    """A function that opens the whole app; its keywords are put into the session first."""

    def opened(**session: Any) -> AppTest:
        app = AppTest.from_file(str(FOLDER / "dashboard.py"), default_timeout=30)
        # No browser is there to say what its tab holds of an earlier session.
        for key, value in {"draw_is_fresh": False, **session}.items():
            app.session_state[key] = value
        return app.run()

    yield opened
    # As at the end of the process: the next test loads and opens anew.
    from process.kept import close_stores

    close_stores()
    st.cache_resource.clear()
