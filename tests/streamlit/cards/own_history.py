"""What an author does on the History page, and reads there."""

from __future__ import annotations

import uuid
from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from tests.feedback.sample_drawings import a_drawing

ME, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def find(app: AppTest, key: str) -> Button:
    (button,) = [button for button in app.button if (button.key or "").startswith(key)]
    return button


def asked(app: AppTest, opener: str) -> AppTest:
    """Return the page with what a button of a card, or the one below them all, asks."""
    find(app, opener).click()
    return app.run()


def press(app: AppTest, opener: str, key: str) -> AppTest:
    """Press a button of what `opener` asks: in a browser that is a run of its own part alone."""
    asked(app, opener)
    find(app, opener).click()
    find(app, key).click()
    return app.run()


def said(app: AppTest) -> list[str]:
    assert not app.exception
    return [toast.value for toast in app.toast]


def mine(answer: Any = None, **changes: Any):
    """Return a drawing of this visit, and its answer."""
    return a_drawing(session_id=ME, **changes), answer
