"""What all pages stand on: the network and the store."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from model import Recogniser
from process import network
from process.kept import Store
from store.messages import note_line, store_line, words_for

FIRST_ANSWER_S = 10.0  # how long Statistics and History wait for the store at the very first visit


def open_recogniser(weights: Path | None) -> Recogniser:
    """Return the network in use; raises WeightsError. Shows that it loads where it still does."""
    if network.is_loaded(weights):
        return network.open_recogniser(weights)
    with st.spinner("Loading the network …"):
        return network.open_recogniser(weights)


def store_is_ready(store: Store, title: str, *, operator: bool) -> bool:
    """Wait until the store is reachable and migrated; if it is not, say so and how to go on."""
    if store.writer is None:
        return True
    with st.spinner("Reaching the database …", show_time=True):
        problem = store.writer.check_now(FIRST_ANSWER_S)
    if problem is None:
        return True
    st.title(title)
    st.warning(words_for(problem, operator=operator), icon=":material/cloud_off:")
    st.button("Try again", key="shell_try_again")
    return False


def show_store_line(store: Store, *, operator: bool, is_here: bool) -> None:
    """Say at the foot of a page whether drawings and answers are kept."""
    writer = store.writer
    note_line(says_away=writer is not None and writer.problem is not None)
    line = store_line(
        store.settings,
        operator=operator,
        is_here=is_here,
        away=writer.problem if writer else None,
        waiting=writer.waiting if writer else 0,
    )
    st.caption(line)
