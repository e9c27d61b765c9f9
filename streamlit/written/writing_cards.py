"""Kept writing as cards: its picture, what was read and answered, and what its author may do."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from datetime import UTC
from html import escape

import streamlit as st

from cards.card_tools import ask_to_delete
from charts.base import RIGHT
from feedback.errors import RowRefused
from feedback.records.rows import NOT_A_DIGIT, NotADigit
from feedback.records.writing_rows import KeptWriting, TextAnswer
from feedback.statistics import WritingVerdict, verdict_on_writing
from feedback.store import LONGEST_ANSWER, clean_answer
from words.names import SOURCES
from words.percent import percent
from words.sentences import as_sentence

WRONG_MARK, OPEN_MARK = "#B84F00", "#6B7079"
RIGHTLY = (WritingVerdict.READ_RIGHT, WritingVerdict.REFUSED_RIGHTLY)
STYLE = """<style>
.ink-text-card {padding:10px; border:1px solid rgba(128,132,149,.3); border-radius:8px;
  overflow-wrap:anywhere; margin-bottom:12px}
.ink-text-card img {display:block; max-width:100%; max-height:80px; margin-bottom:8px;
  border-radius:4px; background:#000}
.ink-text-card b {display:block; font-size:1.5rem; line-height:1.25; white-space:pre-wrap}
.ink-text-card div {font-size:.9rem; line-height:1.45}
.ink-text-card time, .ink-text-card .ink-source {font-size:.78rem; opacity:.78}
.ink-text-mark {display:inline-grid; place-items:center; width:1.15rem; height:1.15rem; color:#fff;
  border-radius:50%; font-size:.75rem; margin-right:.35rem; vertical-align:text-bottom}
[class*="st-key-written_tools_"] button {min-height:2.75rem}
</style>"""

Say = Callable[[KeptWriting, TextAnswer | None], object]  # None: what was said is taken back
Delete = Callable[[KeptWriting], object]


def writing_cards(
    kept: Iterable[KeptWriting], say: Say | None = None, delete: Delete | None = None
) -> None:
    """Show writing in its order; with `say` and `delete`, each with what its author may do."""
    st.html(STYLE)
    for one in kept:
        st.html(writing_card(one))
        if say is not None and delete is not None:
            _tools(one, say, delete)


def writing_card(kept: KeptWriting) -> str:
    """Return one row of writing as HTML; what the store holds as text is escaped."""
    drawn_at = kept.created_at.astimezone(UTC)
    text = escape(kept.text)
    line = f"{percent(kept.confidence)} sure"
    if not kept.is_writing:
        line = "refused as no writing; this is the nearest text"
    return (
        f'<div class="ink-text-card" role="group" aria-label="A drawing, read as {text}" '
        f'title="{escape(kept.weights_version)}">'
        f'<img alt="A drawing, read as {text}" '
        f'src="data:image/png;base64,{b64encode(kept.ink_png).decode()}">'
        f"<b>{text}</b><div>{line}</div><div>{_verdict(kept)}</div>"
        f'<time datetime="{drawn_at.isoformat()}">{drawn_at.day} {drawn_at:%b %Y, %H:%M} UTC'
        f'</time> <span class="ink-source">{escape(SOURCES.get(kept.source, kept.source))}</span>'
        "</div>"
    )


def _verdict(kept: KeptWriting) -> str:
    became = verdict_on_writing(kept)
    if became is None:
        mark, color, words = "?", OPEN_MARK, "not answered"
    else:
        is_right = became in RIGHTLY
        mark, color = ("✓", RIGHT) if is_right else ("✗", WRONG_MARK)
        words = (
            str(became) if is_right else f"{became}, it is {escape(answer_in_words(kept.answer))}"
        )
    style = f"background:{color}"
    return f'<span class="ink-text-mark" aria-hidden="true" style="{style}">{mark}</span>{words}'


def answer_in_words(answer: TextAnswer | None) -> str:
    """Return an answer as a sentence names it."""
    return "no writing" if answer is None or isinstance(answer, NotADigit) else f"“{answer}”"


@st.fragment
def _tools(kept: KeptWriting, say: Say, delete: Delete) -> None:
    key = kept.id.hex
    with st.container(key=f"written_tools_{key}", horizontal=True, gap="xsmall"):
        asks = st.button(
            "Answer" if kept.answer is None else "Change",
            key=f"written_answer_{key}",
            type="primary" if kept.answer is None else "secondary",
        )
        deletes = st.button("Delete", key=f"written_delete_{key}", icon=":material/delete:")
    if asks:
        st.dialog("What is written?", width="small")(_answers)(kept, say)
    if deletes:
        ask_to_delete(
            "Delete this drawing?",
            "It goes with all that you said of it. There is no way back.",
            "Delete it",
            lambda: delete(kept),
        )


def _answers(kept: KeptWriting, say: Say) -> None:
    key = kept.id.hex
    st.html(STYLE + writing_card(kept))
    with st.form(f"written_form_{key}", border=False):
        text = st.text_input(
            "The right text",
            value=kept.answer if isinstance(kept.answer, str) else " ".join(kept.text.split()),
            max_chars=LONGEST_ANSWER,
            key=f"written_text_{key}",
        )
        sent = st.form_submit_button("Save", type="primary", key=f"written_save_{key}")
    chosen: list[TextAnswer | None] = []
    if sent:
        try:
            chosen.append(clean_answer(text))
        except RowRefused as error:
            st.error(as_sentence(str(error)), icon=":material/error:")
    if st.button("It is no writing", key=f"written_none_{key}", icon=":material/gesture:"):
        chosen.append(NOT_A_DIGIT)
    if kept.answer is not None and st.button(
        f"Take back that it is {answer_in_words(kept.answer)}",
        key=f"written_back_{key}",
        icon=":material/undo:",
    ):
        chosen.append(None)
    for answer in chosen:
        if answer is None or answer != kept.answer:
            say(kept, answer)
        st.rerun()
