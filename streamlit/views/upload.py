"""Pictures from files: the same result and the same question for each."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from uuid import UUID

import streamlit as st
from PIL import Image
from streamlit.runtime.uploaded_file_manager import UploadedFile

from drawing.current_drawing import Sheet
from drawing.question import ask, keep
from drawing.result_card import show_reasons, show_result
from model import Recogniser
from model.ink.images import open_image
from model.reading.attention import attend
from model.reading.recogniser import Prediction
from store.writer import Writer

KINDS = ["png", "jpg", "jpeg", "webp"]
THUMBNAIL_PX = 168
SHOWN_AT_ONCE = 8  # cards have a dozen buttons each


@dataclass
class _Picture:
    sheet: Sheet
    thumbnail: str = ""  # address of a small copy; empty for what is no picture


@dataclass
class _Pile:
    """The pictures of this browser session; it outlives the widget, which forgets on leaving."""

    pictures: dict[str, _Picture] = field(default_factory=dict)  # by the file's id, oldest first
    in_widget: set[str] = field(default_factory=set)
    shown: int = SHOWN_AT_ONCE
    turn: int = 0  # a new widget for each: the only way to empty one


@st.fragment
def upload_section(recogniser: Recogniser, writer: Writer | None, session_id: UUID) -> None:
    """Read every picture that is dropped here and show a card for it, the newest first."""
    pile: _Pile = st.session_state.setdefault("draw_pile", _Pile())
    key = f"draw_files_{pile.turn}"
    files = st.file_uploader(
        "Pictures of one digit each: a photo, a scan or a screenshot",
        type=KINDS,
        accept_multiple_files=True,
        key=key,
        on_change=_forget_removed,
        args=(pile, key),
        help="PNG, JPEG or WebP, up to 15 MB each; several at once are fine.",
    )
    pile.in_widget = {file.file_id for file in files}
    _read_new(files, pile, recogniser, session_id)
    if writer is not None:
        for picture in pile.pictures.values():  # those without a card yet, too
            keep(picture.sheet, writer)
    if not pile.pictures:
        return
    newest_first = list(pile.pictures.values())[::-1]
    for picture in newest_first[: pile.shown]:
        with st.container(border=True):
            _card(picture, recogniser, writer)
    hidden = len(newest_first) - pile.shown
    with st.container(horizontal=True):
        if hidden > 0:
            st.button(
                f"Show {min(hidden, SHOWN_AT_ONCE)} more of {hidden}",
                key="draw_more",
                on_click=_show_more,
                args=(pile,),
            )
        st.button(
            "Remove all",
            key="draw_remove",
            icon=":material/delete_sweep:",
            help="Takes the pictures off this page; what is saved stays saved.",
            on_click=_remove_all,
            args=(pile,),
        )


def _card(picture: _Picture, recogniser: Recogniser, writer: Writer | None) -> None:
    sheet = picture.sheet
    left, right = st.columns([0.32, 0.68], gap="medium")
    with left:
        if picture.thumbnail:
            st.html(
                f'<img src="{picture.thumbnail}" alt="Your picture {escape(sheet.title)}" '
                'style="max-width: 100%; border-radius: 8px; display: block">'
            )
        st.caption(sheet.title)
    with right:
        show_result(sheet, is_small=True)
        if writer is not None:
            ask(sheet, writer)
        show_reasons(sheet, partial(attend, recogniser), is_small=True)


def _read_new(
    files: Sequence[UploadedFile], pile: _Pile, recogniser: Recogniser, session_id: UUID
) -> None:
    new = [file for file in files if file.file_id not in pile.pictures]
    if not new:
        return
    progress = st.progress(0.0, "Reading …") if len(new) > 1 else None
    for count, file in enumerate(new, 1):
        pile.pictures[file.file_id] = _read(file, recogniser, session_id)
        if progress is not None:
            progress.progress(count / len(new), f"Reading {count} of {len(new)} pictures")
    if progress is not None:
        progress.empty()


def _read(file: UploadedFile, recogniser: Recogniser, session_id: UUID) -> _Picture:
    sheet = Sheet(session_id, "upload", recogniser.card.version, title=file.name)
    picture = _Picture(sheet)

    def predict() -> Prediction:
        image = open_image(file.getvalue())
        picture.thumbnail = _thumbnail(image)
        return recogniser.predict(image)

    sheet.read(predict)
    return picture


def _thumbnail(image: Image.Image) -> str:
    small = image.convert("RGBA") if image.mode not in ("RGB", "L") else image.copy()
    small.thumbnail((2 * THUMBNAIL_PX, 2 * THUMBNAIL_PX))  # sharp on a display of twice the density
    data = io.BytesIO()
    small.save(data, "WEBP", quality=80)
    return "data:image/webp;base64," + base64.b64encode(data.getvalue()).decode()


def _forget_removed(pile: _Pile, key: str) -> None:
    now = {file.file_id for file in st.session_state[key] or []}
    for gone in pile.in_widget - now:
        pile.pictures.pop(gone, None)


def _show_more(pile: _Pile) -> None:
    pile.shown += SHOWN_AT_ONCE


def _remove_all(pile: _Pile) -> None:
    st.session_state["draw_pile"] = _Pile(turn=pile.turn + 1)
