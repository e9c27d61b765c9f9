"""The Plotly figure of what was answered."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from charts.base import NEUTRAL, RIGHT, compact_count, finish


def answers_chart(by_digit: Sequence[int], not_a_digit: int) -> go.Figure:
    """Return a bar for each answer: ten digits, then "not a digit"; its count stands above."""
    labels = [*map(str, range(10)), "no<br>digit"]
    counts = [*by_digit, not_a_digit]
    figure = go.Figure()
    figure.add_bar(
        x=labels,
        y=counts,
        marker_color=[RIGHT] * 10 + [NEUTRAL],
        text=[compact_count(count) for count in counts],
        textposition="outside",
        textangle=0,
        constraintext="none",
        cliponaxis=False,
        customdata=[f"called a {digit}" for digit in range(10)] + ["called no digit"],
        hovertemplate="%{customdata}: %{y:,}<extra></extra>",
    )
    figure.update_xaxes(type="category", showgrid=False)
    figure.update_yaxes(range=[0, 1.25 * max(*counts, 1)], showticklabels=False, showgrid=False)
    return finish(figure, height=190)
