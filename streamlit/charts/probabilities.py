"""The Plotly figure of how likely each class is."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from charts.base import FRAME, NEUTRAL, X_FRAME, Y_FRAME


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


def _whole_percent(share: float) -> str:
    """Return the label of a bar: nothing where it would say zero, 100 % only where it is."""
    if share < 0.005:
        return ""
    if 0.995 <= share < 1:
        return ">99 %"
    return f"{share * 100:.0f} %"
