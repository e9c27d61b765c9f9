"""Numbers from the store, remembered for a few seconds so that many viewers cost one query."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st
from sqlalchemy import Engine

from feedback.rows import Filters
from feedback.statistics import Statistics, read_statistics, weights_versions
from feedback.store import count_drawings

FRESH_S = 5


def counted_statistics(engine: Engine, filters: Filters) -> tuple[Statistics, datetime]:
    """Return the statistics, at most `FRESH_S` seconds old, and when they were counted.

    Raises StoreUnavailable.
    """
    return _statistics(_place(engine), filters, engine)


def counted_drawings(engine: Engine, filters: Filters) -> int:
    """Return how many drawings the filters let through; raises StoreUnavailable."""
    return _drawings(_place(engine), filters, engine)


def known_versions(engine: Engine) -> list[str]:
    """Return the weights versions that the store has drawings of; raises StoreUnavailable."""
    return _versions(_place(engine), engine)


def count_again() -> None:
    """Forget all remembered numbers."""
    for remembered in (_statistics, _drawings, _versions):
        remembered.clear()


def _place(engine: Engine) -> str:
    """Return what tells one store from another, without its password."""
    return engine.url.render_as_string(hide_password=True)


@st.cache_data(ttl=FRESH_S, max_entries=64, show_spinner="Counting the answers")
def _statistics(place: str, filters: Filters, _engine: Engine) -> tuple[Statistics, datetime]:
    return read_statistics(_engine, filters), datetime.now(UTC)


@st.cache_data(ttl=FRESH_S, max_entries=256, show_spinner=False)
def _drawings(place: str, filters: Filters, _engine: Engine) -> int:
    return count_drawings(_engine, filters)


@st.cache_data(ttl=FRESH_S, max_entries=16, show_spinner=False)
def _versions(place: str, _engine: Engine) -> list[str]:
    return weights_versions(_engine)
