"""The canvas: the one file that knows streamlit-drawable-canvas."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from PIL import Image
from streamlit_drawable_canvas import st_canvas

from drawing.canvas_state import (
    SIDE_PX,
    Colours,
    Paper,
    are_same,
    begins_with,
    lay,
    put_back,
    to_strokes,
)
from drawing.current_drawing import Strokes


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
    drawing = (state or {}).get("drawing") or {"raw": paper.given, "data": None}
    marks = list(drawing["raw"].get("objects", []))
    if any(are_same(marks, old) for old in paper.replaced):
        return Ink(to_strokes(paper.marks), None)  # the browser has yet to follow
    paper.replaced = []
    paper.marks = marks
    if not begins_with(paper.trail, marks):
        paper.trail = marks
    return Ink(to_strokes(marks), _open(drawing["data"]))


def _open(data_url: str | None) -> Image.Image | None:
    if not data_url:
        return None
    _, encoded = data_url.split(";base64,", 1)
    return Image.open(io.BytesIO(base64.b64decode(encoded)))


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
        _dress(data={"box": "draw_canvas_box", "canvas": paper.key}, key="draw_canvas_dress")


# The library's own toolbar shows on hover only, which a finger cannot do, and lies invisibly over
# the canvas's corner until then. The page has buttons of its own for all of it.
_dress = st.components.v2.component(
    "inkling_canvas_dress", js=(Path(__file__).parent / "canvas_dress.js").read_text()
)
