"""The section of Draw for writing and for one character: its pad, the question, and more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import streamlit as st

from feedback.records.writing_rows import Alphabet, Kind
from model.ink.pen_strokes import PenStroke
from model.writing.looked import look_at_strokes
from result.explanation import show_seeing
from store.writer import Writer
from writing.heat_over import over_drawing
from writing.one_character import show_character
from writing.pad import Pad, Scribe, lay, pad_of, show_pad, wipe
from writing.readers import Readers
from writing.text_question import give_text, take_text_back, text_question
from writing.written_sheet import WrittenSheet

ALPHABETS: dict[str, Alphabet] = {"Everything": "characters", "Numbers only": "digits"}
EXPLAIN = "Where it looked"
NUMBERS_HELP = "With numbers only, what could be a letter is read as the digit that it is likest."
SECTION = "write_part"


def writing_section(
    readers: Readers, writer: Writer | None, session_id: UUID, kind: Kind, *, has_keys: bool
) -> None:
    """Show the pad of a kind with what is read from it, and the question about it.

    writer: None where nothing is kept; then nothing is asked. has_keys: whether keys are heard.
    """
    pad, scribe = pad_of(kind), Scribe(readers, session_id)
    with st.container(key=f"write_section_{kind}"):
        if not readers.is_loaded(kind, pad.alphabet):
            with st.spinner("Loading what reads this …"):
                readers.characters() if kind == "character" else readers.writing(pad.alphabet)
        _part(pad, scribe, writer, has_keys=has_keys)


def read_as_writing(pens: list[PenStroke], readers: Readers, session_id: UUID) -> None:
    """Lay a drawing of another canvas, 280 px wide, on the pad of writing, and read it there."""
    pad = pad_of("writing")
    wipe(pad)
    lay(pad, pens)
    Scribe(readers, session_id).read(pad, pens)


@st.fragment(key=SECTION)
def _part(pad: Pad, scribe: Scribe, writer: Writer | None, *, has_keys: bool) -> None:
    name = pad.kind
    if pad.kind == "writing":
        _choices(pad, scribe)
    is_explained = bool(st.session_state.get("write_explain")) and pad.kind == "writing"
    sheet = pad.sheet

    def typed(character: str) -> None:
        if pad.sheet is not None and writer is not None and pad.sheet.answer is None:
            give_text(pad.sheet, writer, character)

    def take_back() -> None:
        if pad.sheet is not None and writer is not None:
            take_text_back(pad.sheet, writer)

    show_pad(
        pad, scribe, has_keys=has_keys, typed=typed, take_back=take_back,
        heat=_heat(pad, scribe, sheet) if is_explained and sheet is not None else [],
    )  # fmt: skip
    if sheet is None or sheet.prediction is None:
        return
    if writer is not None:
        text_question(sheet, writer, name, start_again=lambda: wipe(pad))
    if pad.kind == "character":
        show_seeing(sheet.seen, "character")
    else:
        show_character(sheet, name, can_answer=writer is not None and sheet.answer is None)


def _choices(pad: Pad, scribe: Scribe) -> None:
    with st.container(
        horizontal=True, gap="medium", vertical_alignment="center", key="write_choices"
    ):
        chosen = st.segmented_control(
            "What it may be",
            list(ALPHABETS),
            default="Everything",
            key="write_alphabet",
            required=True,
            persist_state="session",
            label_visibility="collapsed",
            help=NUMBERS_HELP,
        )
        st.toggle(
            EXPLAIN,
            key="write_explain",
            persist_state="session",
            help="Lays over the drawing, in orange, what of the ink spoke for each character: how "
            "much less likely it is with that place covered. Choose a character for its own.",
        )
    alphabet = ALPHABETS[chosen or "Everything"]
    if alphabet != pad.alphabet:
        pad.alphabet = alphabet
        scribe.read_anew(pad)


def _heat(pad: Pad, scribe: Scribe, sheet: WrittenSheet) -> list[dict[str, Any]]:
    if sheet.prediction is None or sheet.strokes is None:
        return []
    if sheet.looks is None:
        reader = scribe.readers.writing(sheet.alphabet)
        sheet.looks = look_at_strokes(reader, sheet.strokes, sheet.prediction)
    return over_drawing(sheet.looks, sheet.chosen)
