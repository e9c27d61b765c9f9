"""The canvas: the one file that knows streamlit-drawable-canvas."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from PIL import Image
from streamlit_drawable_canvas import st_canvas

from sheet import Strokes

SIDE_PX = 280  # what the networks are evaluated on, and what fits a phone
LARGEST = 255  # of Quick, Draw! coordinates
KEY = "draw_canvas"

Marks = list[dict[str, Any]]  # the library's own objects, one for each stroke


@dataclass(frozen=True)
class Colours:
    """The canvas's own colours; the prediction does not depend on them."""

    ink: str
    paper: str


LIGHT = Colours(ink="#1f2340", paper="#ffffff")
DARK = Colours(ink="#f4f3ee", paper="#0c0e14")


@dataclass
class Paper:
    """What the canvas was last told to show, and everything drawn since it was last emptied."""

    given: dict[str, Any]
    trail: Marks  # the longest drawing so far: what redo goes back to
    marks: Marks  # what is on the canvas now
    colours: Colours
    replaced: Marks | None = None  # what `given` takes the place of, until the browser has done so
    turn: int = 0


@dataclass(frozen=True)
class Ink:
    """What is on the canvas."""

    strokes: Strokes
    image: Image.Image | None  # None while the canvas shows what it was told to: no news then

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn."""
        return not self.strokes


def blank_paper(colours: Colours) -> Paper:
    """Return an empty canvas's paper."""
    return Paper(given={"objects": []}, trail=[], marks=[], colours=colours)


def show_canvas(paper: Paper, colours: Colours, pen_px: int) -> Ink:
    """Draw the canvas and return what is on it.

    paper: kept by the caller between re-runs; updated. pen_px: width of the next strokes.
    The drawing is put back when the canvas was away (another page) or its colours change.
    """
    if KEY not in st.session_state and paper.marks:
        lay(paper, paper.marks)
    if colours != paper.colours:
        paper.colours = colours
        lay(paper, paper.marks)
    result = st_canvas(
        stroke_width=pen_px,
        stroke_color=colours.ink,
        background_color=colours.paper,
        height=SIDE_PX,
        width=SIDE_PX,
        initial_drawing=paper.given,
        return_image_data=True,
        key=KEY,
    )
    _dress(data={"canvas": KEY}, key="draw_canvas_dress")
    marks = list((result.json_data or {}).get("objects", []))
    if paper.replaced is not None and _are_same(marks, paper.replaced):
        return Ink(to_strokes(paper.marks), None)  # the browser has yet to follow
    paper.replaced = None
    paper.marks = marks
    if not _begins_with(paper.trail, marks):
        paper.trail = marks
    png = result.image_bytes
    image = Image.open(io.BytesIO(png)) if png else None
    return Ink(to_strokes(paper.marks), image)


def lay(paper: Paper, marks: Sequence[Mapping[str, Any]]) -> None:
    """Have the canvas show these strokes, in its own ink, from the next run on."""
    paper.turn += 1  # the library looks at `given` again only when it differs from the last
    marks = [{**mark, "stroke": paper.colours.ink} for mark in marks]
    paper.given = {"objects": marks, "turn": paper.turn}
    paper.replaced = paper.marks
    paper.marks = marks


def can_undo(paper: Paper) -> bool:
    """Tell whether there is a stroke to take back."""
    return bool(paper.marks)


def can_redo(paper: Paper) -> bool:
    """Tell whether a stroke was taken back and none drawn since."""
    return len(paper.trail) > len(paper.marks)


def undo(paper: Paper) -> None:
    """Take the last stroke back."""
    lay(paper, paper.marks[:-1])


def redo(paper: Paper) -> None:
    """Put back the stroke that was taken back last."""
    lay(paper, paper.trail[: len(paper.marks) + 1])


def wipe(paper: Paper) -> None:
    """Empty the canvas for a new drawing; there is no way back."""
    paper.trail = []
    lay(paper, [])


def to_strokes(marks: Sequence[Mapping[str, Any]]) -> Strokes:
    """Return strokes in Quick, Draw! simplified form, scaled from the canvas to 0..255.

    Of the library's smoothed curves these are the points where the pen was.
    """
    return [_to_stroke(mark["path"]) for mark in marks if mark.get("path")]


def _to_stroke(path: Sequence[Sequence[Any]]) -> list[list[int]]:
    points: list[tuple[int, int]] = []
    for command, *numbers in path:
        # A quadratic curve's control point is where the pen was; its end is between two such.
        x, y = numbers[:2] if command == "Q" else numbers[-2:]
        point = (_scale(x), _scale(y))
        if not points or points[-1] != point:
            points.append(point)
    return [[x for x, _ in points], [y for _, y in points]]


def _scale(coordinate: float) -> int:
    return min(max(round(coordinate * LARGEST / SIDE_PX), 0), LARGEST)


def _begins_with(trail: Marks, marks: Marks) -> bool:
    return _are_same(trail[: len(marks)], marks)


def _are_same(some: Marks, others: Marks) -> bool:
    """Compare strokes by where the pen went, whatever their colour."""
    return [mark.get("path") for mark in some] == [mark.get("path") for mark in others]


def to_data_url(png: bytes) -> str:
    """Return a PNG as the address that it has inside a page."""
    return "data:image/png;base64," + base64.b64encode(png).decode()


# The library's own toolbar shows on hover only, which a finger cannot do, and lies invisibly over
# the canvas's corner until then. The page has buttons of its own for all of it.
_dress = st.components.v2.component(
    "inkling_canvas_dress", js=(Path(__file__).parent / "canvas_dress.js").read_text()
)
