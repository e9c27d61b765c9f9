"""Plotly figures about confidence: how sure the readings were, and whether to believe it."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from charts.base import (
    NEUTRAL,
    RIGHT,
    WRONG,
    compact_count,
    count_axis,
    finish,
    interval,
    left_titles,
)
from feedback.statistics import ReliabilityBin
from words.counted import counted
from words.percent import percent_range

CONFIDENCE_TICKS = [0, 0.25, 0.5, 0.75, 1]


def confidence_chart(right: Sequence[int], wrong: Sequence[int]) -> go.Figure:
    """Return two histograms over confidence: drawings read right above, the others below.

    right, wrong: answered drawings taken for a digit, per bin; equally wide bins from 0 to 1. Each
    panel has its own scale, since a good reader leaves little in the lower one.
    """
    figure = make_subplots(
        rows=2,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.16,
        subplot_titles=[f"Read right: {sum(right):,}", f"Misread, or no digit: {sum(wrong):,}"],
    )
    for row, (counts, color, what) in enumerate(
        ((right, RIGHT, "read right"), (wrong, WRONG, "misread, or no digit")), start=1
    ):
        width = 1 / len(counts)
        figure.add_bar(
            x=[(place + 0.5) * width for place in range(len(counts))],
            y=list(counts),
            width=0.9 * width,
            marker_color=color,
            customdata=[
                f"{place * width:.0%} to {(place + 1) * width:.0%} sure"
                for place in range(len(counts))
            ],
            hovertemplate=f"%{{customdata}}: %{{y:,}} {what}<extra></extra>",
            row=row,
            col=1,
        )
        figure.update_yaxes(**count_axis(max(counts)), row=row, col=1)
    figure.update_xaxes(range=[0, 1], tickvals=CONFIDENCE_TICKS, tickformat=".0%", showgrid=False)
    figure.update_xaxes(title="confidence", row=2, col=1)
    return left_titles(finish(figure, height=360))


def reliability_chart(bins: Sequence[ReliabilityBin]) -> go.Figure:
    """Return the share read right against confidence, the line of honesty, and how many they are.

    bins: of answered drawings taken for a digit; equally wide, from 0 to 1; an empty one has no
    point.
    """
    figure = make_subplots(
        rows=2,
        cols=1,
        shared_xaxes=True,
        row_heights=[0.72, 0.28],
        vertical_spacing=0.13,
        subplot_titles=["Share read right", "Drawings"],
    )
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": NEUTRAL, "dash": "dash", "width": 1.5},
        hoverinfo="skip",
        row=1,
        col=1,
    )
    filled = [row for row in bins if row.accepted]
    shares = [row.read_right / row.accepted for row in filled]
    intervals = [interval(row.read_right, row.accepted) for row in filled]
    figure.add_scatter(
        x=[row.mean_confidence for row in filled],
        y=shares,
        mode="lines+markers",
        marker={"color": RIGHT, "size": 8},
        line={"color": RIGHT, "width": 1.5},
        error_y={
            "array": [high - share for share, (_, high) in zip(shares, intervals, strict=True)],
            "arrayminus": [share - low for share, (low, _) in zip(shares, intervals, strict=True)],
            "color": RIGHT,
            "thickness": 1,
            "width": 0,
        },
        customdata=[
            f"{row.read_right:,} of {counted(row.accepted, 'drawing')}"
            f"<br>95 % interval {percent_range(*between)}"
            for row, between in zip(filled, intervals, strict=True)
        ],
        hovertemplate="%{x:.1%} sure on average, %{y:.1%} read right"
        "<br>%{customdata}<extra></extra>",
        cliponaxis=False,
        row=1,
        col=1,
    )
    figure.add_bar(
        x=[(row.low + row.high) / 2 for row in bins],
        y=[row.accepted for row in bins],
        width=[0.9 * (row.high - row.low) for row in bins],
        marker_color=NEUTRAL,
        text=[compact_count(row.accepted) if row.accepted else "" for row in bins],
        textposition="outside",
        textangle=0,
        constraintext="none",
        cliponaxis=False,
        customdata=[
            f"{row.low:.0%} to {row.high:.0%} sure: {counted(row.accepted, 'drawing')}"
            for row in bins
        ],
        hovertemplate="%{customdata}<extra></extra>",
        row=2,
        col=1,
    )
    figure.update_xaxes(range=[0, 1.01], tickvals=CONFIDENCE_TICKS, tickformat=".0%")
    figure.update_xaxes(title="confidence", showgrid=False, row=2, col=1)
    figure.update_yaxes(range=[0, 1.02], tickvals=CONFIDENCE_TICKS, tickformat=".0%", row=1, col=1)
    most = max((row.accepted for row in bins), default=1)
    figure.update_yaxes(range=[0, 1.35 * max(most, 1)], showticklabels=False, row=2, col=1)
    return left_titles(finish(figure, height=400))
