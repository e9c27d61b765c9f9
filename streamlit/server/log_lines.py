"""What a line of the log looks like: for people and collectors, or as Google Cloud reads them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

from streamlit import logger as streamlit_logger

from serving.connections.line_formats import FORMATS, formatter

OURS = (
    *("access", "drawing", "feedback", "guards", "model"),
    *("process", "server", "serving", "store", "uploads", "views"),
)
SERVER = ("uvicorn", "uvicorn.access", "uvicorn.asgi", "uvicorn.error", "websockets")

log = logging.getLogger(__name__)


def set_up(environ: Mapping[str, str]) -> None:
    """Write all that is logged in this process to stderr, in the format that LOG_FORMAT names.

    Streamlit and uvicorn have handlers of their own, which are taken away. What the server says
    about each connection, with its visitor's address, is left out.
    """
    chosen = (environ.get("LOG_FORMAT") or "plain").strip().lower()
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(chosen))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    # Each later logger of Streamlit's would get a handler by this function.
    streamlit_logger.setup_formatter = _pass_on
    for name in logging.root.manager.loggerDict:
        _pass_on(logging.getLogger(name))
    for name in SERVER:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    threading.excepthook = _log_thread_failure
    if chosen not in FORMATS:
        log.warning("LOG_FORMAT must be one of %s: plain lines it is", ", ".join(FORMATS))


def _pass_on(logger: logging.Logger) -> None:
    """Let a logger's records go to the one handler of all."""
    logger.handlers.clear()
    logger.propagate = True


def _log_thread_failure(failure: threading.ExceptHookArgs) -> None:
    if failure.exc_value is not None:
        name = failure.thread.name if failure.thread else "a thread"
        log.error("%s failed", name, exc_info=failure.exc_value)
