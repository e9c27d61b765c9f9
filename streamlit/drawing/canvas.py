"""The canvas: the one file that knows streamlit-drawable-canvas."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from browser.browser_code import loader
from drawing.canvas_state import (
    INK,
    PAPER,
    Paper,
    are_same,
    begins_with,
    check_marks,
    put_back,
)
from model.errors import BadDrawing
from model.ink.pen_strokes import SIDE_PX, PenStroke

SECTION = "draw_section"  # the key of the container that the canvas is somewhere in
LEFT_OUT = "What your browser sent of this drawing cannot be read. Please draw it again."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ink:
    """What is on the canvas."""

    strokes: list[PenStroke]
    is_settled: bool  # False while the browser has yet to follow what it was told: no news then
    problem: str | None = None  # why the strokes are not those that the browser sent

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn."""
        return not self.strokes


def read_canvas(paper: Paper) -> Ink:
    """Return what is on the canvas, checked before anything is drawn from it.

    paper: kept by the caller between re-runs; updated. The drawing is put back when the canvas
    was away (another page).
    """
    state = st.session_state.get(paper.key)
    if state is None and paper.marks:
        # A widget of a new name: what a browser still sends for the old one finds nobody.
        put_back(paper)
    try:
        marks, strokes = check_marks(_objects(state, paper))
    except BadDrawing as problem:
        log.warning("a canvas sent what is no drawing, and it is left out: %s", problem)
        return Ink(check_marks(paper.marks)[1], is_settled=True, problem=LEFT_OUT)
    if any(are_same(marks, old) for old in paper.replaced):
        return Ink(check_marks(paper.marks)[1], is_settled=False)
    paper.replaced = []
    paper.marks = marks
    if marks:
        paper.answered = []  # the next drawing is begun
    if not begins_with(paper.trail, marks):
        paper.trail = marks
    return Ink(strokes, is_settled=True)


def _objects(state: object, paper: Paper) -> object:
    """Return the strokes that the browser reports; before it does, those that it was given."""
    try:
        drawing = (state or {})["drawing"]  # type: ignore[index]
        return drawing["raw"]["objects"] if drawing else paper.given["objects"]
    except (KeyError, TypeError):
        return paper.given["objects"]


def show_canvas(paper: Paper, pen_px: int, drawn: Callable[[], None]) -> None:
    """Draw the canvas; pen_px: width of the next strokes. drawn: called when it was drawn on."""
    st_canvas(
        stroke_width=pen_px,
        stroke_color=INK,
        background_color=PAPER,
        height=SIDE_PX,
        width=SIDE_PX,
        initial_drawing=paper.given,
        key=paper.key,
        on_change=drawn,
    )


def dress_canvas(paper: Paper) -> None:
    """Make the canvas look like the page's, and say what it is to those who do not see it."""
    _dress(data={"section": SECTION, "canvas": paper.key}, key="draw_canvas_dress")


# The library's own toolbar shows on hover only, which a finger cannot do, and lies invisibly over
# the canvas's corner until then. The page has buttons of its own for all of it.
_dress = st.components.v2.component("inkling_canvas_dress", js=loader("dress"))
