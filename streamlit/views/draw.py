"""The Draw page: a canvas that is read while it is drawn on, and pictures, read on upload."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from drawing.canvas import SECTION, dress_canvas, show_canvas
from drawing.canvas_state import check_marks
from drawing.desk import DEFAULT_PEN, PENS_PX, Desk
from drawing.parts import Looks, note
from feedback.records.writing_rows import Kind
from members.opinions import has_open_opinions, show_opinions
from model import Recogniser
from result.explanation import is_open, show_seeing
from result.question import corrections, in_words, question
from result.result_card import show_result
from store.writer import Writer
from views.upload import digit_pictures, upload_section
from writing.readers import Readers
from writing.writing_section import read_as_writing, writing_section
from writing.written_pictures import written_pictures

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
TEXTS_TELL = (
    "What you write may tell something of you or of others: write nothing here that is private. "
)
# What is drawn, and the title of the page then.
DIGIT, CHARACTER, WRITING = "One digit", "One character", "Writing"
TITLES = {DIGIT: "Draw a digit", CHARACTER: "Draw a character", WRITING: "Write"}
KINDS: dict[str, Kind] = {CHARACTER: "character", WRITING: "writing"}
AS_WRITING = "draw_as_writing"  # asked for by a tap on the page


def draw_page(
    recogniser: Callable[[], Recogniser],
    readers: Readers,
    writer: Writer | None,
    session_id: UUID,
    route: str | None = None,
) -> None:
    """Show the canvas and the uploads, each beside what was read and the question about it.

    recogniser: returns what reads digits at that moment. readers: of writing and of characters.
    writer: None where nothing is kept; then nothing is asked. route: where the browser may ask what
    strokes are read as while they are drawn.
    """
    mode = st.session_state.get("draw_mode") or DIGIT
    st.title(TITLES[mode])
    st.segmented_control(
        "What you draw",
        list(TITLES),
        default=DIGIT,
        key="draw_mode",
        required=True,
        persist_state="session",
        label_visibility="collapsed",
    )
    on_canvas, on_file = st.tabs(["Canvas", "Pictures"], key="draw_tabs", on_change="rerun")
    with on_canvas:
        # Hidden behind the pictures, the canvas stays as it is, but must not hear any key.
        has_keys = on_canvas.open is not False
        if mode == DIGIT:
            desk = Desk(recogniser, writer, session_id, has_keys, route, _looks, DESK)
            _canvas_section(desk, readers)
        else:
            writing_section(readers, writer, session_id, KINDS[mode], has_keys=has_keys)
    with on_file:
        if mode == DIGIT:
            upload_section(digit_pictures(recogniser(), writer, session_id), writer)
        else:
            upload_section(written_pictures(readers, writer, session_id, KINDS[mode]), writer)
    if writer is not None:
        st.caption((TEXTS_TELL if mode == WRITING else "") + KEPT)


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


def _canvas_section(desk: Desk, readers: Readers) -> None:
    desk.begin()
    with st.container(key=SECTION):  # `style.py` says which part goes where
        _desk_part(desk, readers)
        dress_canvas(desk.paper)
        _tools(desk)
        if desk.writer is not None:
            _answers_part(desk)
        with st.container(key="draw_reasons"):
            _reasons_part(desk)


@st.fragment(key=DESK)
def _desk_part(desk: Desk, readers: Readers) -> None:
    """Show what every stroke changes: in five pieces, each of which is a message."""
    if st.session_state.pop(f"{AS_WRITING}_now", False):
        st.rerun()  # the page's title and its canvas are other ones now
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
    _offer_writing(desk, readers)
    note(DESK, look)


def _offer_writing(desk: Desk, readers: Readers) -> None:
    """Offer to read a drawing of several characters as writing, with nothing drawn again."""
    sheet = desk.sheet
    if sheet is None or sheet.answer is not None or sheet.prediction is None:
        return
    if sheet.prediction.several is not None:
        st.button(
            "Read it as writing",
            key=AS_WRITING,
            icon=":material/edit_note:",
            on_click=_read_as_writing,
            args=(desk, readers),
        )


def _read_as_writing(desk: Desk, readers: Readers) -> None:
    pens = check_marks(desk.paper.marks)[1]
    if pens:
        read_as_writing(pens, readers, desk.session_id)
        st.session_state["draw_mode"] = WRITING
        st.session_state[f"{AS_WRITING}_now"] = True
        desk.clear()


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
