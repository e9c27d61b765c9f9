"""What a page says when there is no store, or when it cannot be reached."""

from __future__ import annotations

import streamlit as st

from feedback.connection.settings import NOT_CONFIGURED, StoreSettings
from feedback.errors import StoreUnavailable
from store.cached_counts import count_again
from words.sentences import as_sentence


def not_kept(consequence: str, settings: StoreSettings) -> None:
    """Say that nothing is kept, what that means here, and what changes it."""
    if settings.place == NOT_CONFIGURED:
        cure = (
            "no database is configured. Whoever runs this dashboard sets `DB_HOST`, `DB_NAME`, "
            "`DB_USER` and `DB_PASSWORD`, or names a file in `EMBEDDED_STORE`."
        )
    else:
        cure = "the database is not configured rightly. What has to be changed stands above."
    st.info(f"Nothing is kept, {consequence}: {cure}", icon=":material/database_off:")


def store_away(error: StoreUnavailable) -> None:
    """Say that the store cannot be reached, and offer to try again."""
    st.error(as_sentence(str(error)), icon=":material/cloud_off:")
    st.button("Try again", icon=":material/refresh:", on_click=count_again)
