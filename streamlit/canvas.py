"""The canvas: the one file that knows streamlit-drawable-canvas."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from PIL import Image
from streamlit_drawable_canvas import st_canvas

from paper import SIDE_PX, Colours, Paper, are_same, begins_with, lay, put_back, to_strokes
from sheet import Strokes


@dataclass(frozen=True)
class Ink:
    """What is on the canvas."""

    strokes: Strokes
    image: Image.Image | None  # None while the canvas shows what it was told to: no news then

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn."""
        return not self.strokes


def show_canvas(paper: Paper, colours: Colours, pen_px: int) -> Ink:
    """Draw the canvas and return what is on it.

    paper: kept by the caller between re-runs; updated. pen_px: width of the next strokes.
    The drawing is put back when the canvas was away (another page) or its colours change.
    """
    if paper.key not in st.session_state and paper.marks:
        # A widget of a new name: what a browser still sends for the old one finds nobody.
        put_back(paper)
    if colours != paper.colours:
        paper.colours = colours
        lay(paper, paper.marks)
    with st.container(key="draw_canvas_box", width=SIDE_PX + 2):
        result = st_canvas(
            stroke_width=pen_px,
            stroke_color=colours.ink,
            background_color=colours.paper,
            height=SIDE_PX,
            width=SIDE_PX,
            initial_drawing=paper.given,
            return_image_data=True,
            key=paper.key,
        )
        _dress(data={"box": "draw_canvas_box", "canvas": paper.key}, key="draw_canvas_dress")
    marks = list((result.json_data or {}).get("objects", []))
    if paper.replaced is not None and are_same(marks, paper.replaced):
        return Ink(to_strokes(paper.marks), None)  # the browser has yet to follow
    paper.replaced = None
    paper.marks = marks
    if not begins_with(paper.trail, marks):
        paper.trail = marks
    png = result.image_bytes
    image = Image.open(io.BytesIO(png)) if png else None
    return Ink(to_strokes(paper.marks), image)


# The library's own toolbar shows on hover only, which a finger cannot do, and lies invisibly over
# the canvas's corner until then. The page has buttons of its own for all of it.
_dress = st.components.v2.component(
    "inkling_canvas_dress", js=(Path(__file__).parent / "canvas_dress.js").read_text()
)
