"""The Draw page: a canvas that is read while it is drawn on, and pictures, read on upload."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from drawing.canvas import SECTION, dress_canvas, show_canvas
from drawing.desk import DEFAULT_PEN, PENS_PX, Desk
from drawing.parts import Looks, note
from members.opinions import has_open_opinions, show_opinions
from model import Recogniser
from result.explanation import is_open, show_seeing
from result.question import corrections, in_words, question
from result.result_card import show_result
from store.writer import Writer
from views.upload import upload_section

NAME = "canvas"  # of this drawing's place on the page
# Fragments of this section; what no stroke changes belongs to none of them.
DESK, ANSWERS, REASONS = "draw_part_desk", "draw_part_answers", "draw_part_reasons"
TOOLS = (
    ("Undo", "undo", "Ctrl+Z", Desk.undo),
    ("Redo", "redo", "Ctrl+Y", Desk.redo),
    ("Clear", "delete", "Backspace", Desk.clear),
)
KEPT = (
    "Each drawing, what I read in it and your answer are kept, under a random number that this "
    "browser holds, so that the reading gets better. [What is kept](history#what-is-kept)"
)


def draw_page(
    recogniser: Callable[[], Recogniser],
    writer: Writer | None,
    session_id: UUID,
    route: str | None = None,
) -> None:
    """Show the canvas and the uploads, each beside what was read and the question about it.

    recogniser: returns what reads at that moment. writer: None where nothing is kept; then nothing
    is asked. route: where the browser may ask what strokes are read as while they are drawn.
    """
    st.title("Draw a digit")
    on_canvas, on_file = st.tabs(["Canvas", "Pictures"], key="draw_tabs", on_change="rerun")
    with on_canvas:
        # Hidden behind the pictures, the canvas stays as it is, but must not hear any key.
        has_keys = on_canvas.open is not False
        _canvas_section(Desk(recogniser, writer, session_id, has_keys, route, _looks, DESK))
    with on_file:
        upload_section(recogniser(), writer, session_id)
    if writer is not None:
        st.caption(KEPT)


def _looks(desk: Desk) -> Looks:
    """Return what decides how each part looks."""
    paper, sheet = desk.paper, desk.sheet
    reading = None if sheet is None else (sheet.id, sheet.revision)
    said = None if sheet is None else (sheet.answer, sheet.taken_back)
    drawn = (paper.key, paper.turn, len(paper.marks), desk.pen_px, desk.problem, desk.is_fresh)
    return {
        DESK: (*drawn, reading, said),
        ANSWERS: None if sheet is None else sheet.answer,
        REASONS: reading if is_open(NAME) or has_open_opinions(NAME) else None,
    }


def _canvas_section(desk: Desk) -> None:
    desk.begin()
    with st.container(key=SECTION):  # `style.py` says which part goes where
        _desk_part(desk)
        dress_canvas(desk.paper)
        _tools(desk)
        if desk.writer is not None:
            _answers_part(desk)
        with st.container(key="draw_reasons"):
            _reasons_part(desk)


@st.fragment(key=DESK)
def _desk_part(desk: Desk) -> None:
    """Show what every stroke changes: in five pieces, each of which is a message."""
    look = _looks(desk)[DESK]
    show_canvas(desk.paper, desk.pen_px, desk.drawn)
    show_result(
        desk.sheet,
        problem=desk.problem,
        follow=desk.follow(),
        restore=desk.restore,
        said=None if desk.sheet is None else in_words(desk.sheet),
    )
    if desk.sheet is not None and desk.writer is not None:
        question(
            desk.sheet,
            desk.writer,
            NAME,
            has_keys=desk.has_keys,
            start_again=desk.clear,
            then=desk.answered,
        )
    note(DESK, look)


@st.fragment(key=ANSWERS)
def _answers_part(desk: Desk) -> None:
    look = _looks(desk)[ANSWERS]
    if desk.writer is not None:
        corrections(
            lambda: desk.sheet, desk.writer, NAME, has_keys=desk.has_keys, then=desk.answered
        )
    note(ANSWERS, look)


@st.fragment(key=REASONS)
def _reasons_part(desk: Desk) -> None:
    look = _looks(desk)[REASONS]
    prediction = None if desk.sheet is None else desk.sheet.prediction
    show_seeing(prediction, NAME)
    show_opinions(prediction, NAME)
    note(REASONS, look)


def _tools(desk: Desk) -> None:
    """Show undo, redo, clear and the pen in one row, as wide as the canvas.

    The browser greys out what would do nothing: it knows at once when that changes.
    """
    with st.container(horizontal=True, gap="xsmall", key="draw_tools"):
        for name, icon, keys, act in TOOLS:
            st.button(
                name,
                key=f"draw_{name.lower()}",
                icon=f":material/{icon}:",
                help=f"{name} ({keys})",
                shortcut=keys if desk.has_keys else None,
                width="stretch",
                on_click=act,
                args=(desk,),
            )
        with st.popover(
            "Pen", icon=":material/line_weight:", help="Width of the pen", width="stretch"
        ):
            st.segmented_control(
                "Width of the pen",
                list(PENS_PX),
                default=DEFAULT_PEN,
                key="draw_pen",
                required=True,
                persist_state="session",
                on_change=desk.changed,
            )
