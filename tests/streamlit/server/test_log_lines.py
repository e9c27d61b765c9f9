"""What a line of the log looks like, whoever writes it."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys

import pytest

from environment import ROOT
from serving.connections.line_formats import JsonLines, PlainLines

SPEAK = f"""
import sys, logging, threading, warnings
sys.path[:0] = [{str(ROOT / "streamlit")!r}, {str(ROOT)!r}]
from streamlit import config, logger
early = logger.get_logger("streamlit.early")
import uvicorn
uvicorn.Config("nothing:app", log_config=uvicorn.config.LOGGING_CONFIG)  # gives it its handlers
from server.log_lines import set_up
set_up({{"LOG_FORMAT": sys.argv[1]}})
early.error("early")
logger.get_logger("streamlit.late").error("late")
logging.getLogger("uvicorn.error").error("of the server")
logging.getLogger("uvicorn.error").info('127.0.0.1:4711 - "WebSocket /_stcore/stream" [accepted]')
logging.getLogger("store.writer").info("ours")
logging.getLogger("alembic.runtime.migration").info("chatter")
warnings.warn("old")
thread = threading.Thread(target=lambda: 1 / 0, name="worker"); thread.start(); thread.join()
"""


def record_of(message: str, *args: object, **more: object) -> logging.LogRecord:
    record = logging.LogRecord("store.writer", logging.ERROR, "f.py", 1, message, args, None)
    vars(record).update(more)
    return record


def failure() -> tuple:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        return sys.exc_info()


def test_a_plain_line_has_time_severity_logger_and_words():
    line = PlainLines().format(record_of("%d wait", 3, created=1769853600.1234))

    assert line == "2026-01-31T10:00:00.123Z ERROR store.writer: 3 wait"


def test_a_json_line_has_the_fields_that_google_cloud_reads():
    line = JsonLines().format(record_of("„%s“", "ü\n", created=1769853600.1234))

    assert "\n" not in line
    assert json.loads(line) == {
        "severity": "ERROR",
        "time": "2026-01-31T10:00:00.123Z",
        "logger": "store.writer",
        "message": "„ü\n“",
    }


def test_a_traceback_belongs_to_its_record():
    record = record_of("failed", exc_info=failure())

    first, *others = PlainLines().format(record).splitlines()
    message = json.loads(JsonLines().format(record))["message"]

    assert first.endswith("ERROR store.writer: failed")
    assert all(line.startswith("    ") for line in others)
    assert others[-1].strip() == "lines"
    assert message.startswith("failed\nTraceback (most recent call last):")


@pytest.mark.parametrize(
    "bad", ["\n2026-01-31T10:00:00.123Z INFO a: forged", "\r", "\x1b[2J", "\x85"]
)
def test_no_words_can_pass_for_a_record_or_reach_the_terminal_raw(bad: str):
    text = PlainLines().format(record_of("name: %s", f"x{bad}y"))

    records = [line for line in re.split("[\r\n\x85]", text) if re.match(r"\d", line)]
    assert len(records) == 1
    assert "\x1b" not in text


@pytest.fixture(scope="module", params=["json", "", "JSON ", "yaml"])
def spoken(request: pytest.FixtureRequest) -> tuple[str, list[str]]:
    """The format, and the lines that all kinds of loggers wrote in it."""
    done = subprocess.run(
        [sys.executable, "-c", SPEAK, request.param], capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    return request.param, done.stderr.splitlines()


def test_every_logger_s_records_come_once_and_in_one_format(spoken: tuple[str, list[str]]):
    chosen, lines = spoken

    if chosen.strip().lower() == "json":
        records = [(r["severity"], r["logger"]) for r in map(json.loads, lines)]
    else:
        pattern = r"\S+Z ([A-Z]+) (\S+): "
        records = [m.groups() for line in lines if (m := re.match(pattern, line))]
        assert all(line.startswith(" ") for line in lines if not re.match(pattern, line))

    wrong = [("WARNING", "server.log_lines")] if chosen == "yaml" else []
    assert records == [
        *wrong,
        ("ERROR", "streamlit.early"),
        ("ERROR", "streamlit.late"),
        ("ERROR", "uvicorn.error"),
        ("INFO", "store.writer"),
        ("WARNING", "py.warnings"),
        ("ERROR", "server.log_lines"),
    ]


def test_no_visitor_s_address_is_logged(spoken: tuple[str, list[str]]):
    assert "127.0.0.1" not in "\n".join(spoken[1])
