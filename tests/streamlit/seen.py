"""What a person sees of the app, and what its store holds."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import URL
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from feedback.connection.engine import open_engine
from feedback.store import Filters, KeptDrawing, list_drawings
from tests.postgres import settings_of

READ = 'aria-label="I read '


def shown(app: AppTest) -> str:
    """Return all words on the page."""
    words = [element.proto.body for kind in ("html", "markdown") for element in app.get(kind)]
    for kind in (app.error, app.warning, app.info, app.success, app.caption, app.title):
        words += [element.value for element in kind]
    return "\n".join(words)


def labels(app: AppTest) -> list[str]:
    """Return what was read, in the order of the page."""
    bodies = [element.proto.body for element in app.get("html")]
    return [body.split(READ)[1][0] for body in bodies if READ in body]


def yes(app: AppTest) -> Button:
    """Return the button that agrees with what was read of the canvas."""
    (button,) = [one for one in app.button if (one.key or "").startswith("draw_yes_canvas")]
    return button


def kept(path: Path, number: int) -> list[KeptDrawing]:
    """Return the store's drawings, newest first, once there are so many."""
    engine = open_engine(settings_of(URL.create("sqlite+pysqlite", database=str(path))))
    deadline = time.monotonic() + 10
    while True:
        rows = list_drawings(engine, Filters(), limit=99)
        if len(rows) >= number or time.monotonic() > deadline:
            engine.dispose()
            return rows
        time.sleep(0.02)
