"""A drawing keeps the version that read it, also when what is live changes between two strokes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from model import Recogniser
from process import network
from tests.streamlit.drawn import digit
from tests.streamlit.seen import kept, yes

CANVAS = "draw_canvas"


@pytest.fixture
def make_live(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A function that makes weights of that version live."""

    def made(version: str) -> None:
        recogniser = Recogniser.load()
        recogniser.card = replace(recogniser.card, version=version)
        monkeypatch.setattr(network, "open_recogniser", lambda _weights: recogniser)

    return made


def test_each_reading_is_kept_with_the_weights_that_made_it(
    open_app: Callable[..., AppTest], embedded_store: Path, make_live: Any
):
    make_live("six-conv-1")
    app = open_app(**{CANVAS: digit(4, strokes=1)})
    (first,) = kept(embedded_store, 1)

    make_live("six-conv-2")
    app.session_state[CANVAS] = digit(4)
    app.run()
    yes(app).click().run()

    (second,) = kept(embedded_store, 1)
    assert first.id == second.id
    assert (first.weights_version, second.weights_version) == ("six-conv-1", "six-conv-2")


def test_a_drawing_that_is_done_keeps_its_version(
    open_app: Callable[..., AppTest], embedded_store: Path, make_live: Any
):
    make_live("six-conv-1")
    app = open_app(**{CANVAS: digit(4)})
    yes(app).click().run()

    make_live("six-conv-2")
    app.run()

    (only,) = kept(embedded_store, 1)
    assert only.weights_version == "six-conv-1"
