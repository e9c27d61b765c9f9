"""The Statistics page: how often the readings were right, by those who drew."""

from __future__ import annotations

from datetime import datetime

import plotly.graph_objects as go
import streamlit as st
from sqlalchemy import Engine

from charts.accuracy import accuracy_by_day_chart, accuracy_by_digit_chart
from charts.base import CHART_CONFIG
from charts.confidence import confidence_chart, reliability_chart
from charts.confusion import confusion_chart
from feedback.connection.settings import StoreSettings
from feedback.errors import StoreUnavailable
from feedback.records.rows import Filters
from feedback.statistics import Statistics
from store.cached_counts import count_again, counted_statistics, known_versions
from store.messages import not_kept, store_away
from views.filters import filter_bar, is_filtered, nothing_matches
from views.headline import headline
from words.percent import percent, percent_range


def statistics_page(
    engine: Engine | None, settings: StoreSettings, *, operator: bool = False
) -> None:
    """Show the filters, the numbers, and the charts of what the store holds.

    operator: whether who looks may read where the store is and why it is away.
    """
    st.title("Statistics")
    st.markdown("How well the readings stand up to what people answered.")
    if engine is None:
        not_kept("so there is nothing to count", settings, operator=operator)
        return
    try:
        versions, failure = known_versions(engine), None
    except StoreUnavailable as error:
        versions, failure = [], error
    filters = filter_bar(versions)
    if filters is None:
        return
    try:
        if failure is not None:  # asking a dead server twice would double the wait
            raise failure
        statistics, counted_at = counted_statistics(engine, filters)
    except StoreUnavailable as error:
        store_away(error, operator=operator)
        return
    if not statistics.drawings:
        _nothing_to_show(filters)
        return
    _headline(statistics)
    _no_digits(statistics)
    _charts(statistics)
    _age(counted_at)


def _nothing_to_show(filters: Filters) -> None:
    if is_filtered(filters):
        nothing_matches(filters)
        return
    st.info(
        "Nothing has been drawn yet. Draw a digit on the Draw page and say whether it was read "
        "right: the first answer appears here.",
        icon=":material/draw:",
    )


def _headline(statistics: Statistics) -> None:
    """Show the four numbers; accuracy with its interval, and never without the share answered."""
    share = percent(statistics.share_answered or 0.0)
    days = len(statistics.by_day)
    accuracy, between = "–", "no digits yet"
    if statistics.accuracy is not None and statistics.interval is not None:
        accuracy, between = percent(statistics.accuracy), percent_range(*statistics.interval)
    headline(
        [
            ("Drawings", f"{statistics.drawings:,}", f"on {days:,} day{'s' * (days != 1)}"),
            (
                "Answers",
                f"{statistics.answers:,}",
                f"{statistics.correct:,} read right",
            ),
            ("Share answered", share, "of the drawings"),
            ("Accuracy", accuracy, between),
        ],
        columns=4,
    )
    if statistics.accuracy is None:
        why, first = (
            ("No answer names a digit yet", "answer on the Draw page that names one")
            if statistics.answers
            else ("No answers yet", "“Is that right?” that somebody answers on the Draw page")
        )
        st.info(
            f"{why}, so no accuracy: it appears with the first {first}.",
            icon=":material/quiz:",
        )
        return
    st.markdown(
        f"**{statistics.correct:,} of {statistics.named:,}** answered digits were read right: "
        f"**{accuracy}**. The 95 % interval is {between}: from this many answers, 19 such "
        f"intervals in 20 hold the true share. **{share}** of the drawings were answered, and "
        "people may be quicker to answer a mistake: the fewer answer, the less this says about "
        "the rest."
    )


def _no_digits(statistics: Statistics) -> None:
    """Show what people say is no digit, beside accuracy, and whether the network agreed."""
    if not statistics.answers:
        return
    none_there, named = statistics.not_digits, statistics.named
    rightly, wrongly = statistics.refused_rightly, statistics.refused_wrongly
    of_none_there = f"{percent(rightly / none_there)} of these" if none_there else "of none yet"
    of_named = f"{percent(wrongly / named)} of the digits" if named else "no digits yet"
    headline(
        [
            ("Not a digit", f"{none_there:,}", "as people say"),
            ("Refused rightly", f"{rightly:,}", of_none_there),
            ("Refused by mistake", f"{wrongly:,}", of_named),
        ],
        columns=3,
    )
    st.markdown(
        "Whatever is not a digit, by the word of those who drew it, counts here and not in the "
        "accuracy. A digit that was refused by mistake counts there too, by the digit it was "
        "nearest to."
    )


def _charts(statistics: Statistics) -> None:
    """Show each chart with a sentence on what it says and how to read it."""
    grid = st.grid(2, min_column_width=320, border=True)  # one column on a phone
    with grid.cell(column_span="all"):
        _chart(
            "By day",
            accuracy_by_day_chart(statistics.by_day),
            "Each point is the share of that day's digits (UTC) that were read right, by their "
            "answers; the line through it is its 95 % interval, long where few answered. Below, "
            "how many were drawn and how many of those were answered.",
        )
    if not statistics.named:
        return
    with grid.cell():
        _chart(
            "By digit",
            accuracy_by_digit_chart(statistics.by_digit),
            "How often each digit was read right, by what its author said it is; beside the "
            "digit, its number of answers. The whisker is the 95 % interval: digits whose "
            "whiskers overlap may not differ at all.",
        )
    with grid.cell():
        _chart(
            "What was taken for what",
            confusion_chart(statistics.confusion, _text_color()),
            "Rows are what people say they drew, columns what was read; numbers are how often. "
            "Blue cells are right, orange ones are mistakes, each deeper the larger its share of "
            "its row.",
        )
    with grid.cell():
        _chart(
            "How sure it was",
            confidence_chart(statistics.confidence_right, statistics.confidence_wrong),
            "Confidence of right readings above, of wrong ones below, each on its own scale. "
            "Good: the upper heap at the right edge, the lower one spread to the left.",
        )
    with grid.cell():
        _chart(
            "Is 90 % sure right 9 times in 10?",
            reliability_chart(statistics.reliability),
            "Points on the dashed line are honest; below it, the reader was surer than it "
            "deserved, above it, less sure. Bars count the answers behind each point: where "
            "there are few, the point may be chance.",
        )


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
