"""Everything that an edge asks of the store, and how it fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import URL, Engine

from feedback.candidates import (
    find_training,
    keep_weights,
    list_answered,
    list_trainings,
    list_weights,
    live_version,
    promote,
    record_review,
    roll_back,
    take_lease,
)
from feedback.statistics import read_statistics, weights_versions
from feedback.store import (
    Filters,
    StoreUnavailable,
    check_connection,
    count_drawings,
    forget_before,
    list_drawings,
    list_words,
    migrate,
    open_engine,
    read_answer,
    record_answer,
    record_drawing,
    withdraw_answer,
)
from tests.feedback.sample_drawings import a_drawing
from tests.feedback.sample_weights import some_weights
from tests.postgres import settings_of

PASSWORD = "n0t-t0-be-seen"

CALLS: dict[str, Callable[[Engine], Any]] = {
    "check_connection": check_connection,
    "migrate": migrate,
    "record_drawing": lambda engine: record_drawing(engine, a_drawing()),
    "record_answer": lambda engine: record_answer(engine, a_drawing(), 3),
    "withdraw_answer": lambda engine: withdraw_answer(engine, a_drawing().id, a_drawing().id),
    "list_words": lambda engine: list_words(engine, a_drawing().id),
    "read_answer": lambda engine: read_answer(engine, a_drawing().id),
    "list_drawings": lambda engine: list_drawings(engine, Filters(), limit=1),
    "count_drawings": lambda engine: count_drawings(engine, Filters()),
    "read_statistics": lambda engine: read_statistics(engine, Filters()),
    "weights_versions": weights_versions,
    "keep_weights": lambda engine: keep_weights(engine, some_weights(), []),
    "list_weights": list_weights,
    "live_version": live_version,
    "list_answered": lambda engine: list_answered(engine, limit=1),
    "promote": lambda engine: promote(engine, "a", by="Ada", why="a test", expected_live=None),
    "roll_back": lambda engine: roll_back(engine, by="Ada", why="a test"),
    "record_review": lambda engine: record_review(engine, a_drawing().id, 3, "Ada"),
    "take_lease": lambda engine: take_lease(engine, "a", holder="b", lasts_s=1),
    "list_trainings": lambda engine: list_trainings(engine, limit=1),
    "find_training": lambda engine: find_training(engine, a_drawing().id),
    "forget_before": lambda engine: forget_before(engine, a_drawing().created_at),
}


def refused_after(engine: Engine, call: str) -> tuple[float, str]:
    """Return the seconds that a call takes to fail, and its words."""
    started = time.monotonic()
    with pytest.raises(StoreUnavailable) as raised:
        CALLS[call](engine)
    return time.monotonic() - started, str(raised.value)


def at(host: str, port: int) -> URL:
    """Return the address of a database that need not be there."""
    return URL.create("postgresql+psycopg2", "writer", PASSWORD, host, port, "inkling")


@contextmanager
def opened(url: URL) -> Iterator[Engine]:
    """Give the engine of a store."""
    engine = open_engine(settings_of(url))
    try:
        yield engine
    finally:
        engine.dispose()
