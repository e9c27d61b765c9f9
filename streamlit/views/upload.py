"""Pictures from files: the same result and the same question for each."""

from __future__ import annotations

import base64
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from html import escape
from uuid import UUID

import streamlit as st
from PIL import Image
from streamlit.runtime.uploaded_file_manager import UploadedFile

from model import Recogniser
from model.ink.file_names import LONGEST, shown_name
from model.ink.images import EXTENSIONS, FORMATS_IN_WORDS, open_image
from result.current_drawing import Drawn, Sheet
from result.keeping import keep
from result.picture_kind import Pictures
from result.question import ask, in_words
from result.result_card import show_reasons, show_result
from store.writer import Writer
from uploads.letting_go import forget, let_go, return_free_memory
from uploads.limits import LIMITS_IN_WORDS, REFUSED, Room
from views.upload_words import say_what_was_not_sent
from words.counted import counted

THUMBNAIL_PX = 168
SHOWN_AT_ONCE = 8  # cards have a dozen buttons each
NAMED_AT_ONCE = 10  # refused files; the others are counted


@dataclass
class _Picture:
    sheet: Drawn
    drop: int  # the pictures that came together have the same number
    thumbnail: str = ""  # address of a small copy; empty for what is no picture


@dataclass
class _Pile:
    """The pictures of this browser session; it outlives the widget, which forgets on leaving."""

    pictures: dict[str, _Picture] = field(default_factory=dict)  # by the file's id, as chosen
    refused: dict[str, str] = field(default_factory=dict)  # names by the file's id
    drops: int = 0
    in_widget: set[str] = field(default_factory=set)
    # Not read yet, with the number of their drop: left in the middle, the page goes on with them.
    waiting: dict[str, tuple[UploadedFile, int]] = field(default_factory=dict)
    shown: int = SHOWN_AT_ONCE
    turn: int = 0  # a new widget for each: the only way to empty one


def digit_pictures(recogniser: Recogniser, writer: Writer | None, session_id: UUID) -> Pictures:
    """Return how pictures of one digit each are read and shown."""

    def show(sheet: Drawn) -> None:
        assert isinstance(sheet, Sheet)
        said = None if writer is None else in_words(sheet)
        show_result(sheet, is_small=True, said=said)
        if writer is not None:
            ask(sheet, writer)
        show_reasons(sheet, is_small=True)

    return Pictures(
        "digit",
        "Pictures of one digit each: a photo, a scan or a screenshot",
        lambda title: Sheet(session_id, "upload", recogniser.card.version, title=title),
        lambda sheet, image: recogniser.predict(image),
        show,
    )


@st.fragment
def upload_section(pictures: Pictures, writer: Writer | None) -> None:
    """Read every picture that is dropped here and show a card for it.

    What was dropped last comes first, and what was dropped together in the order it was chosen in.
    """
    pile: _Pile = st.session_state.setdefault(_place_of(pictures.name), _Pile())
    key = f"draw_files_{pictures.name}_{pile.turn}"
    with st.container(key="draw_uploader"):
        files = st.file_uploader(
            pictures.label,
            type=EXTENSIONS,
            accept_multiple_files=True,
            key=key,
            on_change=_forget_removed,
            args=(pile, key),
            help=f"{FORMATS_IN_WORDS}, up to {st.get_option('server.maxUploadSize')} MB each; "
            f"{LIMITS_IN_WORDS} at a time.",
        )
    say_what_was_not_sent("draw_uploader")
    pile.in_widget = {file.file_id for file in files}
    _read_new(files, key, pile, pictures)
    _name_refused(pile)
    if writer is not None:
        for picture in pile.pictures.values():  # those without a card yet, too
            keep(picture.sheet, writer)
    if not pile.pictures:
        return
    newest_first = sorted(pile.pictures.values(), key=lambda picture: -picture.drop)
    for picture in newest_first[: pile.shown]:
        with st.container(border=True):
            _card(picture, pictures)
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
            args=(pile, pictures.name),
        )


def sheets() -> list[Drawn]:
    """Return the drawings of all pictures that are on the page, or were when it was left."""
    return [picture.sheet for pile in _piles() for picture in pile.pictures.values()]


