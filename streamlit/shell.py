"""What all pages stand on: the network, the store, and whose session this is."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import streamlit as st

from model import Recogniser
from process import network
from process.kept import Store
from words.sentences import as_sentence

FIRST_ANSWER_S = 10.0  # how long Statistics and History wait for the store at the very first visit


def open_recogniser(weights: Path | None) -> Recogniser:
    """Return the network in use; raises WeightsError. Shows that it loads where it still does."""
    if network.is_loaded(weights):
        return network.open_recogniser(weights)
    with st.spinner("Loading the network …"):
        return network.open_recogniser(weights)


def session_id() -> UUID:
    """Return this browser session's id."""
    identity: UUID = st.session_state.setdefault("session_id", uuid4())
    return identity


def store_is_ready(store: Store, title: str) -> bool:
    """Wait until the store is reachable and migrated; if it is not, say why and how to go on."""
    if store.writer is None:
        return True
    with st.spinner("Reaching the database …", show_time=True):
        problem = store.writer.check_now(FIRST_ANSWER_S)
    if problem is None:
        return True
    st.title(title)
    st.warning(as_sentence(problem), icon=":material/cloud_off:")
    st.button("Try again", key="shell_try_again")
    return False


def store_line(store: Store) -> None:
    """Say where drawings and answers are written."""
    place = store.settings.place
    if place.startswith("not kept"):
        st.caption(f":material/cloud_off: Drawings and answers are {place}.")
        return
    waiting = store.writer.waiting if store.writer and store.writer.problem else 0
    line = f":material/database: Drawings and answers are kept in {place}."
    if waiting:
        drawings = "1 drawing waits" if waiting == 1 else f"{waiting} drawings wait"
        line += f" It cannot be reached now; {drawings} to be saved."
    st.caption(line)
