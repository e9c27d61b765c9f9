"""What a line of the log looks like: for people and collectors, or as Google Cloud reads them."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime

from streamlit import logger as streamlit_logger

FORMATS = ("plain", "json")
OURS = (
    *("access", "drawing", "feedback", "guards", "model"),
    *("process", "server", "store", "uploads", "views"),
)
SERVER = ("uvicorn", "uvicorn.access", "uvicorn.asgi", "uvicorn.error", "websockets")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")

log = logging.getLogger(__name__)


class PlainLines(logging.Formatter):
    """`2026-01-31T10:00:00.123Z ERROR store.outages: words`; further lines begin with blanks.

    A line that begins with a time is a record of ours, whatever somebody else put into its words:
    control characters are written out.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line, and the indented lines of its traceback."""
        words = CONTROL.sub(lambda found: ascii(found[0])[1:-1], _words(record))
        indented = words.replace("\n", "\n    ")
        return f"{_time(record)} {record.levelname} {record.name}: {indented}"


class JsonLines(logging.Formatter):
    """One JSON object a line: severity, time, logger, and message with the traceback in it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line."""
        fields = {
            "severity": record.levelname,  # Google Cloud has these names too
            "time": _time(record),
            "logger": record.name,
            "message": _words(record),
        }
        return json.dumps(fields)


def set_up(environ: Mapping[str, str]) -> None:
    """Write all that is logged in this process to stderr, in the format that LOG_FORMAT names.

    Streamlit and uvicorn have handlers of their own, which are taken away. What the server says
    about each connection, with its visitor's address, is left out.
    """
    chosen = (environ.get("LOG_FORMAT") or "plain").strip().lower()
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if chosen == "json" else PlainLines())
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


def _words(record: logging.LogRecord) -> str:
    words = record.getMessage()
    if record.exc_info:
        words += "\n" + logging.Formatter().formatException(record.exc_info)
    if record.stack_info:
        words += "\n" + record.stack_info
    return words


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
