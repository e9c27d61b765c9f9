"""The Statistics page counts only what its filters let through."""

from __future__ import annotations

from datetime import datetime

from feedback.statistics import read_statistics
from feedback.store import Filters
from tests.feedback.sample_drawings import a_drawing, keep, random_drawings
from tests.streamlit.views.test_statistics_page import numbers, opened


def test_filters_count_only_what_they_let_through(engine):
    keep(engine, random_drawings(seed=5, number=400))
    wanted = Filters(
        since=datetime(2026, 2, 3).date(),
        until=datetime(2026, 2, 12).date(),
        source="upload",
        weights_version="b-00000002",
    )
    counted = read_statistics(engine, wanted)
    app = opened(engine)

    app.date_input(key="filter_since").set_value(wanted.since)
    app.date_input(key="filter_until").set_value(wanted.until)
    app.selectbox(key="filter_source").select("upload")
    app.selectbox(key="filter_weights").select("b-00000002").run()

    assert 0 < counted.drawings < 400
    assert numbers(app)["Drawings"] == str(counted.drawings)
    assert numbers(app)["Answers"] == str(counted.answers)


def test_filters_that_nothing_passes_can_be_cleared(sqlite_engine):
    keep(sqlite_engine, [(a_drawing(source="canvas"), 7)])
    app = opened(sqlite_engine)
    app.selectbox(key="filter_source").select("upload").run()
    assert "No drawing matches" in app.info[0].value

    app.button[0].click().run()

    assert numbers(app)["Drawings"] == "1"
    assert app.selectbox(key="filter_source").value == ""


def test_dates_the_wrong_way_round_are_named(sqlite_engine):
    keep(sqlite_engine, [(a_drawing(), 7)])
    app = opened(sqlite_engine)

    app.date_input(key="filter_since").set_value(datetime(2026, 3, 9).date())
    app.date_input(key="filter_until").set_value(datetime(2026, 3, 1).date()).run()

    assert "2026-03-09 and 2026-03-01" in app.warning[0].value
    assert not app.metric
