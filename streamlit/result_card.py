"""The result of one drawing, and the question whether it is right; the same for every source."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from html import escape

import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from charts import CHART_CONFIG, probability_chart
from model.recogniser import Prediction
from sheet import Sheet
from writer import State, Writer

CHART_PX = 170
KEYS_HELP = "The keys 0 to 9 do the same, and Y says yes."
QUICK_S = 0.25  # a write that is done by then is never seen to wait
LONG_S = 6.0  # more than any write takes that is going to succeed
POLL_S = 1.0


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


def ask(
    sheet: Sheet,
    writer: Writer,
    *,
    is_small: bool = False,
    start_again: Callable[[], None] | None = None,
) -> None:
    """Ask whether the prediction is right: one tap for yes, one on a digit for no.

    start_again: what follows an answer, one tap away. The drawing is sent to the store from here,
    after all else is on the page; nothing moves when the outcome is known.
    """
    if sheet.prediction is None:
        return
    read, name = int(sheet.prediction.label), f"{sheet.source}_{sheet.id}"
    if not is_small:
        name = sheet.source
    with st.container(
        horizontal=True, vertical_alignment="center", key=f"draw_question_{name}", gap="small"
    ):
        outcome = st.container()
        if sheet.answer is not None and start_again is not None:
            st.button(
                "Draw another",
                key="draw_another",
                icon=":material/ink_pen:",
                type="primary",
                shortcut="N",
                on_click=start_again,
            )
    with st.container(key=f"draw_answers_{name}", gap="xsmall"):
        st.button(
            f"Yes, it is a {read}",
            key=f"draw_yes_{name}",
            type="primary" if sheet.answer in (None, read) else "secondary",
            icon=":material/check:",
            width="stretch",
            shortcut=None if is_small else "Y",
            on_click=_answer,
            args=(sheet, writer, read),
        )
        st.caption("No, it is a …", help=None if is_small else KEYS_HELP)
        for row in (range(5), range(5, 10)):
            with st.container(horizontal=True, gap="xsmall", key=f"draw_row_{name}_{row[0]}"):
                for digit in row:
                    chosen = sheet.answer == digit != read
                    st.button(
                        str(digit),
                        key=f"draw_answer_{name}_{digit}",
                        type="primary" if chosen else "secondary",
                        width="stretch",
                        shortcut=None if is_small else str(digit),
                        on_click=_answer,
                        args=(sheet, writer, digit),
                    )
    trouble = st.container()
    _keep(sheet, writer)
    _show_state(sheet, writer, outcome, trouble)


def _answer(sheet: Sheet, writer: Writer, digit: int) -> None:
    if sheet.give_answer(digit):
        sheet.answer_kept = writer.keep(sheet.to_row(), digit)


def _keep(sheet: Sheet, writer: Writer) -> None:
    """Send the newest prediction to the store, once; the page does not wait for it."""
    if sheet.answer is None and sheet.kept is None:
        sheet.kept = writer.keep(sheet.to_row())


def _show_state(
    sheet: Sheet, writer: Writer, outcome: DeltaGenerator, trouble: DeltaGenerator
) -> None:
    """Say how the writing went: "Saved" after the commit and not before."""
    receipt = sheet.answer_kept or sheet.kept
    if receipt is None:
        return
    state = receipt.wait(QUICK_S)
    with outcome:
        st.markdown(_in_words(sheet, state))
    with trouble:
        if state is State.REFUSED:
            st.error(as_sentence(f"Not saved: {receipt.problem}"), icon=":material/error:")
        elif not receipt.is_kept:
            # Looks again by itself, so that "Saved" appears when the server is back.
            st.fragment(_watch, run_every=POLL_S)(sheet, writer, state)


def _in_words(sheet: Sheet, state: State) -> str:
    if sheet.answer is None:
        return "**Is that right?**"
    if sheet.is_answered_twice:
        return f"You answered {sheet.answer} already; a second answer changes nothing."
    if state is State.SAVED:
        return f":green[:material/check_circle: **Saved:** it is a {sheet.answer}. Thank you.]"
    if state is State.ANSWERED_BEFORE:
        return "This drawing was answered before; that answer stands."
    return f"Your answer: {sheet.answer}"


def _watch(sheet: Sheet, writer: Writer, shown: State) -> None:
    receipt = sheet.answer_kept or sheet.kept
    if receipt is None:
        return
    if receipt.state not in (State.WAITING, State.UNSAVED):
        if receipt.state is not shown:
            st.rerun()
        return
    if receipt.state is State.WAITING:
        st.caption(":material/hourglass_top: Saving …")
        return
    what = "Your answer is" if sheet.answer is not None else "This drawing is"
    st.warning(
        f"{as_sentence(f'Not saved: {receipt.problem}')} {what} held here and saved once the "
        "database is back.",
        icon=":material/cloud_off:",
    )
    if st.button("Try again", key=f"draw_again_{sheet.id}", icon=":material/refresh:"):
        with st.spinner("Trying to save …"):
            if writer.check_now(LONG_S) is None:
                receipt.wait(LONG_S)
        st.rerun()
