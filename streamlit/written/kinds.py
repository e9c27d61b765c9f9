"""The choice of what was drawn, which Statistics and History share."""

from __future__ import annotations

import streamlit as st

from feedback.records.writing_rows import Kind

KINDS: dict[str, Kind | None] = {
    "One digit": None,
    "One character": "character",
    "Writing": "writing",
}


def choose_kind() -> Kind | None:
    """Show the choice and return what it asks for; None: digits."""
    chosen = st.segmented_control(
        "What was drawn",
        list(KINDS),
        default="One digit",
        required=True,
        key="kept_kind",
        persist_state="session",
    )
    return KINDS[chosen or "One digit"]
