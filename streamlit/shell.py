"""What all pages stand on: the network, the store and its writer, made once for everyone."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import streamlit as st
from sqlalchemy import Engine

import charts.base  # noqa: F401  (Plotly is loaded here, so that it is frozen with the rest)
from feedback.connection.engine import open_engine
from feedback.connection.settings import StoreSettings, read_settings
from feedback.errors import SettingsError
from feedback.migrate import migrate
from feedback.store import check_connection, record_answer, record_drawing
from model import Recogniser
from store.writer import Writer
from words.sentences import as_sentence

FIRST_ANSWER_S = 10.0  # how long Statistics and History wait for the store at the very first visit


@dataclass(frozen=True)
class Store:
    """Where drawings go; without a database, nowhere."""

    settings: StoreSettings
    engine: Engine | None
    writer: Writer | None
    problem: str | None = None  # what is wrong with the configuration


def choose_store(environ: Mapping[str, str]) -> Store:
    """Return the configured store, the same at every call; a bad configuration keeps nothing."""
    try:
        settings = read_settings(environ)
    except SettingsError as error:
        nowhere = StoreSettings("none", None, "not kept: the database is not configured rightly")
        return Store(nowhere, None, None, problem=str(error))
    return _open_store(settings)


def _close(store: Store) -> None:
    if store.writer is not None:
        store.writer.close()
    if store.engine is not None:
        store.engine.dispose()


@st.cache_resource(show_spinner=False, hash_funcs={StoreSettings: hash}, on_release=_close)
def _open_store(settings: StoreSettings) -> Store:
    if settings.url is None:
        return Store(settings, None, None)
    engine = open_engine(settings)
    # The writer's first check migrates, in its own thread: a server that is away delays no page.
    check = partial(_check, engine, settings.migrate_at_start)
    writer = Writer(
        check=check,
        record_drawing=partial(record_drawing, engine),
        record_answer=partial(record_answer, engine),
    )
    return Store(settings, engine, writer)


def _check(engine: Engine, migrates: bool) -> None:
    if migrates:
        migrate(engine)
    else:
        check_connection(engine)


@st.cache_resource(show_spinner="Loading the network …")
def open_recogniser(weights: Path | None) -> Recogniser:
    """Return the network in use; raises WeightsError.

    What start-up made lives as long as the process, so the garbage collector need not look at it
    again, in the middle of somebody's stroke.
    """
    recogniser = Recogniser.load(weights)  # one thread each: sessions share the processor
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
