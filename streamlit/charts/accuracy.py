"""Plotly figures about how often digits were read right: by day and by digit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from html import escape
from typing import NamedTuple

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from charts.base import (
    NEUTRAL,
    RIGHT,
    UNKNOWN_TEXT,
    WRONG,
    compact_count,
    count_axis,
    finish,
    interval,
    left_titles,
)
from feedback.statistics import Day, Digit
from words.counted import counted
from words.names import named
from words.percent import percent, percent_range

DAY_MS = 24 * 60 * 60 * 1000


class Mark(NamedTuple):
    """A moment to be marked on the days' line. at: UTC."""

    at: datetime
    words: str


def accuracy_by_day_chart(
    by_day: Sequence[Day], text_color: str | None = None, marks: Sequence[Mark] = ()
) -> go.Figure:
    """Return the share read right with its 95 % interval per UTC day, and that day's drawings.

    by_day: at least one day, oldest first; days on which no answer names a digit have no share.
    text_color: of the theme, for what was answered. marks: moments of which those within the days
    are shown, as dotted lines.
    """
    figure = make_subplots(
        rows=2,
        cols=1,
        shared_xaxes=True,
        row_heights=[0.64, 0.36],
        vertical_spacing=0.16,
        subplot_titles=["Digits read right", "Drawings, grey where not answered"],
    )
    with_digits = [day for day in by_day if day.named]
    if with_digits:
        figure.add_trace(_right_trace(with_digits), row=1, col=1)
        lowest = min(interval(day.read_right, day.named)[0] for day in with_digits)
        floor = max(0.0, int(lowest * 10) / 10)
    else:
        answered = any(day.answers for day in by_day)
        # Plotly draws neither axes nor words where a panel has no trace.
        figure.add_scatter(x=[by_day[0].day], y=[None], hoverinfo="skip", row=1, col=1)
        figure.add_annotation(
            text="no answer names a digit yet" if answered else "no answers yet",
            x=0.5,
            y=0.5,
            xref="x domain",
            yref="y domain",
            showarrow=False,
        )
        floor = 0.0
    for counts, color, what in (
        ([day.drawings for day in by_day], NEUTRAL, "drawings"),
        ([day.answers for day in by_day], text_color or UNKNOWN_TEXT, "answers"),
    ):
        figure.add_bar(
            x=[day.day for day in by_day],
            y=counts,
            width=0.8 * DAY_MS,
            marker_color=color,
            hovertemplate=f"%{{x|%-d %b %Y}}: %{{y:,}} {what}<extra></extra>",
            row=2,
            col=1,
        )
    first, last = by_day[0].day, by_day[-1].day
    _add_marks(figure, [mark for mark in marks if first <= mark.at.date() <= last], floor)
    # One day alone would fill the whole width; two days of air on each side keep it a bar.
    air = timedelta(days=2.5 if (last - first).days < 3 else 0.7)
    figure.update_xaxes(
        type="date",
        range=[_midnight(first, -air), _midnight(last, air)],
        tickformat="%-d %b" if (last - first).days < 300 else "%b %Y",
        dtick=DAY_MS if (last - first).days < 6 else None,
        nticks=6,
        showgrid=False,
    )
    figure.update_yaxes(range=[floor, 1.02], tickformat=".0%", nticks=6, row=1, col=1)
    figure.update_yaxes(**count_axis(max(day.drawings for day in by_day)), row=2, col=1)
    return left_titles(finish(figure, height=360))


