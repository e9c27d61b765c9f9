"""The pad of one session: what is on it, taken in from the browser, read, and shown by it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import streamlit as st

from browser.browser_code import loader
from drawing.held import check_held, to_hold
from feedback.records.writing_rows import Alphabet, Kind
from model.errors import BadDrawing
from model.ink.pen_strokes import (
    PAPER_PX,
    SIDE_PX,
    PenStroke,
    check_strokes,
    picture,
    to_whole_px,
)
from model.writing.reader import Reading
from serving.keeping.kept_writing import as_reading
from writing.readers import Readers
from writing.shown_text import shown
from writing.written_sheet import WrittenSheet

PAPERS_PX: Mapping[Kind, tuple[int, int]] = {
    "writing": PAPER_PX,
    "character": (SIDE_PX, SIDE_PX),
}
PENS_PX: Mapping[Kind, int] = {"writing": 9, "character": 18}  # of a medium pen
LABELS: Mapping[Kind, str] = {
    "writing": "Canvas: write here, with mouse, finger or pen",
    "character": "Canvas: draw one letter or digit here, with mouse, finger or pen",
}
MOST_STROKES, MOST_POINTS = 400, 20_000  # of a drawing of writing
LEFT_OUT = "What your browser sent of this drawing cannot be read. Please draw it again."

log = logging.getLogger(__name__)


@dataclass
class Pad:
    """What is on the pad of one kind; lives in the browser session."""

    kind: Kind
    alphabet: Alphabet = "characters"
    strokes: list[dict[str, Any]] = field(default_factory=list)  # as the browser sends them
    turn: int = 0  # grows when the browser is to show other strokes than its own
    number: int = 0  # of the drawing that the browser sent last
    sheet: WrittenSheet | None = None
    problem: str | None = None

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of its paper."""
        return PAPERS_PX[self.kind]


def pad_of(kind: Kind) -> Pad:
    """Return this session's pad of a kind."""
    pad: Pad = st.session_state.setdefault(f"write_pad_{kind}", Pad(kind))
    return pad


def sheets_on_pads() -> list[WrittenSheet]:
    """Return the drawings that are on this session's papers, also while another page is shown."""
    pads = (st.session_state.get(f"write_pad_{kind}") for kind in PAPERS_PX)
    return [pad.sheet for pad in pads if pad is not None and pad.sheet is not None]


def take_off_pads(drawing_ids: Collection[UUID] | None) -> None:
    """Empty the papers of these drawings, from another page; None: of all."""
    for kind in PAPERS_PX:
        pad: Pad | None = st.session_state.get(f"write_pad_{kind}")
        if pad is None or pad.sheet is None:
            continue
        if drawing_ids is None or pad.sheet.id in drawing_ids:
            wipe(pad)


@dataclass(frozen=True)
class Scribe:
    """What takes in what a browser sends of a pad, and reads it."""

    readers: Readers
    session_id: UUID

    def take_in(self, pad: Pad, strokes: object, number: int = 0) -> None:
        """Make the drawing that is on the paper the session's, read anew when it changed.

        strokes: whatever came, as if from a stranger. It is a new one once the paper was empty, and
        when it is drawn on after its answer.
        """
        try:
            pens = check_strokes(strokes, most_strokes=MOST_STROKES, most_points=MOST_POINTS)
        except BadDrawing as problem:
            log.warning("a pad sent what is no drawing, and it is left out: %s", problem)
            is_long = "at most" in str(problem)
            pad.problem = str(problem) if is_long else LEFT_OUT
            return
        assert isinstance(strokes, list)
        pad.problem, pad.number = None, number
        is_same = strokes == pad.strokes and pad.sheet is not None
        pad.strokes = strokes
        if not pens:
            pad.sheet = None
        elif not is_same:
            self.read(pad, pens)

    def read(self, pad: Pad, pens: list[PenStroke]) -> None:
        """Read these strokes into the pad's drawing."""
        sheet = pad.sheet
        if sheet is None or sheet.answer is not None or sheet.alphabet != pad.alphabet:
            sheet = WrittenSheet(
                self.session_id, "canvas", "", kind=pad.kind, alphabet=pad.alphabet,
                paper_px=pad.size_px,
            )  # fmt: skip
        sheet.picture = picture(pens, pad.size_px)
        read, version = self._reading(sheet, pens)
        if sheet.read(read, to_whole_px(pens), [stroke.pen_px for stroke in pens], version):
            sheet.kept = sheet.chosen = sheet.draft = sheet.looks = sheet.problem_with_text = None
        pad.sheet = sheet

    def read_anew(self, pad: Pad) -> None:
        """Read what is on the paper with another alphabet."""
        if pad.strokes and (pad.sheet is None or pad.sheet.alphabet != pad.alphabet):
            pens = check_strokes(pad.strokes, most_strokes=MOST_STROKES, most_points=MOST_POINTS)
            self.read(pad, pens)

    def put_back(self, pad: Pad, held: object) -> None:
        """Lay the drawing that the tab held, under its own name.

        held: from the browser, as if from a stranger.
        """
        if pad.strokes or not isinstance(held, dict):
            return
        try:
            drawing = check_held({**held, "answer": None}, self.session_id)
        except BadDrawing as problem:
            log.warning("a tab held what is no drawing, and it is left out: %s", problem)
            return
        if not drawing.strokes:
            return
        if drawing.id is not None and drawing.created_at is not None:
            pad.sheet = WrittenSheet(
                self.session_id, "canvas", "", kind=pad.kind, alphabet=pad.alphabet,
                paper_px=pad.size_px, id=drawing.id, created_at=drawing.created_at,
            )  # fmt: skip
            pad.sheet.go_on_from(drawing.revision)
        lay(pad, drawing.strokes)
        self.read(pad, drawing.strokes)

    def _reading(
        self, sheet: WrittenSheet, pens: list[PenStroke]
    ) -> tuple[Callable[[], Reading], str]:
        if sheet.kind == "character":
            recogniser = self.readers.characters()

            def one() -> Reading:
                assert sheet.picture is not None
                sheet.seen = recogniser.predict(sheet.picture)
                box = sheet.picture.getbbox() or (0, 0, *sheet.picture.size)
                return as_reading(sheet.seen, tuple(map(float, box)))  # type: ignore[arg-type]

            return one, recogniser.card.version
        reader = self.readers.writing(sheet.alphabet)
        lines = [stroke.points.T.tolist() for stroke in pens]
        return lambda: reader.read(strokes=lines), reader.version


