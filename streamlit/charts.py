"""Plotly figures of the dashboard: numbers in, figures out.

Text, grid lines and background follow Streamlit's theme, so nothing here names a colour for them.
Right and wrong keep one hue each on every chart: blue and vermilion, which people with any of the
usual colour deficiencies tell apart, each at least 3:1 against the light and the dark background.
"""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

RIGHT = "#1F78B4"
WRONG = "#D55E00"
NEUTRAL = "#8A8F98"

# What `st.plotly_chart(config=...)` needs: charts are read, not edited, and must not swallow a
# finger that scrolls the page.
CHART_CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}


def probability_chart(probabilities: Mapping[str, float], label: str) -> go.Figure:
    """Return one bar per class, the one that was read in the theme's accent, the others grey.

    probabilities: 0 to 1 by class name, in the order to show. label: the class that was read.
    """
    figure = go.Figure()
    # The first trace takes the theme's first colour, in the light and in the dark theme.
    for is_label, color in ((True, None), (False, NEUTRAL)):
        names = [name for name in probabilities if (name == label) is is_label]
        values = [probabilities[name] for name in names]
        figure.add_bar(
            x=names,
            y=values,
            marker_color=color,
            text=[_whole_percent(value) for value in values],
            textposition="outside",
            textangle=0,
            cliponaxis=False,
            constraintext="none",
            hovertemplate="%{x}: %{y:.2%}<extra></extra>",
        )
    figure.update_xaxes(
        type="category",
        categoryorder="array",
        categoryarray=list(probabilities),
        fixedrange=True,
        showgrid=False,
    )
    # Room above 100 % for the number on top of the bar; the axis never moves between drawings.
    figure.update_yaxes(range=[0, 1.12], visible=False, fixedrange=True)
    return _finish(figure, height=230)


def _whole_percent(share: float) -> str:
    """Return a label for a bar: nothing where it would only say zero, never a rounded-up 100 %."""
    if share < 0.005:
        return ""
    return f"{min(round(share * 100), 99) if share < 1 else 100} %"


def _finish(figure: go.Figure, *, height: int) -> go.Figure:
    """Give every figure the same frame: no legend, no dragging, margins for a phone."""
    return figure.update_layout(
        height=height,
        showlegend=False,
        dragmode=False,
        bargap=0.2,
        barmode="overlay",
        margin={"l": 8, "r": 8, "t": 16, "b": 8},
    )
