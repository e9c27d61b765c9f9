"""The start and the end of the server's process, and what state it is in between.

Light to import: what takes long to load is loaded in a thread, so that the server answers at once.
"""

from __future__ import annotations

import logging
import threading
from importlib import import_module

from environment import read_environment

log = logging.getLogger(__name__)

HEAVY_MODULES = ("pandas", "plotly.graph_objects", "model", "feedback.store")


def begin() -> threading.Thread:
    """Load the network and open the store, in a thread; return it.

    Together this takes seconds; without it the first visitor would wait for it.
    """
    thread = threading.Thread(target=load_ahead, name="load-ahead", daemon=True)
    thread.start()
    return thread


def load_ahead() -> None:
    """Load what the first page needs; what is wrong is found again, and said, by who needs it."""
    from model.errors import WeightsError

    for module in HEAVY_MODULES:
        import_module(module)
    from process.kept import choose_store
    from process.network import open_recogniser, weights_of

    environ = read_environment()
    choose_store(environ)
    try:
        open_recogniser(weights_of(environ))
    except WeightsError as error:
        log.error("no network to read with: %s", error)


def end() -> None:
    """Write what still waits, and close the store."""
    from process.kept import close_stores

    close_stores()
