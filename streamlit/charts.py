"""Plotly figures of the dashboard: numbers in, figures out.

Text, grid lines and background follow Streamlit's theme, so nothing here names a colour for them.
Right and wrong keep one hue each on every chart: blue and vermilion, which people with any of the
usual colour deficiencies tell apart, each at least 3:1 against the light and the dark background.
"""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from feedback.statistics import wilson_interval

RIGHT = "#1F78B4"
WRONG = "#D55E00"
NEUTRAL = "#8A8F98"

# What `st.plotly_chart(config=...)` needs: charts are read, not edited, and must not swallow a
# finger that scrolls the page.
CHART_CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}


# What all figures share.
X_FRAME = {"fixedrange": True, "ticklabeloverflow": "allow"}
Y_FRAME = {"fixedrange": True}
FRAME = {
    "showlegend": False,
    "dragmode": False,
    "bargap": 0.2,
    "barmode": "overlay",
    "margin": {"l": 8, "r": 20, "t": 24, "b": 8},
}


def probability_chart(
    probabilities: Mapping[str, float],
    label: str,
    accent: str | None = None,
    *,
    height: int = 230,
) -> go.Figure:
    """Return one bar per class: what was read in the accent (first trace), the others grey.

    probabilities: 0 to 1 by class name, in the order to show. label: the class that was read.
    accent: the theme's, which is neither the hue of right nor of wrong.
    """
    bars = []
    for is_label, color in ((True, accent), (False, NEUTRAL)):
        names = [name for name in probabilities if (name == label) is is_label]
        values = [probabilities[name] for name in names]
        bar = {
            "type": "bar",
            "x": names,
            "y": values,
            "marker": {"color": color},
            "text": [_whole_percent(value) for value in values],
            "textposition": "outside",
            "textangle": 0,
            "cliponaxis": False,
            "constraintext": "none",
            "hovertemplate": "%{x}: %{y:.2%}<extra></extra>",
        }
        bars.append(bar)
    x_axis = {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": list(probabilities),
        "showgrid": False,
    }
    # Room above 100 % for the number on top of the bar; the axis never moves between drawings.
    y_axis = {"range": [0, 1.12], "visible": False}
    layout = FRAME | {"height": height, "xaxis": X_FRAME | x_axis, "yaxis": Y_FRAME | y_axis}
    # In one piece: each update of a figure costs 2 ms, and this one is made after every stroke.
    return go.Figure({"data": bars, "layout": layout})


def compact_count(count: int) -> str:
    """Return a count that fits a narrow cell: 998, 1.2k, 45k, 3.1M."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if count >= 0.9995 * size:  # 999,600 would round to 1000k
            scaled = count / size
            return f"{scaled:.1f}{letter}" if scaled < 9.95 else f"{scaled:.0f}{letter}"
    return str(count)


def finish(figure: go.Figure, *, height: int) -> go.Figure:
    """Give a figure the frame they all share: no legend, no dragging, margins for a phone."""
    figure.update_xaxes(**X_FRAME)
    figure.update_yaxes(**Y_FRAME)
    return figure.update_layout(height=height, **FRAME)


def count_axis(largest: int) -> dict[str, object]:
    """Return the options of an axis of counts from 0: whole numbers, few of them, 12k not 12000."""
    return {
        "range": [0, 1.1 * max(largest, 1)],
        "nticks": 4,
        "dtick": 1 if largest < 4 else None,
        "tickformat": "~s" if largest >= 1000 else "d",
    }


def interval(correct: int, answers: int) -> tuple[float, float]:
    """Return the 95 % interval of a share; without an answer it may be anything from 0 to 1."""
    return wilson_interval(correct, answers) or (0.0, 1.0)


def left_titles(figure: go.Figure) -> go.Figure:
    """Start the titles of panels at the left edge, where a phone does not cut them."""
    return figure.for_each_annotation(
        lambda note: (
            note.update(x=0, xanchor="left", font_size=13) if note.yref == "paper" else None
        )
    )


def _whole_percent(share: float) -> str:
    """Return the label of a bar: nothing where it would say zero, 100 % only where it is."""
    if share < 0.005:
        return ""
    if 0.995 <= share < 1:
        return ">99 %"
    return f"{share * 100:.0f} %"
