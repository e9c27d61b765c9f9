"""How many drawings wait."""

from __future__ import annotations

from store.waiting import Waiting, Write
from tests.feedback.sample_drawings import a_drawing


def test_a_drawing_in_hand_of_which_more_is_said_waits_once():
    waiting, drawing = Waiting(), a_drawing()
    waiting.add(Write(drawing, (), []))
    waiting.take()

    waiting.add(Write(drawing, (), []))
    assert len(waiting) == 1
    waiting.add(Write(a_drawing(), (), []))
    assert len(waiting) == 2
