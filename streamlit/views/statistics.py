"""The Statistics page: how often what visitors saw was right, by their own answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import plotly.graph_objects as go
import streamlit as st
from sqlalchemy import Engine

from charts.accuracy import Mark, accuracy_by_day_chart, accuracy_by_digit_chart
from charts.base import CHART_CONFIG
from charts.confidence import confidence_chart, reliability_chart
from charts.confusion import confusion_chart
from charts.outcomes import OF_DIGITS, OF_NO_DIGITS, outcome_bar
from feedback.connection.settings import StoreSettings
from feedback.errors import StoreUnavailable
from feedback.records.rows import Filters
from feedback.records.writing_rows import Kind
from feedback.statistics import Statistics
from store.cached_counts import (
    count_again,
    counted_statistics,
    counted_versions,
    counted_writing,
    known_promotions,
    known_versions,
)
from store.messages import not_kept, store_away
from views.filters import filter_bar, is_filtered, nothing_matches
from views.headline import headline
from watching.drift_section import ReferenceOf, drift_section
from watching.version_section import list_marks, marks_of, version_section
from words.percent import percent, percent_range
from written.kinds import choose_kind
from written.text_sections import text_numbers, text_sections

WHAT: dict[Kind, str] = {"writing": "a word or a number", "character": "a letter or digit"}


def statistics_page(
    engine: Engine | None,
    settings: StoreSettings,
    *,
    operator: bool = False,
    live: str | None = None,
    reference_of: ReferenceOf = lambda _version: None,
) -> None:
    """Show the filters, the numbers, and the charts of what the store holds.

    operator: whether who looks may read where the store is and why it is away. live: the version
    that reads now. reference_of: returns what was frozen with a version.
    """
    st.title("Statistics")
    st.markdown("How often what people were shown was right, by their own answers.")
    if engine is None:
        not_kept("so there is nothing to count", settings, operator=operator)
        return
    kind = choose_kind()
    try:
        versions, failure = known_versions(engine, of_writing=kind is not None), None
    except StoreUnavailable as error:
        versions, failure = [], error
    filters = filter_bar(versions)
    if filters is None:
        return
    try:
        if failure is not None:  # asking a dead server twice would double the wait
            raise failure
        if kind is not None:
            _writing(engine, filters, kind)
            return
        statistics, counted_at = counted_statistics(engine, filters)
        promotions = known_promotions(engine)
    except StoreUnavailable as error:
        store_away(error, operator=operator)
        return
    if not statistics.drawings:
        _nothing_to_show(filters)
        return
    _headline(statistics)
    _outcomes(statistics)
    _charts(statistics, marks_of(promotions, operator=operator))
    try:
        version_section(counted_versions(engine, filters), live)
        drift_section(engine, filters, live, reference_of)
    except StoreUnavailable as error:
        store_away(error, operator=operator)
        return
    _age(counted_at)


def _writing(engine: Engine, filters: Filters, kind: Kind) -> None:
    """Show the numbers and sections of one kind of writing; raises StoreUnavailable."""
    counted, counted_at = counted_writing(engine, filters, kind)
    if not counted.drawings:
        _nothing_to_show(filters, what=WHAT[kind])
        return
    headline(text_numbers(counted, kind), columns=3)
    text_sections(counted, kind)
    _age(counted_at)


def _nothing_to_show(filters: Filters, what: str = "a digit") -> None:
    if is_filtered(filters):
        nothing_matches(filters)
        return
    st.info(
        f"Nothing has been drawn yet. Draw {what} on the Draw page and say whether it was read "
        "right: the first answer appears here.",
        icon=":material/draw:",
    )


def _headline(statistics: Statistics) -> None:
    """Show the four numbers; the share read right never without the share answered."""
    days, named = len(statistics.by_day), statistics.named
    right, between = "–", "no digits yet"
    if statistics.accuracy is not None and statistics.interval is not None:
        right, between = percent(statistics.accuracy), percent_range(*statistics.interval)
    share = percent(statistics.share_answered or 0.0)
    headline(
        [
            ("Drawings", f"{statistics.drawings:,}", f"on {days:,} day{'s' * (days != 1)}"),
            ("Answers", f"{statistics.answers:,}", f"{named:,} name{'s' * (named == 1)} a digit"),
            ("Share answered", share, "of the drawings"),
            ("Digits read right", right, between),
        ],
        columns=4,
    )
    if statistics.accuracy is not None:
        return
    why, first = (
        ("No answer names a digit yet", "answer on the Draw page that names one")
        if statistics.answers
        else ("No answers yet", "“Is that right?” that somebody answers on the Draw page")
    )
    st.info(
        f"{why}, so nothing was read right or wrong: that appears with the first {first}.",
        icon=":material/quiz:",
    )


def _outcomes(statistics: Statistics) -> None:
    """Show what became of the answered drawings: of digits, and beside them of no digits."""
    if not statistics.answers:
        return
    beside = st.grid(2, min_column_width=320, border=True)  # one below the other on a phone
    for title, kinds, whole, nothing in (
        ("Called a digit", OF_DIGITS, statistics.named, "No drawing was called a digit yet."),
        (
            "Called no digit",
            OF_NO_DIGITS,
            statistics.not_digits,
            "No drawing was called “not a digit” yet.",
        ),
    ):
        with beside.cell():
            st.header(f"{title} by its author", anchor=False)
            if whole:
                st.html(outcome_bar(statistics.verdicts, kinds))
            else:
                st.caption(nothing)
    st.markdown(_how_to_read(statistics))


def _how_to_read(statistics: Statistics) -> str:
    """Return what the words mean, and how far the numbers can be trusted."""
    return (
        "**Read right** is what was taken for a digit, and for the very one that its author named; "
        "**misread** was taken for another one. **Refused** was shown as no digit, whatever digit "
        "it was nearest to. A 95 % interval is what that many drawings leave open: 19 such "
        f"intervals in 20 hold the true share. **{percent(statistics.share_answered or 0.0)}** of "
        "the drawings were answered, and people may be quicker to answer a mistake: the fewer "
        "answer, the less this says about the rest."
    )


def _charts(statistics: Statistics, marks: Sequence[Mark]) -> None:
    """Show each chart with a sentence on what it says, of which drawings, and how to read it."""
    grid = st.grid(2, min_column_width=320, border=True)  # one column on a phone
    with grid.cell(column_span="all"):
        _chart(
            "By day",
            accuracy_by_day_chart(statistics.by_day, _text_color(), marks),
            "Each point is the share read right of what was drawn that day (UTC) and called a "
            "digit by its author; the line through it is its 95 % interval, long where few "
            "answered. Below, how many were drawn and how many of those were answered.",
        )
        first = statistics.by_day[0].day
        told = list_marks(marks, datetime(first.year, first.month, first.day, tzinfo=UTC))
        if told is not None:
            st.text(told)
    if statistics.named:
        with grid.cell():
            _by_digit(statistics)
        with grid.cell():
            _confusion(statistics)
    if statistics.accepted:
        with grid.cell():
            _confidence(statistics)
        with grid.cell():
            _reliability(statistics)


def _by_digit(statistics: Statistics) -> None:
    _chart(
        "By digit",
        accuracy_by_digit_chart(statistics.by_digit, _text_color()),
        "How much was read right of what its authors called each digit; beside the digit, how many "
        "drawings that is. What was refused was not read right. The whisker is the 95 % interval: "
        "digits whose whiskers overlap may not differ at all.",
    )


def _confusion(statistics: Statistics) -> None:
    _chart(
        "What was taken for what",
        confusion_chart(statistics.confusion, _text_color()),
        f"The {_drawings(statistics.named)} called a digit: rows are what their authors said, "
        "columns what was shown, “refused” included; numbers are how often. Blue cells were read "
        "right, orange ones are mistakes, each deeper the larger its share of its row.",
    )


def _confidence(statistics: Statistics) -> None:
    _chart(
        "How sure it was",
        confidence_chart(statistics.confidence_right, statistics.confidence_wrong),
        f"Confidence of the {_drawings(statistics.accepted)} taken for a digit and answered: "
        "above, what was read right; below, what was misread or is no digit, on a scale of its "
        "own. Good: the upper heap at the right edge, the lower one spread to the left.",
    )


def _reliability(statistics: Statistics) -> None:
    _chart(
        "Is 90 % sure right 9 times in 10?",
        reliability_chart(statistics.reliability),
        f"Of the same {_drawings(statistics.accepted)}, the share that was read right, with its "
        "95 % interval. Points on the dashed line are honest; below it, the reader was surer than "
        "it deserved, above it, less sure. Bars count the drawings behind each point: where there "
        "are few, it may be chance.",
    )


def _drawings(count: int) -> str:
    return f"{count:,} drawing{'s' * (count != 1)}"


def _chart(title: str, figure: go.Figure, explanation: str) -> None:
    st.header(title, anchor=False)
    st.plotly_chart(
        figure, config=CHART_CONFIG, key=f"chart {title}", alt=f"Chart, {title}. {explanation}"
    )
    st.caption(explanation)


def _text_color() -> str | None:
    """Return the text colour of the theme that this browser shows; None where it is unknown."""
    theme = st.context.theme.type
    return st.get_option(f"theme.{theme}.textColor") if theme in ("light", "dark") else None


def _age(counted_at: datetime) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Counted at {counted_at:%H:%M:%S} UTC.", width="content")
        st.button("Count again", icon=":material/refresh:", type="tertiary", on_click=count_again)
