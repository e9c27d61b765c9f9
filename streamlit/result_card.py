"""The result of one drawing, the same for every source."""

from __future__ import annotations

import base64
import io
import time
from html import escape

import streamlit as st
from PIL import Image

from charts import CHART_CONFIG, probability_chart
from model.recogniser import Prediction
from sheet import Sheet

CHART_PX = 170
HEAD_START_S = 0.025


def show_result(sheet: Sheet, *, is_small: bool = False) -> None:
    """Show what was read: label, confidence, the ten probabilities, and the ink on request."""
    if sheet.problem is not None:
        st.warning(as_sentence(sheet.problem), icon=":material/ink_eraser:")
        return
    prediction = sheet.prediction
    if prediction is None:
        return
    name = f"{sheet.source}_{sheet.id}" if is_small else sheet.source
    ink_key = f"draw_ink_{name}"
    # The label goes out first; the switch that it depends on stands further down the page.
    headline = st.empty()
    shows_ink = bool(st.session_state.get(ink_key))
    headline.html(_headline(sheet, prediction, is_small, shows_ink))
    if not is_small:
        # A browser draws in one go what reaches it within 10 ms: without this the label would wait
        # for the chart and the buttons. Measured: 0.33 s instead of 0.45 s from stroke to label.
        time.sleep(HEAD_START_S)
    chart = probability_chart(
        prediction.probabilities, prediction.label, _accent(), height=CHART_PX
    )
    st.plotly_chart(chart, config=CHART_CONFIG, key=f"draw_chart_{name}")
    wants_ink = st.toggle(
        "Show what the network saw",
        key=ink_key,
        help="The drawing as it was prepared: cropped, made small, centred, 28 × 28 pixels.",
        persist_state="session",
    )
    if wants_ink != shows_ink:  # the switch is remembered, from before a visit to another page
        headline.html(_headline(sheet, prediction, is_small, wants_ink))


def _accent() -> str | None:
    colour: str | None = st.get_option(f"theme.{st.context.theme.type or 'light'}.primaryColor")
    return colour


def _headline(sheet: Sheet, prediction: Prediction, is_small: bool, shows_ink: bool) -> str:
    kind = ("inkling-small " if is_small else "") + ("" if prediction.sure else "inkling-unsure ")
    if prediction.sure:
        line, note = f"{as_percentage(prediction.confidence)} sure", ""
    else:
        ranked = sorted(prediction.probabilities.items(), key=lambda item: -item[1])
        (first, p), (second, q) = ranked[:2]
        line = "Not sure"
        note = f"{first} ({as_percentage(p)}), or {second} ({as_percentage(q)})?"
    strokes = f'data-testid="read" data-strokes="{len(sheet.strokes or [])}"'
    return (
        f'<div class="inkling-read {kind}" role="status" aria-live="polite" {strokes}>'
        f'<div class="inkling-label" data-testid="label" aria-label="I read {prediction.label}">'
        f"{escape(prediction.label)}</div><div>"
        f'<div class="inkling-sure-line" data-testid="confidence">{line}</div>'
        f'<div class="inkling-note">{note}</div></div>{_ink(prediction) if shows_ink else ""}</div>'
    )


def as_sentence(words: str) -> str:
    """Return an error's words as they stand on a page."""
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "?", "!")) else ".")


def as_percentage(share: float) -> str:
    """Return a probability for a person: never 100 % unless it is, for it is not certainty."""
    if share >= 0.9995:
        return "over 99.9 %" if share < 1 else "100 %"
    return f"{share:.1%}".replace("%", " %") if share >= 0.99 else f"{share:.0%}".replace("%", " %")


def _ink(prediction: Prediction) -> str:
    file = io.BytesIO()
    Image.fromarray(prediction.ink).save(file, "PNG")
    address = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    return (
        f'<img class="inkling-seen" width="112" height="112" src="{address}" '
        'alt="The drawing as the network saw it, 28 by 28 pixels">'
    )