def take_off(drawing_ids: Collection[UUID] | None) -> None:
    """Take the pictures of these drawings off the page, from another one; None: of all."""
    for pile in _piles():
        gone = [
            file_id
            for file_id, picture in pile.pictures.items()
            if drawing_ids is None or picture.sheet.id in drawing_ids
        ]
        for file_id in gone:
            del pile.pictures[file_id]


def _place_of(name: str) -> str:
    return f"draw_pile_{name}"


def _piles() -> list[_Pile]:
    """Return the piles of all kinds of pictures in this session."""
    return [
        st.session_state[key]
        for key in map(_place_of, ("digit", "character", "writing"))
        if key in st.session_state
    ]


def _card(picture: _Picture, pictures: Pictures) -> None:
    sheet = picture.sheet
    left, right = st.columns([0.32, 0.68], gap="medium")
    with left:
        if picture.thumbnail:
            st.html(
                f'<img src="{picture.thumbnail}" alt="Your picture {escape(sheet.title)}" '
                'style="max-width: 100%; border-radius: 8px; display: block">'
            )
        # As HTML: in Streamlit's Markdown a name could be a link, a picture, or a formula.
        st.html(f'<div class="inkling-note">{escape(sheet.title)}</div>')
    with right:
        pictures.show(sheet)


def _read_new(
    files: Sequence[UploadedFile],
    key: str,
    pile: _Pile,
    pictures: Pictures,
) -> None:
    known = (pile.pictures, pile.refused, pile.waiting)
    new = [f for f in files if not any(f.file_id in place for place in known)]
    if new:
        pile.drops += 1
        pile.waiting |= {file.file_id: (file, pile.drops) for file in new}
    waiting = list(pile.waiting.values())
    if not waiting:
        return
    progress = st.progress(0.0, "Reading …") if len(waiting) > 1 else None
    room = Room(files=len(pile.pictures))
    for count, (file, drop) in enumerate(waiting, 1):
        # The server keeps the limit already, but not where the page runs without it.
        if file.type != REFUSED and room.take(file.size):
            read = _read(file, drop, pictures)
            # The run before, broken off in the middle of this one, may have ended it after all.
            pile.pictures.setdefault(file.file_id, read)
        else:
            pile.refused[file.file_id] = shown_name(file.name, LONGEST)
        pile.waiting.pop(file.file_id, None)  # before what may break the run off
        let_go(file, key)
        if progress is not None:
            progress.progress(
                count / len(waiting), f"Reading {count} of {counted(len(waiting), 'picture')}"
            )
    if progress is not None:
        progress.empty()
    return_free_memory()


def _name_refused(pile: _Pile) -> None:
    """Say which files were not taken, as long as the widget lists them."""
    names = [name for file_id, name in pile.refused.items() if file_id in pile.in_widget]
    if not names:
        return
    st.warning(
        f"{len(names)} of these files {'was' if len(names) == 1 else 'were'} not read: "
        f"{LIMITS_IN_WORDS} are what one visit takes at a time. Remove some, and add the rest "
        "again.",
        icon=":material/inventory_2:",
    )
    named = ", ".join(map(escape, names[:NAMED_AT_ONCE]))
    others = len(names) - NAMED_AT_ONCE
    more = f" and {others} more" if others > 0 else ""
    st.html(f'<div class="inkling-note">Not read: {named}{more}</div>')


def _read(file: UploadedFile, drop: int, pictures: Pictures) -> _Picture:
    sheet = pictures.sheet(shown_name(file.name, LONGEST))
    picture = _Picture(sheet, drop)

    def predict() -> object:
        image = open_image(file.getvalue())
        picture.thumbnail = _thumbnail(image)
        return pictures.read(sheet, image)

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
        pile.refused.pop(gone, None)
        pile.waiting.pop(gone, None)


def _show_more(pile: _Pile) -> None:
    pile.shown += SHOWN_AT_ONCE


def _remove_all(pile: _Pile, name: str) -> None:
    forget([*pile.pictures, *pile.refused, *pile.waiting])
    st.session_state[_place_of(name)] = _Pile(turn=pile.turn + 1)
