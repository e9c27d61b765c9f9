"""What an author does from History: the store changes, and a Draw page that shows it follows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from uuid import UUID

import streamlit as st
from sqlalchemy import Engine

from access.browser_errand import let_tabs_go
from drawing.canvas_state import close, reopen, wipe
from drawing.held import visitor_mark
from feedback.errors import StoreUnavailable
from feedback.records.rows import Answer, AnyAnswer, Drawing, KeptDrawing, Word
from feedback.records.writing_rows import KeptWriting, TextAnswer, Writing
from feedback.store import delete_drawings, delete_session
from result.current_drawing import Drawn, Sheet
from store.cached_counts import count_again
from store.messages import words_for
from store.receipt import State
from store.writer import Writer
from views import upload
from words.counted import counted
from words.names import named
from writing.pad import sheets_on_pads, take_off_pads
from written.writing_cards import answer_in_words

LONG_S = 6.0  # more than any write takes that is going to succeed
SHOWN_S = 6  # what was done; the cards show it too
NOTICE = "history_notice"  # of the session: what was done, until it is shown
NOTHING_DELETED = (
    "Nothing was deleted: what is kept cannot be reached at the moment. Try again in a while."
)


@dataclass(frozen=True)
class OwnDrawings:
    """All that one session drew, for its author to change."""

    engine: Engine
    writer: Writer
    session_id: UUID
    is_operators: bool = False  # who reads the reason where something fails

    def say(self, kept: KeptDrawing, answer: Answer | None) -> None:
        """Answer a drawing, or take back what was said of it; the page then says how that went."""
        sheet = _sheet_at_hand(kept.id)
        said_at = [kept.answered_at, sheet.word.said_at if sheet and sheet.word else None]
        word = _later_word(answer, [moment for moment in said_at if moment is not None])
        is_read = sheet is not None and sheet.prediction is not None
        row = sheet.to_row() if sheet is not None and is_read else row_of(kept)
        receipt = self.writer.say(row, word)
        if sheet is not None:
            sheet.hear(word, receipt)
            if sheet is st.session_state.get("draw_sheet"):
                # Not by `desk`: with it comes the canvas, which no other page needs.
                (reopen if answer is None else close)(st.session_state["draw_paper"])
        with st.spinner("Saving …"):
            state = receipt.wait(LONG_S)
        count_again()
        name = "" if answer is None else named(answer)
        _note(_in_words(answer, state, name), is_done=state is State.SAVED)

    def say_of_writing(self, kept: KeptWriting, answer: TextAnswer | None) -> None:
        """Answer writing, or take back what was said of it; the page then says how that went."""
        sheet = _sheet_at_hand(kept.id)
        said_at = [kept.answered_at, sheet.word.said_at if sheet and sheet.word else None]
        word = _later_word(answer, [moment for moment in said_at if moment is not None])
        row = Writing(**{field.name: getattr(kept, field.name) for field in fields(Writing)})
        receipt = self.writer.say(row, word)
        if sheet is not None:
            sheet.hear(word, receipt)
        with st.spinner("Saving …"):
            state = receipt.wait(LONG_S)
        count_again()
        words = _in_words(answer, state, "" if answer is None else answer_in_words(answer))
        _note(words, is_done=state is State.SAVED)

    def delete(self, kept: KeptDrawing | KeptWriting) -> None:
        """Delete one drawing with all that was said of it; the page then says how that went."""
        try:
            with st.spinner("Deleting …"):
                delete_drawings(self.engine, [kept.id], session_id=self.session_id)
        except StoreUnavailable as error:
            self._note_failure(error)
            return
        _take_from_draw_page([kept.id])
        let_tabs_go([kept.id])
        count_again()
        _note("Deleted: the drawing, and all that you said of it.")

    def delete_all(self) -> bool:
        """Delete all that this session drew; the page then says how that went. Return whether."""
        try:
            with st.spinner("Deleting …"):
                number = delete_session(self.engine, self.session_id)
        except StoreUnavailable as error:
            self._note_failure(error)
            return False
        _take_from_draw_page(None)
        let_tabs_go(of=visitor_mark(self.session_id))
        count_again()
        them = "it" if number == 1 else "them"
        _note(f"Deleted: {counted(number, 'drawing')}, and all that you said of {them}.")
        return True

    def _note_failure(self, error: StoreUnavailable) -> None:
        words = words_for(str(error), operator=self.is_operators, plain=NOTHING_DELETED)
        _note(words, is_done=False)


def show_notice() -> None:
    """Say what was done since the page was drawn last; what failed stays until it is closed."""
    words, is_done = st.session_state.pop(NOTICE, (None, True))
    if words is not None:
        icon = ":material/check_circle:" if is_done else ":material/error:"
        st.toast(words, icon=icon, duration=SHOWN_S if is_done else "infinite")


def row_of(kept: KeptDrawing) -> Drawing:
    """Return a kept drawing as it was written, of the same revision."""
    return Drawing(**{field.name: getattr(kept, field.name) for field in fields(Drawing)})


def _later_word(answer: AnyAnswer | None, before: list[datetime]) -> Word:
    """Return a word that is said now; after what was said before, whichever clock that had."""
    after = [moment + timedelta(microseconds=1) for moment in before]
    return Word(answer, max([datetime.now(UTC), *after]))


def _sheet_at_hand(drawing_id: UUID) -> Drawn | None:
    """Return a drawing as the Draw page holds it; None where it is there no more."""
    on_canvas: Sheet | None = st.session_state.get("draw_sheet")
    sheets: list[Drawn] = [
        *([] if on_canvas is None else [on_canvas]), *sheets_on_pads(), *upload.sheets()
    ]  # fmt: skip
    return next((sheet for sheet in sheets if sheet.id == drawing_id), None)


def _take_from_draw_page(drawing_ids: Collection[UUID] | None) -> None:
    """Empty the canvas of a deleted drawing, and take its picture away; None: of all."""
    sheet: Sheet | None = st.session_state.get("draw_sheet")
    if sheet is not None and (drawing_ids is None or sheet.id in drawing_ids):
        wipe(st.session_state["draw_paper"])
        st.session_state["draw_sheet"] = None
    take_off_pads(drawing_ids)
    upload.take_off(drawing_ids)


def _note(words: str, *, is_done: bool = True) -> None:
    st.session_state[NOTICE] = words, is_done


def _in_words(answer: AnyAnswer | None, state: State, name: str) -> str:
    if state is State.SAVED:
        if answer is None:
            return "Taken back: the drawing is as if you had not answered it."
        return f"Saved: it is {name}."
    if state is State.OVERTAKEN:
        return "You have said something else of this drawing since; that stands."
    if state is State.DELETED:
        return "This drawing was deleted, and stays so."
    if state is State.REFUSED:
        return "Not saved: it was not accepted."
    what = "that you took your answer back" if answer is None else "your answer"
    return (
        f"Not saved: {what} cannot be saved at the moment. It is held here and saved as soon as "
        "that is possible."
    )
