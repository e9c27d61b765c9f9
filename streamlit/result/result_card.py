"""The result of one drawing, the same for every source: a component draws it from words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from browser.browser_code import loader
from result.current_drawing import Sheet
from result.explanation import show_seeing
from result.shown_reading import Shown, as_hint, as_problem, in_words
from words.sentences import as_sentence

HINT = "Draw a digit from 0 to 9 with mouse, finger or pen.\nI read it while you draw."


def show_result(
    sheet: Sheet | None,
    *,
    problem: str | None = None,
    is_small: bool = False,
    follow: dict[str, Any] | None = None,
    restore: Callable[[object], None] | None = None,
    said: str | None = None,
) -> None:
    """Show what was read: label, confidence and the ten probabilities; or what to do first.

    problem: why what was drawn is not taken, if so. follow: what the browser needs to show readings
    by itself while the pen moves. restore: is told what its tab holds of an earlier session. said:
    what became of the answer, for those who listen.
    """
    if is_small and sheet is not None and sheet.problem is not None:
        st.warning(as_sentence(sheet.problem), icon=":material/ink_eraser:")
        return
    data = {
        "shown": as_problem(problem) if problem else _shown(sheet, said),
        "isSmall": is_small,
        "follow": follow,
    }
    key = f"draw_reading_{_name(sheet, is_small)}"

    def held() -> None:
        if restore is not None:
            restore(st.session_state[key].get("held"))

    _reading(data=data, key=key, on_held_change=held)


def show_reasons(sheet: Sheet, *, is_small: bool = False) -> None:
    """Offer what the network saw, below the question: opened, it must not push that away."""
    if sheet.prediction is not None:
        show_seeing(sheet.prediction, _name(sheet, is_small))


def _shown(sheet: Sheet | None, said: str | None) -> Shown:
    if sheet is not None and sheet.problem is not None:
        return as_problem(sheet.problem)
    if sheet is None or sheet.prediction is None:
        return as_hint(HINT)
    shown = in_words(sheet.prediction)
    return shown if said is None else {**shown, "question": "", "spoken": said}


def _name(sheet: Sheet | None, is_small: bool) -> str:
    if sheet is None:
        return "canvas"
    return f"{sheet.source}_{sheet.id}" if is_small else sheet.source


_reading = st.components.v2.component(
    "inkling_reading",
    js=loader("follower"),
    isolate_styles=False,  # it is part of the page, and looks like it
)
