"""KEEP_DAYS: what is too old is deleted while the server runs, and a store that is away is told."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import URL, Engine

from feedback.store import Filters, count_drawings, list_drawings, open_engine
from process.kept import choose_store, close_store
from serving.keeping.retention import Retention
from tests.feedback.sample_drawings import a_drawing, keep
from tests.postgres import environ_of, settings_of

WAIT_S = 20.0


def until(is_so: Callable[[], bool]) -> bool:
    end = time.monotonic() + WAIT_S
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)
    return is_so()


def days_old(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def test_what_is_too_old_is_deleted_and_the_log_says_how_much(
    engine: Engine, caplog: pytest.LogCaptureFixture
):
    old = [a_drawing(created_at=days_old(days)) for days in (31, 400)]
    new = a_drawing(created_at=days_old(29))
    keep(engine, [(drawing, 3) for drawing in [*old, new]])
    rested = threading.Event()
    caplog.set_level(logging.INFO, "serving.keeping.retention")

    retention = Retention(engine, 30, rest=rested.set, first_s=0)

    assert rested.wait(WAIT_S)
    retention.close()
    assert [row.id for row in list_drawings(engine, Filters(), limit=9)] == [new.id]
    assert [record.message for record in caplog.records] == [
        "KEEP_DAYS=30: 2 drawings were older than that, and deleted"
    ]


def test_it_looks_again_and_again(sqlite_engine: Engine):
    rested = threading.Event()
    retention = Retention(sqlite_engine, 30, rest=rested.set, first_s=0, every_s=0.05)
    for _ in range(2):
        rested.clear()
        keep(sqlite_engine, [(a_drawing(created_at=days_old(31)), 3)])
        assert rested.wait(WAIT_S)
    retention.close()

    assert count_drawings(sqlite_engine, Filters()) == 0


def test_a_store_that_is_away_is_told_and_tried_again(caplog: pytest.LogCaptureFixture):
    url = URL.create("postgresql+psycopg2", "u", "p", "127.0.0.1", 1, "i")
    away = open_engine(settings_of(url))

    retention = Retention(away, 30, first_s=0, every_s=0.05)

    assert until(lambda: len(caplog.records) >= 2)
    retention.close()
    assert "older than KEEP_DAYS=30 was not deleted: PostgreSQL 127.0.0.1:1" in caplog.text
    away.dispose()


def test_closing_ends_its_thread(sqlite_engine: Engine):
    retention = Retention(sqlite_engine, 30)

    retention.close()

    assert not [thread for thread in threading.enumerate() if thread.name == "retention"]


@pytest.mark.parametrize("days", ["30", ""])
def test_a_running_dashboard_keeps_to_the_setting(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: object, days: str
):
    monkeypatch.setattr("process.kept.Retention", partial(Retention, first_s=0))
    keep(sqlite_engine, [(a_drawing(created_at=days_old(31)), 3)])
    settings = environ_of(sqlite_engine.url) | {"SPOOL_DIR": str(tmp_path), "KEEP_DAYS": days}

    store = choose_store({name: value for name, value in settings.items() if value})
    try:
        assert (store.retention is not None) is bool(days)
        if days:
            assert until(lambda: count_drawings(sqlite_engine, Filters()) == 0)
    finally:
        close_store(store)
    assert count_drawings(sqlite_engine, Filters()) == (0 if days else 1)
