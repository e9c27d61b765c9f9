"""The app over a store with other people's drawings, seen on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlalchemy import URL

from feedback.candidates import promote
from feedback.connection.engine import open_engine
from feedback.migrate import migrate
from tests.browser.dashboard import Dashboard
from tests.feedback.sample_drawings import keep, random_drawings
from tests.feedback.sample_weights import keep as keep_weights
from tests.postgres import settings_of
from tests.streamlit.operating.answered_digits import answered_digits
from tests.streamlit.operating.gate_reports import SHIPPED, a_gate_report

PASSWORD = "blue-black ink"
SIZES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}


@pytest.fixture(scope="session")
def kept_path(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with 60 drawings of other people."""
    path = tmp_path_factory.mktemp("accessible") / "feedback.sqlite3"
    engine = open_engine(settings_of(URL.create("sqlite+pysqlite", database=str(path))))
    migrate(engine)
    keep(engine, random_drawings(seed=7, number=60))
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def shown(kept_path: Path) -> Iterator[Dashboard]:
    """The app over that file, with a password."""
    settings = {"EMBEDDED_STORE": str(kept_path), "OPERATOR_PASSWORD": PASSWORD}
    with Dashboard(kept_path.parent, settings) as started:
        yield started


@pytest.fixture(scope="session")
def learning(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The app over 240 answers, two of them slips, with weights promoted and one candidate."""
    path = tmp_path_factory.mktemp("learning") / "feedback.sqlite3"
    engine = open_engine(settings_of(URL.create("sqlite+pysqlite", database=str(path))))
    migrate(engine)
    made = answered_digits(240, visitors=24, slips=(3, 27))
    keep(engine, made)
    keep(engine, random_drawings(seed=7, number=20))
    live = keep_weights(engine, parent=SHIPPED, report=a_gate_report(SHIPPED))
    promote(engine, live, by="Ada", why="it reads sevens with a bar", expected_live=None)
    ids = [str(drawing.id) for drawing, _ in made[:9]]
    keep_weights(engine, parent=live, report=a_gate_report(live, ids))
    engine.dispose()
    settings = {"EMBEDDED_STORE": str(path), "OPERATOR_PASSWORD": PASSWORD}
    with Dashboard(path.parent, settings) as started:
        yield started
