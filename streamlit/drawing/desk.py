"""The drawing on the canvas of one session: taken in, answered, undone, held by its tab."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import streamlit as st

from drawing.canvas import SECTION, Ink, read_canvas
from drawing.canvas_state import (
    Marks,
    Paper,
    blank_paper,
    can_redo,
    check_marks,
    close,
    lay,
    redo,
    reopen,
    to_marks,
    undo,
    wipe,
)
from drawing.held import Held, check_held, to_hold
from drawing.parts import Looks, draw_changed
from drawing.visitors import VISITORS
from model import Recogniser
from model.errors import BadDrawing
from model.ink.pen_strokes import SIDE_PX, picture, to_quick_draw
from result.current_drawing import Sheet
from result.keeping import QUICK_S, keep
from result.question import give_answer, take_back
from store.receipt import Receipt, State
from store.writer import Writer

PENS_PX = {"Fine": 12, "Medium": 18, "Broad": 24}
DEFAULT_PEN = "Medium"
TOOLS = ("draw_undo", "draw_redo", "draw_clear")  # keys of the buttons
KEYS = {
    **{str(digit): f"draw_answer_canvas_{digit}" for digit in range(10)},
    "x": "draw_answer_canvas_none",
    "y": "draw_yes_canvas",
    "n": "draw_another",
    "ctrl+z": "draw_undo",
    "ctrl+y": "draw_redo",
    "ctrl+shift+z": "draw_redo",
    "backspace": "draw_clear",
}
TYPED = "You say {}. Saved in a second."
SEVERAL = "Two keys within a second: nothing is saved. Type the one digit that it is."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """What all parts of the canvas's section work with; the drawing is in the session.

    recogniser: returns what reads at that moment, since a page stays open for longer than weights
    stay live. parts: returns what each part of the page looks like now. home: the part that the
    canvas is in.
    """

    recogniser: Callable[[], Recogniser]
    writer: Writer | None
    session_id: UUID
    has_keys: bool
    route: str | None
    parts: Callable[[Desk], Looks]
    home: str

    @property
    def paper(self) -> Paper:
        """The canvas as the session knows it."""
        paper: Paper = st.session_state["draw_paper"]
        return paper

    @property
    def sheet(self) -> Sheet | None:
        """The drawing that the page is about, None while there is none."""
        return st.session_state.get("draw_sheet")

    @property
    def problem(self) -> str | None:
        """Why what the browser sent is not taken."""
        return st.session_state.get("draw_problem")

    @property
    def is_fresh(self) -> bool:
        """Whether the session has just begun, and its tab may hold a drawing of an earlier one."""
        return bool(st.session_state.get("draw_is_fresh", True))

    @property
    def pen_px(self) -> int:
        """Width of the next strokes, on a canvas of 280 px."""
        chosen = st.session_state.get("draw_pen")
        return PENS_PX.get(chosen if isinstance(chosen, str) else "", PENS_PX[DEFAULT_PEN])

    @property
    def can_redo(self) -> bool:
        """Whether a stroke was taken back last, or an answer."""
        sheet = self.sheet
        return can_redo(self.paper) or (sheet is not None and sheet.taken_back is not None)

    def begin(self) -> None:
        """Take in what is on the canvas; begins a run of the page."""
        st.session_state.setdefault("draw_paper", blank_paper())
        self._take_in(read_canvas(self.paper))
        if self.sheet is not None and self.is_fresh:
            # The server was started anew: the tab will say which drawing this is.
            self.sheet.is_on_hold = True

    def changed(self) -> None:
        """Have the parts drawn anew that look different now; ends a callback."""
        draw_changed(lambda: self.parts(self))

    def drawn(self) -> None:
        """Take over what was drawn; ends the callback of the canvas, which is at home."""
        self._know_tab()
        self._take_in(read_canvas(self.paper))
        draw_changed(lambda: self.parts(self), home=self.home)

    def answered(self) -> None:
        """Follow an answer, or that it was taken back; ends a callback."""
        follow_answer()
        self.changed()

    def undo(self) -> None:
        """Take back the answer, else the last stroke; ends a callback."""
        sheet = self.sheet
        if sheet is not None and sheet.answer is not None and self.writer is not None:
            take_back(sheet, self.writer)
            self.answered()
        else:
            self._act(undo)

    def redo(self) -> None:
        """Put back the stroke, or give the answer again, that was taken back; ends a callback."""
        sheet = self.sheet
        if can_redo(self.paper) or sheet is None or sheet.taken_back is None or not self.writer:
            self._act(redo)
        else:
            give_answer(sheet, self.writer, sheet.taken_back)
            self.answered()

    def clear(self) -> None:
        """Empty the canvas for the next drawing; ends a callback."""
        self._act(wipe)

    def restore(self, held: object) -> None:
        """Take over what the tab held when this session began; ends a callback.

        held: from the browser, as if from a stranger; `{}` where it holds nothing.
        """
        if not self.is_fresh:
            return
        self._know_tab()
        try:
            drawing = check_held(held, self.session_id) if held else None
        except BadDrawing as problem:
            log.warning("a tab held what is no drawing, and it is left out: %s", problem)
            drawing = None
        if drawing is not None and drawing.strokes:
            self._put_back(drawing)
        self.changed()

    def follow(self) -> dict[str, Any]:
        """Return what the browser needs to show by itself what a stroke is read as."""
        sheet, paper = self.sheet, self.paper
        return {
            "section": SECTION,
            "side": SIDE_PX,
            "pen": self.pen_px,
            "turn": paper.turn,
            "strokes": _as_json(paper.marks),
            "answered": _as_json(paper.answered),
            "canRedo": self.can_redo,
            "tools": TOOLS,
            "keys": KEYS if self.has_keys else None,
            "words": {"typed": TYPED, "several": SEVERAL},
            "isFresh": self.is_fresh,
            "drawing": {} if sheet is None else self._to_hold(sheet),
            "route": self.route,
            "visitor": _pass() if self.route else None,
        }

    def _act(self, action: Callable[[Paper], None]) -> None:
        self._know_tab()
        action(self.paper)
        if action is wipe:
            st.session_state["draw_sheet"] = None
        self._take_in(read_canvas(self.paper))
        self.changed()

    def _know_tab(self) -> None:
        st.session_state["draw_is_fresh"] = False
        if self.sheet is not None:
            self.sheet.is_on_hold = False

    def _to_hold(self, sheet: Sheet) -> dict[str, Any]:
        is_saved = sheet.answer_kept is not None and sheet.answer_kept.is_kept
        return to_hold(
            self.session_id,
            sheet.id,
            sheet.created_at,
            sheet.revision,
            sheet.answer,
            is_saved=is_saved,
        )

    def _put_back(self, held: Held) -> None:
        """Lay a drawing that an earlier session began, under its own name and with its answer."""
        paper, marks = self.paper, to_marks(held.strokes)
        paper.trail = marks
        lay(paper, marks)
        sheet = Sheet(self.session_id, "canvas", self.recogniser().card.version)
        if held.id is not None and held.created_at is not None:
            sheet.id, sheet.created_at = held.id, held.created_at
            sheet.go_on_from(held.revision)
        st.session_state["draw_sheet"] = sheet
        self._take_in(Ink(held.strokes, is_settled=True))
        if sheet.prediction is None or self.writer is None:
            return
        if held.answer is None:
            keep(sheet, self.writer)
        elif held.is_saved:
            sheet.answer = held.answer
            sheet.answer_kept = Receipt(State.SAVED)
            sheet.answer_kept.settle(State.SAVED)
        else:
            give_answer(sheet, self.writer, held.answer)
        receipt = sheet.answer_kept or sheet.kept
        if receipt is not None and receipt.wait(QUICK_S) is State.DELETED:
            wipe(paper)  # deleted in another tab, and this one was not told
            st.session_state["draw_sheet"] = None
        elif held.answer is not None:
            close(paper)

    def _take_in(self, ink: Ink) -> None:
        """Make the drawing that is on the canvas the session's, read anew when its strokes changed.

        It is a new one once the canvas was empty, and when it is drawn on after its answer.
        """
        sheet = self.sheet
        strokes = to_quick_draw(ink.strokes)
        if ink.is_empty:
            if not self.paper.answered:
                sheet = None
        elif ink.is_settled and (sheet is None or sheet.strokes != strokes):
            recogniser = self.recogniser()  # once: what reads is what the drawing is kept with
            version = recogniser.card.version
            if sheet is None or sheet.answer is not None:
                sheet = Sheet(self.session_id, "canvas", version)
            pens_px = [stroke.pen_px for stroke in ink.strokes]
            reading = lambda: recogniser.predict(picture(ink.strokes))  # noqa: E731
            if sheet.read(reading, strokes, pens_px, version):
                sheet.kept = None
        st.session_state["draw_sheet"] = sheet
        st.session_state["draw_problem"] = ink.problem


def follow_answer() -> None:
    """Put an answered drawing aside, and one that is open again back on the canvas."""
    sheet: Sheet | None = st.session_state.get("draw_sheet")
    if sheet is not None and sheet.answer is not None:
        close(st.session_state["draw_paper"])
    else:
        reopen(st.session_state["draw_paper"])


def _as_json(marks: Marks) -> list[dict[str, Any]]:
    return [
        {
            "x": stroke.points[:, 0].round(1).tolist(),
            "y": stroke.points[:, 1].round(1).tolist(),
            "pen": stroke.pen_px,
        }
        for stroke in check_marks(marks)[1]
    ]


def _pass() -> str:
    """Return what lets this session's page ask the server for readings."""
    visitor: str | None = st.session_state.get("draw_visitor")
    if visitor is None or not VISITORS.is_known(visitor):
        visitor = st.session_state["draw_visitor"] = VISITORS.welcome()
    return visitor
