"""Where within a character the two networks say what it is: measured on lines that are told apart.

Nothing in their training says where a label belongs; each network finds a habit of its own, the end
of a character most of the time, and what cuts a text into characters has to know it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.ink.pen_lines import to_lines
from model.line_ink.line_strip import strip_of_strokes
from model.line_ink.pen_path import trace
from model.pen.written_lines import WrittenLine
from model.writing.paths import place
from model.writing.placed_characters import to_px, to_steps
from model.writing.reader import Reader


def measure_lags(reader: Reader, lines: Sequence[WrittenLine]) -> tuple[float, float]:
    """Return the medians of the strip's and the path's lag: -0.5 at the beginning, 0.5 at the end.

    lines: those without told characters, or with spaces, are left out; 0 where none is left.
    """
    by_strip: list[float] = []
    by_path: list[float] = []
    for line in lines:
        if line.characters is None or " " in line.text:
            continue
        strokes = to_lines(line.strokes)
        pen, strip = trace(strokes), strip_of_strokes(strokes)
        labels = [reader.classes.index(character) for character in line.text]
        seen, followed = reader.log_shares(strip, pen.features)
        columns, steps = (
            to_px(place(seen, labels).centres),
            to_steps(place(followed, labels).centres),
        )
        points = np.concatenate(strokes)
        low, high = points[:, 0].min(), points[:, 0].max()
        px_per_unit = strip.shape[1] / max(float(high - low), 1e-6)
        for column, step, own in zip(columns, steps, line.characters, strict=True):
            at = np.flatnonzero(np.isin(pen.stroke, own))
            by_path.append(float((step - (at[0] + at[-1]) / 2) / (at[-1] - at[0] + 1)))
            x = (np.concatenate([strokes[stroke] for stroke in own])[:, 0] - low) * px_per_unit
            by_strip.append(float((column - (x.min() + x.max()) / 2) / max(np.ptp(x), 4.0)))
    if not by_path:
        return 0.0, 0.0
    return tuple(float(np.clip(np.median(some), -0.5, 0.5)) for some in (by_strip, by_path))  # type: ignore[return-value]
