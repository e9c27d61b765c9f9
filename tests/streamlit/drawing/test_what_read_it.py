"""A drawing keeps the version that read it, also when what is live changes between two strokes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from drawing.canvas import Ink
from drawing.desk import Desk
from model import Recogniser
from model.ink.pen_strokes import check_strokes


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a browser session remembers, without a browser."""
    from drawing.canvas_state import blank_paper

    state: dict[str, Any] = {"draw_paper": blank_paper()}
    monkeypatch.setattr("drawing.desk.st", SimpleNamespace(session_state=state))
    return state


def stroke(x: int) -> dict[str, Any]:
    return {"x": [x, x], "y": [60, 220], "pen": 18}


def test_each_reading_is_kept_with_the_weights_that_made_it(session):
    real = Recogniser.load()
    live = ["six-conv-1"]

    def reads() -> Any:
        card = SimpleNamespace(version=live[0])
        return SimpleNamespace(card=card, predict=real.predict)

    desk = Desk(reads, None, uuid4(), False, None, lambda _desk: {}, "home")  # type: ignore[arg-type]
    desk._take_in(Ink(check_strokes([stroke(120)]), is_settled=True))
    first = session["draw_sheet"].to_row()
    live[0] = "six-conv-2"
    desk._take_in(Ink(check_strokes([stroke(120), stroke(160)]), is_settled=True))
    second = session["draw_sheet"].to_row()

    assert first.id == second.id
    assert (first.weights_version, second.weights_version) == ("six-conv-1", "six-conv-2")
