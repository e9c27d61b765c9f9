"""What all pages stand on: the network, the store and its writer, made once for everyone."""

from __future__ import annotations

import gc
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import streamlit as st
import torch

import charts.base  # noqa: F401  (Plotly is loaded here, so that it is frozen with the rest)
from model import Recogniser
from store.opening import Store, choose_store
from words.sentences import as_sentence

__all__ = [
    "Store",
    "choose_store",
    "open_recogniser",
    "session_id",
    "store_is_ready",
    "store_line",
]

FIRST_ANSWER_S = 10.0  # how long Statistics and History wait for the store at the very first visit


@st.cache_resource(show_spinner="Loading the network …")
def open_recogniser(weights: Path | None) -> Recogniser:
    """Return the network in use; raises WeightsError.

    What start-up made lives as long as the process, so the garbage collector need not look at it
    again: with torch loaded, that alone takes it 60 ms each time.
    """
    torch.set_num_threads(1)  # one small picture at a time: more threads only wait for each other
    recogniser = Recogniser.load(weights)
    stroke = np.zeros((280, 280), np.uint8)
    stroke[60:220, 130:150] = 255
    recogniser.predict(stroke)  # the first prediction is ten times slower than the others
    gc.collect()
    gc.freeze()
    return recogniser


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
