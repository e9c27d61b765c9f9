"""Pictures that are read as writing, or as one character, with the ink and its boxes."""

from __future__ import annotations

import base64
import io
from html import escape
from uuid import UUID

import streamlit as st
from PIL import Image

from feedback.records.writing_rows import Kind
from model.reading.recogniser import Prediction
from model.writing.reader import Reading
from result.current_drawing import Drawn
from result.explanation import show_seeing
from result.picture_kind import Pictures
from serving.keeping.kept_writing import as_reading, ink_picture
from store.writer import Writer
from words.sentences import as_sentence
from writing.one_character import show_character
from writing.readers import Readers
from writing.shown_text import LEVELS, level, shown, spelt
from writing.text_question import text_question
from writing.written_sheet import WrittenSheet

WIDE_PX = 560  # of the ink with its boxes
LABELS = {
    "writing": "Pictures of writing: a word, a number or a few rows each",
    "character": "Pictures of one letter or digit each",
}


def written_pictures(
    readers: Readers, writer: Writer | None, session_id: UUID, kind: Kind
) -> Pictures:
    """Return how pictures are read as writing, or as one character each, and shown."""
    alphabet = "digits" if st.session_state.get("write_alphabet") == "Numbers only" else None

    def sheet(title: str) -> Drawn:
        is_of_digits = alphabet is not None and kind == "writing"
        made = WrittenSheet(
            session_id, "upload", "", title=title, kind=kind,
            alphabet="digits" if is_of_digits else "characters",
        )  # fmt: skip
        if kind == "character":
            made.weights_version = readers.characters().card.version
        else:
            made.weights_version = readers.writing(made.alphabet).version
        return made

    def read(sheet: Drawn, image: Image.Image) -> Reading:
        assert isinstance(sheet, WrittenSheet)
        sheet.paper_px = image.size
        sheet.picture = ink_picture(image)
        if kind == "character":
            sheet.seen = readers.characters().predict(image)
            left, top, right, bottom = sheet.picture.getbbox() or (0, 0, *image.size)
            return as_reading(sheet.seen, (float(left), float(top), float(right), float(bottom)))
        return readers.writing(sheet.alphabet).read(image)

    def show(sheet: Drawn) -> None:
        assert isinstance(sheet, WrittenSheet)
        _show(sheet, writer)

    return Pictures(kind, LABELS[kind], sheet, read, show)


def _show(sheet: WrittenSheet, writer: Writer | None) -> None:
    said = shown(sheet, sheet.kind)
    if said["kind"] == "problem":
        st.warning(as_sentence(said["line"]), icon=":material/ink_eraser:")
        return
    assert sheet.prediction is not None
    name = f"upload_{sheet.id}"
    st.html(_text(said))
    if writer is not None:
        text_question(sheet, writer, name)
    if sheet.kind == "character":
        seen: Prediction | None = sheet.seen
        show_seeing(seen, name)
        return
    with st.expander("Character by character", icon=":material/select_all:"):
        st.html(_boxes(sheet))
        st.segmented_control(
            "More of one of them",
            range(len(sheet.prediction.characters)),
            format_func=lambda place: sheet.prediction.characters[place].label,  # type: ignore[union-attr]
            key=f"write_choose_{name}",
            on_change=_choose,
            args=(sheet, f"write_choose_{name}"),
        )
        show_character(sheet, name, can_answer=writer is not None and sheet.answer is None)


def _choose(sheet: WrittenSheet, key: str) -> None:
    sheet.chosen = st.session_state.get(key)


def _text(said: dict[str, object]) -> str:
    rows = "".join(
        '<div class="inkling-written-row">'
        + "".join(
            escape(one["text"])
            if one["place"] is None
            else f'<span class="inkling-letter inkling-{one["level"]}">{escape(one["text"])}</span>'
            for one in row
        )
        + "</div>"
        for row in said["rows"]  # type: ignore[attr-defined]
    )
    return (
        f'<div class="inkling-written" data-kind="{said["kind"]}">'
        f'<div class="inkling-written-text" data-testid="text">{rows}</div>'
        f'<div class="inkling-written-line" data-testid="confidence">{escape(str(said["line"]))}'
        "</div></div>"
    )


def _boxes(sheet: WrittenSheet) -> str:
    """Return the ink with the box of each character, as it lies in the picture."""
    assert sheet.prediction is not None
    assert sheet.picture is not None
    whole = sheet.picture.getbbox() or (0, 0, *sheet.picture.size)
    reach = max(whole[3] - whole[1], 40) // 6
    left, top = max(whole[0] - reach, 0), max(whole[1] - reach, 0)
    right = min(whole[2] + reach, sheet.picture.width)
    bottom = min(whole[3] + reach, sheet.picture.height)
    part = sheet.picture.crop((left, top, right, bottom)).point(lambda ink: 255 - ink)
    width, height = part.size
    part.thumbnail((2 * WIDE_PX, 2 * WIDE_PX))
    file = io.BytesIO()
    part.convert("L").save(file, "WEBP", quality=80)
    address = "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()
    boxes = "".join(
        f'<rect class="inkling-box inkling-box-{level(one.confidence)}" rx="3" '
        f'x="{one.box[0] - left:.0f}" y="{one.box[1] - top:.0f}" '
        f'width="{one.box[2] - one.box[0]:.0f}" height="{one.box[3] - one.box[1]:.0f}">'
        f"<title>{spelt(one.label)}, {LEVELS[level(one.confidence)]}</title></rect>"
        for one in sheet.prediction.characters
    )
    return (
        f'<svg class="inkling-boxes" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="The ink that was found, with the box of each character" '
        f'style="max-width: min({WIDE_PX}px, 100%)">'
        f'<image href="{address}" width="{width}" height="{height}"/>{boxes}</svg>'
    )
