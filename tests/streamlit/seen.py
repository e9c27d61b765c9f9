"""What a person sees of the app, and what its store holds."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from feedback.connection.engine import open_engine
from feedback.errors import StoreUnavailable
from feedback.store import Filters, KeptDrawing, list_drawings
from tests.postgres import settings_of

READING = "inkling_reading"


def shown(app: AppTest) -> str:
    """Return all words on the page."""
    words = [element.proto.body for kind in ("html", "markdown") for element in app.get(kind)]
    for kind in (app.error, app.warning, app.info, app.success, app.caption, app.title):
        words += [element.value for element in kind]
    words += [reading["line"] for reading in readings(app)]
    return "\n".join(words)


def readings(app: AppTest) -> list[dict[str, Any]]:
    """Return what the browser is told to show of each drawing, in the order of the page."""
    return [data["shown"] for data in _data(app)]


def followed(app: AppTest) -> dict[str, Any]:
    """Return what the browser is told of the canvas, to follow the pen on it."""
    (follow,) = [data["follow"] for data in _data(app) if data["follow"]]
    return follow


def _data(app: AppTest) -> list[dict[str, Any]]:
    protos = [element.proto for element in app.get("bidi_component")]
    return [json.loads(proto.json) for proto in protos if proto.component_name == READING]


def labels(app: AppTest) -> list[str]:
    """Return what was read and not refused, in the order of the page."""
    read = [reading for reading in readings(app) if reading["kind"] in ("sure", "open")]
    return [reading["label"] for reading in read]


def yes(app: AppTest) -> Button:
    """Return the button that agrees with what was read of the canvas."""
    (button,) = [one for one in app.button if (one.key or "").startswith("draw_yes_canvas")]
    return button


def second(app: AppTest) -> Button:
    """Return the button for the second of two likely answers about the canvas."""
    (button,) = [one for one in app.button if (one.key or "").startswith("draw_second_canvas")]
    return button


def kept(path: Path, number: int) -> list[KeptDrawing]:
    """Return the store's drawings, newest first, once there are so many."""
    engine = open_engine(settings_of(URL.create("sqlite+pysqlite", database=str(path))))
    deadline = time.monotonic() + 10
    while True:
        try:
            rows = list_drawings(engine, Filters(), limit=99)
        except StoreUnavailable:  # its first write will make its tables
            rows = []
        if len(rows) >= number or time.monotonic() > deadline:
            engine.dispose()
            return rows
        time.sleep(0.02)
