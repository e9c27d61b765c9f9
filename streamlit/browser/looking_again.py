"""A part of the page that looks again by itself, for as long as it asks to."""

from __future__ import annotations

import time

import streamlit as st

from browser.browser_code import loader

_look_again = st.components.v2.component("inkling_look_again", js=loader("look_again"))


def look_again(after_s: float, key: str) -> None:
    """Have the fragment that this is called in drawn anew, once; key: of this place on the page.

    Not a fragment of its own that runs every second: Streamlit 1.67 drops what waits to be sent of
    a fragment that begins anew, but not of one within it, whose elements then have no place, and
    the whole page ends with "Cannot set a node at a delta path".
    """
    with st.container(key=f"look_again_{key}"):
        _look_again(
            data={"afterMs": round(after_s * 1000), "turn": time.monotonic_ns()},
            key=f"look_again_code_{key}",
            on_due_change=_look,
        )


def _look() -> None:
    """Nothing: to be asked is to be drawn anew."""
