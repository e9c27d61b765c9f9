"""What all Plotly figures of the dashboard share: colours, frame, axes.

Text, grid lines and background follow Streamlit's theme, so nothing here names a colour for them.
Right and wrong keep one hue each on every chart: blue and vermilion, which people with any of the
usual colour deficiencies tell apart, each at least 3:1 against the light and the dark background.
"""

from __future__ import annotations

import plotly.graph_objects as go

from feedback.statistics import wilson_interval

RIGHT = "#1F78B4"
WRONG = "#D55E00"
NEUTRAL = "#7A7F88"  # at least 3:1 against both backgrounds, and against the text of both themes
UNKNOWN_TEXT = "#4A4E57"  # where the browser has not said which theme it shows

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


def interval(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % interval of a share; of nothing it may be anything from 0 to 1."""
    return wilson_interval(part, whole) or (0.0, 1.0)


def left_titles(figure: go.Figure) -> go.Figure:
    """Start the titles of panels at the left edge, where a phone does not cut them."""
    return figure.for_each_annotation(
        lambda note: (
            note.update(x=0, xanchor="left", font_size=13) if note.yref == "paper" else None
        )
    )
