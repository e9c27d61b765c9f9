"""The drawings of late beside those that weights were made for: a table, and two histograms."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from charts.base import NEUTRAL, RIGHT, WRONG, finish, left_titles
from words.percent import percent, percent_range


class Bars(NamedTuple):
    """One histogram: shares, 0 to 1, for each place.

    now, low, high: of late, with the interval of chance; was: of the reference.
    """

    now: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    was: Sequence[float]


class Row(NamedTuple):
    """One line of the table. now, low, high, was: None where it is no single share."""

    name: str
    now: float | None
    low: float | None
    high: float | None
    was: float | None
    distance: float
    chance: float
    has_moved: bool


STYLE = f"""<style>
.ink-drift {{overflow-x:auto; font-size:.95rem}}
.ink-drift table {{width:100%; border-collapse:collapse; font-variant-numeric:tabular-nums}}
.ink-drift th, .ink-drift td {{padding:.35rem 0 .35rem .75rem; text-align:right; font-weight:400;
  border:0; border-bottom:1px solid rgba(128,132,149,.25); vertical-align:top}}
.ink-drift thead th {{font-size:.8rem; opacity:.78}}
.ink-drift tbody th, .ink-drift thead th:first-child {{text-align:left; padding-left:0}}
.ink-drift small {{display:block; font-size:.8rem; opacity:.78; white-space:nowrap}}
.ink-drift thead small {{opacity:1}}
.ink-drift b {{font-weight:600}}
.ink-drift i {{display:inline-block; width:.7rem; height:.7rem; margin-right:.4rem;
  border-radius:2px; background:{WRONG}}}
.ink-drift i.ink-as-before {{background:{RIGHT}}}
</style>"""


def drift_table(rows: Sequence[Row]) -> str:
    """Return the comparisons as HTML; what has moved says so in words as well as by its colour."""
    head = (
        "<th>Compared</th><th>Of late</th><th>Reference</th>"
        "<th>Distance <small>by chance, up to</small></th>"
    )
    body = "".join(_row(row) for row in rows)
    return (
        f'{STYLE}<div class="ink-drift" role="region" aria-label="Comparison with the reference" '
        f'tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def drift_chart(confidence: Bars, digits: Bars) -> go.Figure:
    """Return two panels: the histogram of confidence, and the mix of digits.

    Bars are the drawings of late with their interval of chance; short lines are the reference.
    """
    figure = make_subplots(
        rows=2,
        cols=1,
        vertical_spacing=0.22,
        subplot_titles=["Confidence of what was taken for a digit", "What it was taken for"],
    )
    bins = len(confidence.now)
    places = [(place + 0.5) / bins for place in range(bins)]
    labels = [f"{place / bins:.0%} to {(place + 1) / bins:.0%} sure" for place in range(bins)]
    _panel(figure, 1, places, labels, confidence, 1 / bins)
    _panel(figure, 2, list(range(10)), [f"taken for {d}" for d in range(10)], digits, 1.0)
    figure.update_xaxes(
        range=[0, 1], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%", row=1, col=1
    )
    figure.update_xaxes(tickvals=list(range(10)), range=[-0.6, 9.6], row=2, col=1)
    figure.update_xaxes(showgrid=False)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero", nticks=4)
    return left_titles(finish(figure, height=400))


def _panel(
    figure: go.Figure,
    row: int,
    places: Sequence[float],
    labels: Sequence[str],
    bars: Bars,
    width: float,
) -> None:
    figure.add_bar(
        x=places,
        y=list(bars.now),
        width=0.8 * width,
        marker_color=RIGHT,
        error_y={
            "array": [high - now for high, now in zip(bars.high, bars.now, strict=True)],
            "arrayminus": [now - low for low, now in zip(bars.low, bars.now, strict=True)],
            "color": NEUTRAL,
            "thickness": 1.5,
            "width": 0,
        },
        customdata=[
            f"{label}: {percent(now)} of late ({percent_range(low, high)}), {percent(was)} at the "
            "reference"
            for label, now, low, high, was in zip(
                labels, bars.now, bars.low, bars.high, bars.was, strict=True
            )
        ],
        hovertemplate="%{customdata}<extra></extra>",
        row=row,
        col=1,
    )
    figure.add_scatter(
        x=places,
        y=list(bars.was),
        mode="markers",
        marker={
            "symbol": "line-ew",
            "size": 16 if len(places) > 10 else 24,
            "line": {"color": WRONG, "width": 3},
        },
        hoverinfo="skip",
        row=row,
        col=1,
    )


def _row(row: Row) -> str:
    now, was = "see below", "see below"
    if row.now is not None and row.low is not None and row.high is not None:
        now = f"{percent(row.now)}<small>{percent_range(row.low, row.high)}</small>"
        was = percent(row.was or 0.0)
    look = "" if row.has_moved else ' class="ink-as-before"'
    words = "moved" if row.has_moved else "as before"
    return (
        f'<tr><th scope="row"><i aria-hidden="true"{look}></i>{escape(row.name)}'
        f"<small>{words}</small></th><td>{now}</td><td>{was}</td>"
        f"<td>{row.distance:.3f}<small>{row.chance:.3f}</small></td></tr>"
    )
