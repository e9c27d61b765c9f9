"""The bar of filters above Statistics and History; what is chosen holds on both pages."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from feedback.records.rows import Filters
from words.names import SOURCES

ALL = ""  # not None, which Streamlit takes for a box that is empty and can be emptied
UTC_DAYS = "Days begin and end at midnight UTC."
UNFILTERED = {
    "filter_since": None,
    "filter_until": None,
    "filter_source": ALL,
    "filter_weights": ALL,
}


def filter_bar(weights_versions: Sequence[str]) -> Filters | None:
    """Show the filters and return what they ask for; None when the dates contradict each other.

    weights_versions: those that the store knows; the chosen one stays selectable without it.
    """
    versions = list(weights_versions)
    chosen = st.session_state.get("filter_weights", ALL)
    if chosen not in (ALL, *versions):
        versions.append(chosen)
    bar = st.grid(4, min_column_width=140)  # two by two on a phone
    since = bar.date_input(
        "From",
        value=None,
        key="filter_since",
        format="YYYY-MM-DD",
        persist_state="session",
        help=UTC_DAYS,
    )
    until = bar.date_input(
        "To, included",
        value=None,
        key="filter_until",
        format="YYYY-MM-DD",
        persist_state="session",
        help=UTC_DAYS,
    )
    source = bar.selectbox(
        "Source",
        [ALL, *SOURCES],
        format_func=lambda value: SOURCES.get(value, "every source"),
        key="filter_source",
        persist_state="session",
    )
    weights_version = bar.selectbox(
        "Weights",
        [ALL, *versions],
        format_func=lambda value: value or "every version",
        key="filter_weights",
        persist_state="session",
    )
    if since and until and since > until:
        st.warning(
            f"No day lies between {since} and {until}: choose an earlier From or a later To.",
            icon=":material/event_busy:",
        )
        return None
    return Filters(since, until, source or None, weights_version or None)


def is_filtered(filters: Filters) -> bool:
    """Return whether anything is filtered out, whoever's drawings they are."""
    return bool(filters.since or filters.until or filters.source or filters.weights_version)


def nothing_matches(filters: Filters) -> None:
    """Say that no drawing passes these filters, and offer to clear them."""
    days = f" {UTC_DAYS}" if filters.since or filters.until else ""
    st.info(f"No drawing matches these filters.{days}", icon=":material/filter_alt_off:")
    st.button("Clear the filters", on_click=clear_filters)


def clear_filters() -> None:
    """Show everything again (a callback: widgets may only be changed before they are drawn)."""
    st.session_state.update(UNFILTERED)
