"""Why an upload did not arrive, below the uploader: words for a person, and not the library's."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_words = st.components.v2.component(
    "inkling_upload_words", js=(Path(__file__).parent / "upload_words.js").read_text()
)


def say_what_was_not_sent(box: str) -> None:
    """Watch the file uploader in the container of that key, for as long as the page is open."""
    _words(data={"box": box}, key="draw_upload_words")
