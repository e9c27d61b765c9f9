"""The start and the end of the server's process, and what state it is in between.

Light to import: what takes long to load is loaded in a thread, so that the server answers at once.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from environment import read_environment
from serving.version import VERSION

if TYPE_CHECKING:
    from store.ending import Ending

log = logging.getLogger(__name__)

# Not Plotly and pandas: 67 MB for charts and tables, which load in half a second when needed.
HEAVY_MODULES = ("model", "feedback.store")
FIRST_ANSWER_S = 5.0  # how long the line about the start waits for the store
LOOK_S = 4.0  # how long one question for readiness waits for it
TRY_AGAIN_S = 30.0  # how often weights that could not be loaded are tried again

WeightsState = Literal["loaded", "loading", "not loaded"]
StoreState = Literal["answers", "off", "away", "not configured rightly"]

_is_loaded_ahead = threading.Event()
_asking = threading.Lock()
_last_try_s = 0.0


def begin() -> threading.Thread:
    """Load the network and open the store, in a thread; return it.

    Together this takes seconds; without it the first visitor would wait for it.
    """
    _is_loaded_ahead.clear()
    thread = threading.Thread(target=load_ahead, name="load-ahead", daemon=True)
    thread.start()
    return thread


def load_ahead() -> None:
    """Load what the first page needs, and write the line about the start.

    The store comes first: what an earlier server left in the spool is written before anybody comes.
    """
    try:
        from process.kept import choose_store

        store = choose_store(read_environment())
        if store.problem:
            log.error("the configuration needs a look: %s", store.problem)
        for module in HEAVY_MODULES:
            import_module(module)
        weights = _load_weights()
    finally:
        _is_loaded_ahead.set()
    problem = store.writer.check_now(FIRST_ANSWER_S) if store.writer else None
    does = "" if store.writer is None else ", which is away" if problem else ", which answers"
    log.info(
        "Inkling %s is up; weights: %s; store: %s%s",
        *(VERSION, weights or "none", store.settings.place, does),
    )


def end() -> None:
    """Write what still waits, close the store, and write the line about the end."""
    network = sys.modules.get("process.network")  # not there where nobody has come so far
    getattr(network, "forget_recognisers", lambda: None)()
    training = sys.modules.get("process.training")
    getattr(training, "end_trainings", lambda: None)()
    kept = sys.modules.get("process.kept")
    close_stores = getattr(kept, "close_stores", list)
    endings: list[Ending] = close_stores()
    if not endings and not _is_loaded_ahead.is_set():
        log.info("Inkling ends; it had not come up yet")
        return
    written = sum(ending.written for ending in endings)
    spooled = sum(ending.spooled for ending in endings)
    lost = sum(ending.lost for ending in endings)
    if spooled or lost:
        words = "Inkling ends; written since its start: %d; in the spool: %d; lost: %d"
        log.log(logging.ERROR if lost else logging.WARNING, words, written, spooled, lost)
    else:
        log.info("Inkling ends; written since its start: %d; nothing waits", written)


def weights_state() -> WeightsState:
    """Return whether the network can read; what could not be loaded is tried again now and then."""
    global _last_try_s
    if not _is_loaded_ahead.is_set():
        return "loading"
    from process.network import is_loaded, weights_of

    weights = weights_of(read_environment())
    if not is_loaded(weights) and time.monotonic() - _last_try_s >= TRY_AGAIN_S:
        _load_weights()
    return "loaded" if is_loaded(weights) else "not loaded"


def store_state() -> StoreState:
    """Return whether the store takes drawings now, after asking it where nobody did just before.

    Only one asks at a time; whoever comes meanwhile gets what was known before.
    """
    if not _is_loaded_ahead.is_set():
        return "away"
    from process.kept import choose_store

    store = choose_store(read_environment())
    if store.problem:
        return "not configured rightly"
    if store.writer is None:
        return "off"
    problem = store.writer.problem
    if problem is None and _asking.acquire(blocking=False):
        try:
            problem = store.writer.look(LOOK_S)
        finally:
            _asking.release()
    return "away" if problem else "answers"


def _load_weights() -> str | None:
    """Return the version of the weights, now loaded; None, with a line in the log, without any."""
    global _last_try_s
    _last_try_s = time.monotonic()
    from model.errors import WeightsError
    from process.network import follow, open_recogniser, weights_of

    weights = weights_of(read_environment())
    follow(weights)
    try:
        return open_recogniser(weights).card.version
    except WeightsError as error:
        log.error("there is no network to read with: %s", error)
    return None