def accuracy_by_digit_chart(by_digit: Sequence[Digit], text_color: str | None = None) -> go.Figure:
    """Return one horizontal bar per digit: its share read right, 95 % interval and drawings.

    by_digit: ten counts, 0 to 9; a digit that no drawing was called has no bar. text_color: of the
    theme, for the whiskers, which lie half on their bar.
    """
    rows = [row for row in by_digit if row.named]
    intervals = [interval(row.read_right, row.named) for row in rows]
    shares = [row.read_right / row.named for row in rows]
    figure = go.Figure()
    figure.add_bar(
        orientation="h",
        y=[str(row.digit) for row in rows],
        x=shares,
        marker_color=RIGHT,
        error_x={
            "array": [high - share for share, (_, high) in zip(shares, intervals, strict=True)],
            "arrayminus": [share - low for share, (low, _) in zip(shares, intervals, strict=True)],
            "color": text_color or UNKNOWN_TEXT,
            "thickness": 2,
            "width": 4,
        },
        customdata=[
            [
                named(row.digit),
                row.read_right,
                counted(row.named, "drawing"),
                percent_range(*between),
                row.named - row.read_right - row.refused,
                row.refused,
            ]
            for row, between in zip(rows, intervals, strict=True)
        ],
        hovertemplate="called %{customdata[0]}: %{x:.1%} read right"
        "<br>%{customdata[1]:,} of %{customdata[2]}"
        "<br>95 % interval %{customdata[3]}"
        "<br>%{customdata[4]:,} misread, %{customdata[5]:,} refused by mistake<extra></extra>",
    )
    figure.add_scatter(  # in a column of their own: in the bars they would lie on the whiskers
        mode="text",
        y=[str(row.digit) for row in rows],
        x=[1.04] * len(rows),
        text=[percent(share) for share in shares],
        textposition="middle right",
        hoverinfo="skip",
    )
    figure.update_xaxes(range=[0, 1.3], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1])
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=[str(row.digit) for row in by_digit],
        range=[9.5, -0.5],
        tickvals=[str(row.digit) for row in by_digit],
        ticktext=[f"<b>{row.digit}</b> · {compact_count(row.named)}" for row in by_digit],
        showgrid=False,
    )
    return finish(figure, height=400)


def _add_marks(figure: go.Figure, marks: Sequence[Mark], floor: float) -> None:
    """Draw a dotted line through both panels for each mark, with its words where it is touched."""
    if not marks:
        return
    # Without a zone, as the days are: a browser would move it into its own.
    moments = [mark.at.replace(tzinfo=None).isoformat() for mark in marks]
    for moment in moments:
        for axis in ("", "2"):
            figure.add_shape(
                type="line",
                x0=moment,
                x1=moment,
                y0=0,
                y1=1,
                xref=f"x{axis}",
                yref=f"y{axis} domain",
                line={"color": WRONG, "width": 1.5, "dash": "dot"},
            )
    figure.add_scatter(
        x=moments,
        y=[floor] * len(marks),
        mode="markers",
        marker={"color": WRONG, "size": 11, "symbol": "triangle-up"},
        customdata=[escape(mark.words) for mark in marks],
        hovertemplate="%{x|%-d %b %Y, %H:%M}: %{customdata}<extra></extra>",
        cliponaxis=False,
        row=1,
        col=1,
    )


def _right_trace(with_digits: Sequence[Day]) -> go.Scatter:
    """Return the points of days with answers that name a digit, broken where a day has none."""
    days: list[date] = []
    shares: list[float | None] = []
    above: list[float] = []
    below: list[float] = []
    words: list[str] = []
    for count in with_digits:
        if days and (count.day - days[-1]).days > 1:
            days.append(days[-1] + timedelta(days=1))
            shares.append(None)
            above.append(0)
            below.append(0)
            words.append("")
        share = count.read_right / count.named
        low, high = interval(count.read_right, count.named)
        days.append(count.day)
        shares.append(share)
        above.append(high - share)
        below.append(share - low)
        words.append(
            f"{count.read_right:,} of {counted(count.named, 'drawing')} called a digit"
            f"<br>95 % interval {percent_range(low, high)}"
        )
    return go.Scatter(
        x=days,
        y=shares,
        mode="lines+markers",
        connectgaps=False,
        marker={"color": RIGHT, "size": 8 if len(days) <= 60 else 4},
        line={"color": RIGHT, "width": 1.5},
        error_y={
            "array": above,
            "arrayminus": below,
            "color": RIGHT,
            "thickness": 1,
            "width": 0,
        },
        customdata=words,
        hovertemplate="%{x|%-d %b %Y}: %{y:.1%} read right<br>%{customdata}<extra></extra>",
    )


def _midnight(day: date, shift: timedelta) -> str:
    """Return the day's first moment, moved by `shift`, as Plotly wants it."""
    return (datetime(day.year, day.month, day.day) + shift).isoformat()
