"""Both ways of starting, from a folder that is not the project's, on the embedded store."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import URL

from feedback.connection.engine import open_engine
from feedback.store import Filters, list_drawings
from tests.browser.dashboard import BY_SCRIPT, BY_STREAMLIT, Dashboard
from tests.postgres import settings_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("way", [BY_SCRIPT, BY_STREAMLIT], ids=["run_streamlit", "streamlit run"])
def test_the_app_starts_from_anywhere_and_keeps_answers(visit, tmp_path, way):
    path = tmp_path / "feedback.sqlite3"

    with Dashboard(tmp_path, {"EMBEDDED_STORE": str(path)}, way) as dashboard:
        visitor = visit(dashboard)
        visitor.draw_digit(3)
        visitor.say_yes()
        expect(visitor.question).to_contain_text("Saved: it is a 3")
        expect(visitor.page.get_by_text("kept on this computer")).to_be_visible()
        limit = visitor.page.request.get(f"{dashboard.url}/_stcore/host-config")
        visitor.page.close()

    engine = open_engine(settings_of(URL.create("sqlite+pysqlite", database=str(path))))
    (row,) = list_drawings(engine, Filters(), limit=9)
    engine.dispose()
    assert row.answer == 3
    assert limit.ok
    assert "Traceback" not in dashboard.log
