"""The look that every figure has: colours, type, a title with remarks; and how one is written."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

INK, PAPER, ACCENT, QUIET = "#23233a", "#ffffff", "#5a4bc4", "#8c8577"
RIGHT, WRONG = "#1f78b4", "#d55e00"  # also told apart by the colour-blind
INK_SCALE = LinearSegmentedColormap.from_list("ink", [PAPER, INK])
LOOK: dict[Any, Any] = {
    "figure.facecolor": PAPER,
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same on every machine
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": "#d9d4c8",
    "axes.labelcolor": INK,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "grid.color": "#ece8de",
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
}
DOTS_PER_INCH = 144
MARGIN_IN = 0.14


@contextmanager
def new_figure(path: Path, width_in: float, height_in: float) -> Iterator[Figure]:
    """Give an empty figure; on leaving, write it to `path` as a PNG.

    The same drawing gives the same bytes. Raises OSError where the file cannot be written.
    """
    with matplotlib.rc_context(LOOK):
        figure = Figure(figsize=(width_in, height_in), layout="constrained")
        FigureCanvasAgg(figure)  # draws without a window system
        yield figure
        content = io.BytesIO()
        figure.savefig(content, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.getvalue())


def add_title(figure: Figure, title: str, *remarks: str) -> None:
    """Write a title over the figure, and beneath it, smaller, what one sees: a line per remark."""
    height_in, width_in = figure.get_figheight(), figure.get_figwidth()
    left = MARGIN_IN / width_in
    figure.text(left, 1 - 0.14 / height_in, title, va="top", fontsize=14, fontweight="bold")
    figure.text(left, 1 - 0.46 / height_in, "\n".join(remarks), va="top", color=QUIET)
    header_in = 0.62 + 0.18 * len(remarks)
    engine = figure.get_layout_engine()
    assert engine is not None, "new_figure sets one"
    # The axes share what is left beneath, inside the margins.
    box = (left, 0.06 / height_in, 1 - 2 * left, 1 - (header_in + 0.06) / height_in)
    engine.set(rect=box)  # type: ignore[call-arg]
