"""The canvas: the one file that knows streamlit-drawable-canvas."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from PIL import Image
from streamlit_drawable_canvas import st_canvas

from drawing.canvas_state import (
    SIDE_PX,
    Colours,
    Marks,
    Paper,
    are_same,
    begins_with,
    lay,
    put_back,
    to_strokes,
)
from drawing.current_drawing import Strokes
from drawing.reported import BadReport, checked_marks, checked_picture

LEFT_OUT = "What your browser sent of this drawing cannot be read. Please draw it again."


@dataclass(frozen=True)
class Ink:
    """What is on the canvas."""

    strokes: Strokes
    image: Image.Image | None  # None while the canvas shows what it was told to: no news then

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn."""
        return not self.strokes


def read_canvas(paper: Paper, colours: Colours) -> Ink:
    """Return what is on the canvas, before it is drawn anew: the label need not wait for that.

    paper: kept by the caller between re-runs; updated. The drawing is put back when the canvas
    was away (another page) or its colours change.
    """
    state = st.session_state.get(paper.key)
    if state is None and paper.marks:
        # A widget of a new name: what a browser still sends for the old one finds nobody.
        put_back(paper)
    if colours != paper.colours:
        paper.colours = colours
        lay(paper, paper.marks)
    try:
        marks, image = _reported(state, paper)
        strokes = to_strokes(marks)
    except BadReport as problem:
        logging.getLogger(__name__).warning("a canvas sent %s: left out", problem)
        put_back(paper)  # a widget of a new name, which nothing was sent for
        paper.problem = LEFT_OUT
        return Ink(to_strokes(paper.marks), None)
    if any(are_same(marks, old) for old in paper.replaced):
        return Ink(to_strokes(paper.marks), None)  # the browser has yet to follow
    paper.replaced = []
    if marks != paper.marks:
        paper.problem = None
    paper.marks = marks
    if not begins_with(paper.trail, marks):
        paper.trail = marks
    return Ink(strokes, image)


def _reported(state: object, paper: Paper) -> tuple[Marks, Image.Image | None]:
    """Return strokes and picture of what the browser sent; raises BadReport."""
    if not state:
        return list(paper.given["objects"]), None
    if not isinstance(state, dict):
        raise BadReport(f"a state of the type {type(state).__name__}")
    if state.get("backgroundFit") is not None:
        raise BadReport("a background, which this canvas has not")
    drawing = state.get("drawing") or {"raw": paper.given, "data": None}
    marks = checked_marks(drawing)
    return marks, checked_picture(drawing.get("data"))


def show_canvas(paper: Paper, pen_px: int) -> None:
    """Draw the canvas; pen_px: width of the next strokes."""
    with st.container(key="draw_canvas_box", width=SIDE_PX + 2):
        st_canvas(
            stroke_width=pen_px,
            stroke_color=paper.colours.ink,
            background_color=paper.colours.paper,
            height=SIDE_PX,
            width=SIDE_PX,
            initial_drawing=paper.given,
            return_image_data=True,
            key=paper.key,
        )
        if paper.problem:
            st.warning(paper.problem, icon=":material/ink_eraser:")
        _dress(data={"box": "draw_canvas_box", "canvas": paper.key}, key="draw_canvas_dress")


# The library's own toolbar shows on hover only, which a finger cannot do, and lies invisibly over
# the canvas's corner until then. The page has buttons of its own for all of it.
_dress = st.components.v2.component(
    "inkling_canvas_dress", js=(Path(__file__).parent / "canvas_dress.js").read_text()
)