def lay(pad: Pad, pens: list[PenStroke]) -> None:
    """Have the browser show these strokes from the next run on."""
    pad.strokes = [
        {
            "x": stroke.points[:, 0].round(1).tolist(),
            "y": stroke.points[:, 1].round(1).tolist(),
            "pen": stroke.pen_px,
        }
        for stroke in pens
    ]
    pad.turn += 1


def wipe(pad: Pad) -> None:
    """Empty the paper for a new drawing; there is no way back."""
    pad.strokes, pad.sheet, pad.problem = [], None, None
    pad.turn += 1


def show_pad(
    pad: Pad,
    scribe: Scribe,
    *,
    has_keys: bool,
    heat: list[dict[str, Any]],
    typed: Callable[[str], None],
    take_back: Callable[[], None],
) -> None:
    """Show the paper with what was read from it.

    heat: pictures to lay over the drawing. typed: called with a character that was typed as the
    answer. take_back: called when the answer is undone.
    """
    key = f"write_paper_{pad.kind}"
    if st.session_state.get(key) is None and pad.strokes:
        pad.turn += 1  # the paper was away: a new one knows nothing of them

    def sent(name: str) -> Any:
        return (st.session_state.get(key) or {}).get(name)

    def drawn() -> None:
        drawing = sent("drawing")
        if isinstance(drawing, dict) and drawing.get("turn") == pad.turn:
            number = drawing.get("number")
            scribe.take_in(pad, drawing.get("strokes"), number if isinstance(number, int) else 0)

    def chosen() -> None:
        place = (sent("chosen") or {}).get("place")
        sheet = pad.sheet
        if sheet is not None and sheet.prediction is not None:
            is_one = type(place) is int and 0 <= place < len(sheet.prediction.characters)
            sheet.chosen = place if is_one else None

    def was_typed() -> None:
        one = (sent("typed") or {}).get("key")
        if isinstance(one, str) and len(one) == 1 and one.isalnum() and one.isascii():
            typed(one)

    def was_held() -> None:
        scribe.put_back(pad, sent("held"))

    sheet = pad.sheet
    width, height = pad.size_px
    _pad(
        key=key,
        data={
            "kind": pad.kind,
            "width": width,
            "height": height,
            "pen": PENS_PX[pad.kind],
            "label": LABELS[pad.kind],
            "turn": pad.turn,
            "strokes": pad.strokes,
            "number": pad.number,
            "read": len(pad.strokes),
            "hasKeys": has_keys,
            "isAnswered": sheet is not None and sheet.answer is not None,
            "chosen": None if sheet is None else sheet.chosen,
            "shown": shown(sheet, pad.kind, pad.problem),
            "heat": heat,
            "drawing": {} if sheet is None else _to_hold(sheet),
        },
        on_drawing_change=drawn,
        on_chosen_change=chosen,
        on_typed_change=was_typed,
        on_held_change=was_held,
        on_back_change=take_back,
    )


def _to_hold(sheet: WrittenSheet) -> dict[str, Any]:
    return to_hold(
        sheet.session_id, sheet.id, sheet.created_at, sheet.revision, None, is_saved=False
    )


_pad = st.components.v2.component("inkling_pad", js=loader("pad"), isolate_styles=False)
