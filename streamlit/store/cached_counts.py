"""Numbers from the store, shared by all who look at the same moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st
from sqlalchemy import Engine

from feedback.candidates import Promotion, list_promotions
from feedback.records.rows import Filters
from feedback.records.writing_rows import Kind
from feedback.statistics import (
    Glance,
    Statistics,
    VersionCount,
    WritingStatistics,
    count_versions,
    newest_readings,
    read_statistics,
    read_writing_statistics,
    weights_versions,
)
from feedback.store import count_drawings
from store.recent import Recent


@st.cache_resource
def _recent() -> Recent:
    """Return the results of this process, which all its sessions share."""
    return Recent()


def counted_statistics(engine: Engine, filters: Filters) -> tuple[Statistics, datetime]:
    """Return the statistics and when they were counted; raises StoreUnavailable."""
    with st.spinner("Counting the answers"):
        return _recent().result(
            ("statistics", _place(engine), filters),
            lambda: (read_statistics(engine, filters), datetime.now(UTC)),
        )


def counted_drawings(engine: Engine, filters: Filters) -> int:
    """Return how many drawings the filters let through; raises StoreUnavailable."""
    key = ("drawings", _place(engine), filters)
    with st.spinner("Counting the drawings"):
        return _recent().result(key, lambda: count_drawings(engine, filters))


def counted_writing(
    engine: Engine, filters: Filters, kind: Kind
) -> tuple[WritingStatistics, datetime]:
    """Return the statistics of one kind of writing, and when they were counted.

    Raises StoreUnavailable.
    """
    with st.spinner("Counting the answers"):
        return _recent().result(
            ("writing", _place(engine), filters, kind),
            lambda: (read_writing_statistics(engine, filters, kind), datetime.now(UTC)),
        )


def known_versions(engine: Engine, *, of_writing: bool = False) -> list[str]:
    """Return the weights versions that the store has drawings of; raises StoreUnavailable.

    of_writing: of writing and single characters, in place of digits.
    """
    with st.spinner("Looking at what is kept"):
        return _recent().result(
            ("versions", _place(engine), of_writing),
            lambda: weights_versions(engine, of_writing=of_writing),
        )


def latest_readings(engine: Engine, filters: Filters, limit: int) -> list[Glance]:
    """Return how the newest drawings were read, newest first; raises StoreUnavailable."""
    key = ("readings", _place(engine), filters, limit)
    with st.spinner("Looking at the newest drawings"):
        return _recent().result(key, lambda: newest_readings(engine, filters, limit=limit))


def counted_versions(engine: Engine, filters: Filters) -> list[VersionCount]:
    """Return the versions side by side, whichever the filters name; raises StoreUnavailable."""
    wanted = replace(filters, weights_version=None)
    with st.spinner("Comparing the versions"):
        return _recent().result(
            ("by version", _place(engine), wanted), lambda: count_versions(engine, wanted)
        )


def known_promotions(engine: Engine) -> list[Promotion]:
    """Return all that was promoted and rolled back, newest first; raises StoreUnavailable."""
    return _recent().result(("promotions", _place(engine)), lambda: list_promotions(engine))


def count_again() -> None:
    """Forget all remembered numbers."""
    _recent().forget()


def _place(engine: Engine) -> str:
    """Return what tells one store from another, without its password."""
    return engine.url.render_as_string(hide_password=True)
