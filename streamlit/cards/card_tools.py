"""Cards whose author looks at them: to answer, change, take back and delete, each on its card."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from cards.drawing_cards import STYLE as CARDS
from cards.drawing_cards import drawing_card
from feedback.records.rows import NOT_A_DIGIT, Answer, KeptDrawing
from words.names import named

Say = Callable[[KeptDrawing, Answer | None], object]  # None: what was said is taken back
Delete = Callable[[KeptDrawing], object]

# Two fit beside each other on the smallest phone; each target is one that a thumb hits.
STYLE = """<style>
.st-key-history_cards {display:grid; gap:12px;
  grid-template-columns:repeat(auto-fill,minmax(min(160px,calc(50% - 6px)),1fr))}
[class*="st-key-history_card_"] {border:1px solid rgba(128,132,149,.3); border-radius:8px;
  padding:10px; height:100%; justify-content:space-between}
[class*="st-key-history_card_"] .ink-card {border:0; padding:0}
[class*="st-key-history_tools_"] {flex-wrap:nowrap}
[class*="st-key-history_tools_"] button {min-height:2.75rem; padding-inline:.5rem}
[class*="st-key-history_tools_"] [class*="st-key-history_delete_"] button {width:2.75rem}
[class*="st-key-history_tools_"] [class*="st-key-history_delete_"] button span {gap:0 !important}
[class*="st-key-history_tools_"] [class*="st-key-history_delete_"] button p {position:absolute;
  width:1px; height:1px; overflow:hidden; clip-path:inset(50%)}
[class*="st-key-history_digits_"] button, [class*="st-key-history_sure_"] button {
  min-height:2.9rem; min-width:2.75rem}
[class*="st-key-history_digits_"] button p {font-size:1.15rem; font-variant-numeric:lining-nums}
</style>"""


def author_cards(drawings: Iterable[KeptDrawing], say: Say, delete: Delete) -> None:
    """Show the drawings in their order, each with what its author may do.

    say, delete: called with a drawing that something was asked for; the page is then drawn anew.
    """
    st.html(CARDS + STYLE)
    with st.container(key="history_cards"):
        for kept in drawings:
            with st.container(key=f"history_card_{kept.id.hex}", gap="xsmall"):
                st.html(drawing_card(kept))
                _tools(kept, say, delete)


def ask_to_delete(what: str, question: str, yes: str, delete: Callable[[], object]) -> None:
    """Ask once more, over the page, before something is deleted that cannot come back.

    what: the title; question, yes: a sentence and its button. delete: called when that is pressed;
    the page is then drawn anew.
    """

    def sure() -> None:
        st.markdown(question)
        with st.container(key="history_sure_"):
            if st.button(yes, key="history_yes", type="primary", icon=":material/delete:"):
                delete()
                st.rerun()

    st.dialog(what, width="small")(sure)()


@st.fragment
def _tools(kept: KeptDrawing, say: Say, delete: Delete) -> None:
    """Show two buttons; what they ask is made when they are pressed."""
    is_open = kept.answer is None
    with st.container(key=f"history_tools_{kept.id.hex}", horizontal=True, gap="xsmall"):
        asks = st.button(
            "Answer" if is_open else "Change",
            key=f"history_answer_{kept.id.hex}",
            type="primary" if is_open else "secondary",
            width="stretch",
        )
        deletes = st.button(
            "Delete this drawing",
            key=f"history_delete_{kept.id.hex}",
            icon=":material/delete:",
        )
    if asks:
        st.dialog("What is it?", width="small")(_answers)(kept, say)
    if deletes:
        ask_to_delete(
            "Delete this drawing?",
            "It goes with all that you said of it. There is no way back.",
            "Delete it",
            lambda: delete(kept),
        )


def _answers(kept: KeptDrawing, say: Say) -> None:
    st.html(f'<div style="max-width:136px;margin:auto">{drawing_card(kept)}</div>')
    chosen: list[Answer | None] = []
    with st.container(key=f"history_digits_{kept.id.hex}", gap="xsmall"):
        for row in (range(5), range(5, 10)):
            with st.container(horizontal=True, gap="xsmall"):
                for digit in row:
                    if _button(kept, str(digit), digit):
                        chosen.append(digit)
        if _button(kept, "Not a digit", NOT_A_DIGIT, icon=":material/gesture:"):
            chosen.append(NOT_A_DIGIT)
        if kept.answer is not None and st.button(
            f"Take back that it is {named(kept.answer)}",
            key=f"history_take_back_{kept.id.hex}",
            icon=":material/undo:",
            width="stretch",
        ):
            chosen.append(None)
    for answer in chosen:
        if answer is None or answer != kept.answer:
            say(kept, answer)
        st.rerun()


def _button(kept: KeptDrawing, label: str, answer: Answer, icon: str | None = None) -> bool:
    return st.button(
        label,
        key=f"history_say_{kept.id.hex}_{'none' if answer is NOT_A_DIGIT else answer}",
        type="primary" if kept.answer == answer else "secondary",
        icon=icon,
        width="stretch",
    )
