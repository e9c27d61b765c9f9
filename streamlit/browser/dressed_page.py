"""The names and roles that Streamlit gives its elements no way to carry, set in the browser."""

from __future__ import annotations

import streamlit as st

from browser.browser_code import loader

_dress = st.components.v2.component("inkling_page_dress", js=loader("page"))


def dress_page() -> None:
    """Name the groups and the current page, and keep the focus; at the end of a run of a page."""
    with st.container(key="page_dress"):
        _dress(key="page_dress_code")
