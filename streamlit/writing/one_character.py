"""More of one character of a text: its chart, and what it may be instead, one tap each."""

from __future__ import annotations

from html import escape

import streamlit as st

from model.writing.placed_characters import Character
from result.shown_reading import as_percentage
from words.percent import percent
from writing.shown_text import spelt
from writing.written_sheet import WrittenSheet

BARS = 8
ALTERNATIVES = 6
LEAST_SHARE = 0.005  # that is told beside a label


def show_character(sheet: WrittenSheet, name: str, *, can_answer: bool) -> None:
    """Show the character that was chosen, if one is: how likely each label is, and the choice.

    name: of the place on the page. can_answer: whether another label may be put in its place.
    """
    if sheet.prediction is None or sheet.chosen is None:
        return
    if sheet.chosen >= len(sheet.prediction.characters):
        return
    character = sheet.prediction.characters[sheet.chosen]
    ranked = sorted(character.probabilities.items(), key=lambda item: -item[1])
    with st.container(border=True, key=f"write_character_{name}"):
        st.markdown(
            f"**Character {sheet.chosen + 1} of {len(sheet.prediction.characters)}:** "
            f"{spelt(character.label)}, {as_percentage(character.confidence)} sure"
        )
        st.html(_bars(ranked[:BARS], character))
        if not can_answer:
            return
        now = _drafted(sheet)
        st.caption("Put another in its place")
        with st.container(horizontal=True, gap="xsmall", key=f"write_instead_{name}"):
            for label, share in ranked[:ALTERNATIVES]:
                st.button(
                    f"{label} · {as_percentage(share)}" if share >= LEAST_SHARE else label,
                    key=f"write_instead_{name}_{sheet.chosen}_{label}_{sheet.revision}",
                    type="primary" if label == now else "secondary",
                    help=f"It is {spelt(label)}.",
                    on_click=_put,
                    args=(sheet, label),
                )


def spot_of(text: str, place: int) -> int:
    """Return where in a text its character number `place` is, blanks not counted."""
    spots = [spot for spot, one in enumerate(text) if not one.isspace()]
    return spots[place]


def _drafted(sheet: WrittenSheet) -> str:
    assert sheet.chosen is not None
    text = _draft(sheet)
    spot = spot_of(text, sheet.chosen)
    return text[spot]


def _draft(sheet: WrittenSheet) -> str:
    assert sheet.prediction is not None
    return sheet.draft or " ".join(sheet.prediction.text.split())


def _put(sheet: WrittenSheet, label: str) -> None:
    if sheet.prediction is None or sheet.chosen is None or sheet.answer is not None:
        return
    text = _draft(sheet)
    spot = spot_of(text, sheet.chosen)
    sheet.draft = text[:spot] + label + text[spot + 1 :]


def _bars(ranked: list[tuple[str, float]], character: Character) -> str:
    spoken = ", ".join(f"{spelt(label)}: {percent(share)}" for label, share in ranked)
    bars = "".join(
        f'<div class="inkling-bar{" inkling-bar-read" if label == character.label else ""}">'
        f'<div class="inkling-bar-share">{as_percentage(share) if share >= 0.005 else ""}</div>'
        f'<div class="inkling-bar-room"><div class="inkling-bar-fill" '
        f'style="transform: scaleY({share:.4f})"></div></div>'
        f'<div class="inkling-bar-name">{escape(label)}</div></div>'
        for label, share in ranked
    )
    return (
        f'<div class="inkling-bars inkling-letter-bars" role="img" '
        f'aria-label="How likely each character is. {escape(spoken)}.">{bars}</div>'
    )
