"""What a line of the log looks like: for people and collectors, or as Google Cloud reads them."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

FORMATS = ("plain", "json")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def formatter(chosen: str) -> logging.Formatter:
    """Return what makes lines in one of FORMATS; plain ones for every other name."""
    return JsonLines() if chosen == "json" else PlainLines()


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
