"""What a page says of the store: plain words to visitors, place and reason to the operator."""

from __future__ import annotations

import logging
import time

import streamlit as st

from feedback.connection.settings import NOT_CONFIGURED, StoreSettings
from feedback.errors import StoreUnavailable
from store.cached_counts import count_again
from words.sentences import as_sentence

log = logging.getLogger(__name__)

NOT_NOW = "cannot be saved at the moment"
UNREADABLE = "What was kept cannot be shown at the moment. Try again in a while."
AGAIN_AFTER_S = 60.0
LINE_SAYS_AWAY = "store_line_says_away"
_logged_at_s: dict[str, float] = {}  # by reason; there are as many as sentences in `reasons`


def store_line(
    settings: StoreSettings,
    *,
    operator: bool,
    is_here: bool,
    away: str | None = None,
    waiting: int = 0,
) -> str:
    """Return the line at the foot of every page: whether, and to the operator where, it is kept.

    is_here: whether the browser seems to run on the dashboard's own machine. away: why nothing can
    be written now, None while it can. waiting: drawings that are not written yet.
    """
    if settings.url is None:
        words = "not kept" if settings.place == NOT_CONFIGURED else f"not kept: they {NOT_NOW}"
        if operator:
            words = settings.place
        return f":material/cloud_off: Drawings and answers are {words}."
    if not operator:
        if away is not None:
            return (
                f":material/cloud_off: Drawings and answers {NOT_NOW}; they are read all the same."
            )
        place = " on this computer," if settings.kind == "sqlite" and is_here else ""
        return f":material/database: What is saved is kept{place} so that the reader can learn."
    line = f":material/database: Drawings and answers are kept in {settings.place}."
    if away is not None:
        drawings = "1 drawing waits" if waiting == 1 else f"{waiting} drawings wait"
        line += f" It cannot be reached now; {drawings} to be saved. {as_sentence(away)}"
    return line


def note_line(*, says_away: bool) -> None:
    """Remember what the line at the foot says, which a stroke does not draw anew."""
    st.session_state[LINE_SAYS_AWAY] = says_away


def forget_line() -> None:
    """Begin a run of the whole page: the line at its foot will be drawn anew."""
    st.session_state.pop(LINE_SAYS_AWAY, None)


def line_contradicts(*, is_kept: bool, is_away: bool) -> bool:
    """Tell whether the line at the foot says otherwise than what became of a writing."""
    says_away = st.session_state.get(LINE_SAYS_AWAY)
    return (says_away is True and is_kept) or (says_away is False and is_away)


def not_kept(consequence: str, settings: StoreSettings, *, operator: bool = False) -> None:
    """Say that nothing is kept and what that means here; to the operator, what changes it."""
    if not operator:
        st.info(as_sentence(f"Nothing is kept, {consequence}"), icon=":material/database_off:")
        return
    if settings.place == NOT_CONFIGURED:
        cure = (
            "no database is configured. Set `DB_HOST`, `DB_NAME`, `DB_USER` and `DB_PASSWORD`, or "
            "name a file in `EMBEDDED_STORE`."
        )
    else:
        cure = "the database is not configured rightly. What has to be changed stands above."
    st.info(f"Nothing is kept, {consequence}: {cure}", icon=":material/database_off:")


def store_away(error: StoreUnavailable, *, operator: bool = False) -> None:
    """Say that the store cannot be reached, and offer to try again."""
    st.error(words_for(str(error), operator=operator), icon=":material/cloud_off:")
    st.button("Try again", icon=":material/refresh:", on_click=count_again)


def words_for(reason: str, *, operator: bool, plain: str = UNREADABLE) -> str:
    """Return the reason to the operator, and plain words to everyone else; it is logged for both.

    reason: may name places and settings. In the log it stands once a minute at most.
    """
    now_s = time.monotonic()
    if now_s - _logged_at_s.get(reason, -AGAIN_AFTER_S) >= AGAIN_AFTER_S:
        _logged_at_s[reason] = now_s
        log.warning("%s", reason)
    return as_sentence(reason) if operator else plain
