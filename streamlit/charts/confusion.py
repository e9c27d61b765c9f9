"""The Plotly figure of what was taken for what."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from charts.base import NEUTRAL, RIGHT, WRONG, compact_count, finish
from words.names import named

# The columns' edges: that of the refused is twice as wide, for its name to fit on a phone.
EDGES = [*(digit - 0.5 for digit in range(11)), 11.5]
CENTRES = [*range(10), 10.5]
SHOWN = [*(f"read as {digit}" for digit in range(10)), "refused"]


def confusion_chart(confusion: Sequence[Sequence[int]], text_color: str | None = None) -> go.Figure:
    """Return the confusion matrix of drawings called a digit: right cells blue, others vermilion.

    confusion: counts, [what its author said][what was shown]: the digits, then, in a column of its
    own, "refused". Blue deepens with the share of its row that was right; vermilion with the share
    that was this mistake, against the largest of them.
    text_color: of the numbers; the theme's text colour reads better on the cells than the softer
    one that charts have by default.
    """
    totals = [sum(row) for row in confusion]
    digits = [str(digit) for digit in range(len(confusion))]
    shares = [
        [count / total if total else 0.0 for count in row]
        for row, total in zip(confusion, totals, strict=True)
    ]
    largest_mistake = max(
        (share for true, row in enumerate(shares) for read, share in enumerate(row) if true != read)
    )
    figure = go.Figure()
    figure.add_heatmap(  # the empty cells, so that the table keeps its shape with one answer
        x=EDGES,
        y=digits,
        z=[[None if count else 0 for count in row] for row in confusion],
        colorscale=[[0, _faded(NEUTRAL, 0.07)], [1, _faded(NEUTRAL, 0.07)]],
        showscale=False,
        xgap=2,
        ygap=2,
        hoverinfo="skip",
    )
    for right, color, scale_end in ((True, RIGHT, 1.0), (False, WRONG, largest_mistake or 1.0)):
        figure.add_heatmap(
            x=EDGES,
            y=digits,
            z=[
                [
                    share if (true == read) is right and count else None
                    for read, (share, count) in enumerate(zip(row, counts, strict=True))
                ]
                for true, (row, counts) in enumerate(zip(shares, confusion, strict=True))
            ],
            customdata=[
                [[count, named(said), shown] for count, shown in zip(row, SHOWN, strict=True)]
                for said, row in enumerate(confusion)
            ],
            zmin=0,
            zmax=scale_end,
            # Never fully opaque, so that the theme's text colour stays readable on every cell.
            colorscale=[
                [0, _faded(color, 0.12)],
                [1, _faded(color, 0.6)],
            ],
            showscale=False,
            xgap=2,
            ygap=2,
            hoverongaps=False,
            hovertemplate="called %{customdata[1]}, %{customdata[2]}: %{customdata[0]:,}"
            "<br>%{z:.1%} of all called %{customdata[1]}<extra></extra>",
        )
    figure.add_scatter(
        mode="text",
        x=[shown for _ in digits for shown in CENTRES],
        y=[said for said in digits for _ in CENTRES],
        text=[compact_count(count) if count else "" for row in confusion for count in row],
        textfont={"size": 11, "color": text_color},
        hoverinfo="skip",
    )
    figure.update_xaxes(
        title="read as",
        range=[EDGES[0], EDGES[-1]],
        tickvals=CENTRES,
        ticktext=[*digits, "refused"],
        tickangle=0,
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(
        title="what its author said",
        type="category",
        range=[9.5, -0.5],
        tickvals=digits,
        showgrid=False,
        zeroline=False,
    )
    return finish(figure, height=400)


def _faded(color: str, opacity: float) -> str:
    """Return `#rrggbb` with an opacity, as Plotly wants it."""
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
