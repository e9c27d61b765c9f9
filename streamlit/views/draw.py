"""The Draw page: a canvas that is read while it is drawn on, and pictures, read on upload."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import streamlit as st

from drawing.canvas import SECTION, Ink, dress_canvas, read_canvas, show_canvas
from drawing.canvas_state import (
    DARK,
    LIGHT,
    Paper,
    blank_paper,
    can_redo,
    check_marks,
    redo,
    undo,
    wipe,
)
from drawing.current_drawing import Sheet
from drawing.explanation import is_open, show_seeing
from drawing.parts import Looks, draw_changed, note
from drawing.question import corrections, question
from drawing.result_card import show_result
from drawing.visitors import VISITORS
from model import Recogniser
from model.ink.pen_strokes import picture, to_quick_draw
from store.writer import Writer
from views.upload import upload_section

PENS_PX = {"Fine": 12, "Medium": 18, "Broad": 24}
DEFAULT_PEN = "Medium"
NAME = "canvas"  # of this drawing's place on the page
# Fragments of this section; what no stroke changes belongs to none of them.
DESK, ANSWERS, REASONS = "draw_part_desk", "draw_part_answers", "draw_part_reasons"
TOOLS = (
    ("Undo", "undo", "Ctrl+Z", undo),
    ("Redo", "redo", "Ctrl+Y", redo),
    ("Clear", "delete", "Backspace", wipe),
)


def draw_page(
    recogniser: Recogniser, writer: Writer | None, session_id: UUID, route: str | None = None
) -> None:
    """Show the canvas and the uploads, each beside what was read and the question about it.

    writer: None where nothing is kept; then nothing is asked. route: where the browser may ask
    what strokes are read as while they are drawn.
    """
    st.title("Draw a digit")
    on_canvas, on_file = st.tabs(["Canvas", "Pictures"], key="draw_tabs", on_change="rerun")
    with on_canvas:
        # Hidden behind the pictures, the canvas stays as it is, but must not hear any key.
        has_keys = on_canvas.open is not False
        _canvas_section(_Desk(recogniser, writer, session_id, has_keys, route))
    with on_file:
        upload_section(recogniser, writer, session_id)


@dataclass(frozen=True)
class _Desk:
    """What all parts of the canvas's section work with; the drawing is in the session."""

    recogniser: Recogniser
    writer: Writer | None
    session_id: UUID
    has_keys: bool
    route: str | None

    @property
    def paper(self) -> Paper:
        paper: Paper = st.session_state["draw_paper"]
        return paper

    @property
    def sheet(self) -> Sheet | None:
        return st.session_state.get("draw_sheet")

    @property
    def problem(self) -> str | None:
        """Why what the browser sent is not taken."""
        return st.session_state.get("draw_problem")

    @property
    def pen_px(self) -> int:
        chosen = st.session_state.get("draw_pen")
        return PENS_PX.get(chosen if isinstance(chosen, str) else "", PENS_PX[DEFAULT_PEN])

    def looks(self) -> Looks:
        """Return what decides how each part looks."""
        paper, sheet = self.paper, self.sheet
        reading = None if sheet is None else (sheet.id, sheet.revision)
        answer = None if sheet is None else sheet.answer
        drawn = (paper.key, paper.turn, len(paper.marks), self.pen_px, self.problem)
        return {
            DESK: (*drawn, paper.colours, reading, answer),
            ANSWERS: answer,
            REASONS: reading if is_open(NAME) else None,
        }

    def changed(self) -> None:
        """Have the parts drawn anew that look different now; ends a callback."""
        draw_changed(self.looks)

    def drawn(self) -> None:
        """Take over what was drawn; ends the callback of the canvas, which is on the desk."""
        _take_in(self, read_canvas(self.paper, self.paper.colours))
        draw_changed(self.looks, home=DESK)

    def act(self, action: Callable[[Paper], None]) -> None:
        """Undo, redo or clear; ends a callback."""
        action(self.paper)
        _take_in(self, read_canvas(self.paper, self.paper.colours))
        self.changed()


