"""The Draw page: a canvas that is read after every stroke, and pictures that are read on upload."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import streamlit as st

from drawing.canvas import Ink, read_canvas, show_canvas
from drawing.canvas_state import (
    DARK,
    LIGHT,
    Paper,
    blank_paper,
    can_redo,
    can_undo,
    redo,
    undo,
    wipe,
)
from drawing.current_drawing import Sheet
from drawing.question import ask
from drawing.result_card import show_reasons, show_result
from model import Recogniser
from store.writer import Writer
from views.upload import upload_section

PENS_PX = {"Fine": 12, "Medium": 18, "Broad": 24}
DEFAULT_PEN = "Medium"


def draw_page(recogniser: Recogniser, writer: Writer | None, session_id: UUID) -> None:
    """Show the canvas and the uploads, each beside what was read and the question about it.

    writer: None where nothing is kept; then nothing is asked.
    """
    st.title("Draw a digit")
    on_canvas, on_file = st.tabs(["Canvas", "Pictures"], key="draw_tabs", on_change="rerun")
    with on_canvas:
        # Hidden behind the pictures, the canvas stays as it is, but must not hear any key.
        _canvas_section(recogniser, writer, session_id, has_keys=on_canvas.open is not False)
    with on_file:
        upload_section(recogniser, writer, session_id)


@st.fragment  # a stroke re-runs this function, not the whole app
def _canvas_section(
    recogniser: Recogniser, writer: Writer | None, session_id: UUID, *, has_keys: bool
) -> None:
    colours = DARK if st.context.theme.type == "dark" else LIGHT
    paper: Paper = st.session_state.setdefault("draw_paper", blank_paper(colours))
    ink = read_canvas(paper, colours)
    sheet = _follow(ink, recogniser, session_id)
    left, right = st.columns([0.44, 0.56], gap="medium")
    # What has changed goes out first: the label is on the page while the rest is still made.
    with left:
        desk = st.container(key="draw_paper_box", gap="small")
    with desk:
        show_canvas(paper, _pen_px())
    with right:
        if sheet is None:
            st.html(
                '<div class="inkling-empty">Draw a digit from 0 to 9 with mouse, finger or pen.'
                "<br>I read it after every stroke.</div>"
            )
        else:
            show_result(sheet)
    with desk:
        _tools(paper, has_keys=has_keys)
    with right:
        if sheet is not None and writer is not None:
            ask(sheet, writer, has_keys=has_keys, start_again=partial(wipe, paper))
        if sheet is not None:
            show_reasons(sheet)


def _pen_px() -> int:
    chosen = st.session_state.get("draw_pen")
    return PENS_PX.get(chosen if isinstance(chosen, str) else "", PENS_PX[DEFAULT_PEN])


def _tools(paper: Paper, *, has_keys: bool) -> None:
    """Show undo, redo, clear and the pen in one row, as wide as the canvas."""
    is_blank, nothing_undone = not can_undo(paper), not can_redo(paper)
    tools = (
        ("Undo", "undo", "Ctrl+Z", undo, is_blank),
        ("Redo", "redo", "Ctrl+Y", redo, nothing_undone),
        ("Clear", "delete", "Backspace", wipe, is_blank),
    )
    with st.container(horizontal=True, gap="xsmall", key="draw_tools"):
        for name, icon, keys, action, is_disabled in tools:
            st.button(
                name,
                key=f"draw_{name.lower()}",
                icon=f":material/{icon}:",
                help=f"{name} ({keys})",
                shortcut=keys if has_keys else None,
                disabled=is_disabled,
                width="stretch",
                on_click=action,
                args=(paper,),
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
            )


def _follow(ink: Ink, recogniser: Recogniser, session_id: UUID) -> Sheet | None:
    """Return the drawing that is on the canvas now, read anew when its strokes changed.

    It is a new one once the canvas was empty, and when it is drawn on after its answer.
    """
    sheet: Sheet | None = st.session_state.get("draw_sheet")
    if ink.is_empty:
        sheet = None
    elif ink.image is not None and (sheet is None or sheet.strokes != ink.strokes):
        if sheet is None or sheet.answer is not None:
            sheet = Sheet(session_id, "canvas", recogniser.card.version)
        image = ink.image
        if sheet.read(lambda: recogniser.predict(image), ink.strokes):
            sheet.kept = None
    st.session_state["draw_sheet"] = sheet
    return sheet
