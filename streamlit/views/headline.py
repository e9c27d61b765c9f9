"""The big numbers at the top of a page."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st


def headline(numbers: Iterable[tuple[str, str, str]], *, columns: int) -> None:
    """Show numbers side by side, two by two on a phone.

    numbers: what it is, the number, and a word on it (a range, a unit, a count).
    """
    grid = st.grid(columns, min_column_width=140)
    for label, value, detail in numbers:
        grid.metric(
            label,
            value,
            delta=detail,
            delta_color="off",
            delta_arrow="off",
            border=True,
            height="stretch",
        )