def _canvas_section(desk: _Desk) -> None:
    colours = DARK if st.context.theme.type == "dark" else LIGHT
    paper = st.session_state.setdefault("draw_paper", blank_paper(colours))
    _take_in(desk, read_canvas(paper, colours))
    with st.container(key=SECTION):  # `style.py` says which part goes where
        _desk_part(desk)
        dress_canvas(paper)
        _tools(desk)
        if desk.writer is not None:
            _answers_part(desk)
        with st.container(key="draw_reasons"):
            _reasons_part(desk)


@st.fragment(key=DESK)
def _desk_part(desk: _Desk) -> None:
    """Show what every stroke changes: in five pieces, each of which is a message."""
    look = desk.looks()[DESK]
    show_canvas(desk.paper, desk.pen_px, desk.drawn)
    show_result(desk.sheet, problem=desk.problem, follow=_to_follow(desk))
    if desk.sheet is not None and desk.writer is not None:
        question(
            desk.sheet,
            desk.writer,
            NAME,
            has_keys=desk.has_keys,
            start_again=partial(desk.act, wipe),
            then=desk.changed,
        )
    note(DESK, look)


@st.fragment(key=ANSWERS)
def _answers_part(desk: _Desk) -> None:
    look = desk.looks()[ANSWERS]
    if desk.writer is not None:
        corrections(
            lambda: desk.sheet,
            desk.writer,
            NAME,
            has_keys=desk.has_keys,
            is_steady=True,
            then=desk.changed,
        )
    note(ANSWERS, look)


@st.fragment(key=REASONS)
def _reasons_part(desk: _Desk) -> None:
    look = desk.looks()[REASONS]
    prediction = None if desk.sheet is None else desk.sheet.prediction
    show_seeing(prediction, NAME)
    note(REASONS, look)


def _to_follow(desk: _Desk) -> dict[str, Any]:
    """Return what the browser needs to show by itself what a stroke is read as."""
    strokes = check_marks(desk.paper.marks)[1]
    return {
        "section": SECTION,
        "pen": desk.pen_px,
        "turn": desk.paper.turn,
        "strokes": [
            {
                "x": stroke.points[:, 0].round(1).tolist(),
                "y": stroke.points[:, 1].round(1).tolist(),
                "pen": stroke.pen_px,
            }
            for stroke in strokes
        ],
        "canRedo": can_redo(desk.paper),
        "tools": [f"draw_{name.lower()}" for name, *_ in TOOLS],
        "route": desk.route,
        "visitor": _pass() if desk.route else None,
    }


def _tools(desk: _Desk) -> None:
    """Show undo, redo, clear and the pen in one row, as wide as the canvas.

    The browser greys out what would do nothing: it knows at once when that changes.
    """
    with st.container(horizontal=True, gap="xsmall", key="draw_tools"):
        for name, icon, keys, action in TOOLS:
            st.button(
                name,
                key=f"draw_{name.lower()}",
                icon=f":material/{icon}:",
                help=f"{name} ({keys})",
                shortcut=keys if desk.has_keys else None,
                width="stretch",
                on_click=desk.act,
                args=(action,),
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


def _pass() -> str:
    """Return what lets this session's page ask the server for readings."""
    visitor: str | None = st.session_state.get("draw_visitor")
    if visitor is None or not VISITORS.is_known(visitor):
        visitor = st.session_state["draw_visitor"] = VISITORS.welcome()
    return visitor


def _take_in(desk: _Desk, ink: Ink) -> None:
    """Make the drawing that is on the canvas the session's, read anew when its strokes changed.

    It is a new one once the canvas was empty, and when it is drawn on after its answer.
    """
    sheet = desk.sheet
    strokes = to_quick_draw(ink.strokes)
    if ink.is_empty:
        sheet = None
    elif ink.is_settled and (sheet is None or sheet.strokes != strokes):
        if sheet is None or sheet.answer is not None:
            sheet = Sheet(desk.session_id, "canvas", desk.recogniser.card.version)
        pens_px = [stroke.pen_px for stroke in ink.strokes]
        if sheet.read(lambda: desk.recogniser.predict(picture(ink.strokes)), strokes, pens_px):
            sheet.kept = None
    st.session_state["draw_sheet"] = sheet
    st.session_state["draw_problem"] = ink.problem
