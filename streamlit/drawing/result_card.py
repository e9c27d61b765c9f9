"""The result of one drawing, the same for every source."""

from __future__ import annotations

import time

import streamlit as st

from charts.base import CHART_CONFIG
from charts.probabilities import probability_chart
from drawing.current_drawing import Sheet
from drawing.explanation import show_seeing
from drawing.shown_reading import reading
from words.percent import percent
from words.sentences import as_sentence

CHART_PX = 170
HEAD_START_S = 0.025


def show_result(sheet: Sheet, *, is_small: bool = False) -> None:
    """Show what was read: label, confidence and the ten probabilities."""
    if sheet.problem is not None:
        st.warning(as_sentence(sheet.problem), icon=":material/ink_eraser:")
        return
    prediction = sheet.prediction
    if prediction is None:
        return
    st.html(reading(prediction, strokes=len(sheet.strokes or []), is_small=is_small))
    if not is_small:
        # A browser draws in one go what reaches it within 10 ms: without this the label would wait
        # for the chart and the buttons. Measured: 0.33 s instead of 0.45 s from stroke to label.
        time.sleep(HEAD_START_S)
    chart = probability_chart(
        prediction.probabilities, prediction.label, _accent(), height=CHART_PX
    )
    shares = (f"{digit}: {percent(p)}" for digit, p in prediction.probabilities.items())
    st.plotly_chart(
        chart,
        config=CHART_CONFIG,
        key=f"draw_chart_{_name(sheet, is_small)}",
        alt=f"How likely each digit is. {', '.join(shares)}.",
    )


def show_reasons(sheet: Sheet, *, is_small: bool = False) -> None:
    """Offer what the network saw, below the question: opened, it must not push that away."""
    if sheet.prediction is not None:
        show_seeing(sheet.prediction, _name(sheet, is_small))


def _name(sheet: Sheet, is_small: bool) -> str:
    return f"{sheet.source}_{sheet.id}" if is_small else sheet.source


def _accent() -> str | None:
    theme = "dark" if st.context.theme.type == "dark" else "light"  # the browser's own word
    colour: str | None = st.get_option(f"theme.{theme}.primaryColor")
    return colour
