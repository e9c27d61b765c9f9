"""Kept drawings as a grid of pictures, each with what was read and what its author said."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC
from html import escape

from charts.base import RIGHT
from feedback.records.rows import Answer, KeptDrawing
from feedback.statistics import Verdict, verdict_on
from model.ink.pen_strokes import from_quick_draw, picture
from words.names import SOURCES, named
from words.percent import percent

# Behind white signs, which want more than a bar on a chart.
WRONG_MARK, OPEN_MARK = "#B84F00", "#6B7079"

RIGHTLY = (Verdict.READ_RIGHT, Verdict.REFUSED_RIGHTLY)

STYLE = """<style>
.ink-cards {display:grid; grid-template-columns:repeat(auto-fill,minmax(136px,1fr)); gap:12px}
.ink-card {padding:10px; border:1px solid rgba(128,132,149,.3); border-radius:8px;
  overflow-wrap:anywhere}
.ink-card img {display:block; width:100%; max-width:112px; aspect-ratio:1; margin:0 auto 8px;
  border-radius:4px; background:#000}
.ink-card img.ink-read {image-rendering:pixelated}
.ink-card b {font-size:1.35rem; line-height:1.2}
.ink-card div {font-size:.9rem; line-height:1.45}
.ink-card time, .ink-card .ink-source {display:block; font-size:.78rem; opacity:.78}
.ink-mark {display:inline-grid; place-items:center; width:1.15rem; height:1.15rem; color:#fff;
  border-radius:50%; font-size:.75rem; margin-right:.35rem; vertical-align:text-bottom}
</style>"""


def drawing_cards(drawings: Iterable[KeptDrawing]) -> str:
    """Return the drawings as HTML, in their order; the grid fits a phone as well as a desktop."""
    return f'{STYLE}<div class="ink-cards" role="list">{"".join(map(_card, drawings))}</div>'


def drawing_card(kept: KeptDrawing) -> str:
    """Return one drawing as HTML, for a card that has more on it than that."""
    return _card(kept, "group")


def drawn_png(kept: KeptDrawing) -> bytes:
    """Return a drawing whose strokes and pens are kept as its canvas showed it, as a PNG."""
    file = io.BytesIO()
    picture(from_quick_draw(kept.strokes or [], kept.pens_px or [])).save(file, "PNG")
    return file.getvalue()


def _card(kept: KeptDrawing, role: str = "listitem") -> str:
    """Return one drawing as an item of that role; what the store holds as text is escaped."""
    kind, png = ("ink-drawn", drawn_png(kept)) if kept.pens_px else ("ink-read", kept.ink_png)
    drawn_at = kept.created_at.astimezone(UTC)
    source = SOURCES.get(kept.source, kept.source)
    if kept.is_digit:
        read, line = f"read as {kept.predicted}", f"<b>{kept.predicted}</b> "
        line += f"{percent(kept.confidence)} sure"
    else:
        read = "refused as no digit"
        line = f"<b>refused</b> as no digit, nearest to {kept.predicted}"
    name = f' aria-label="A drawing, {read}"' if role == "group" else ""
    return (
        f'<div class="ink-card" role="{role}"{name} title="{escape(kept.weights_version)}">'
        f'<img class="{kind}" alt="A drawing, {read}" '
        f'src="data:image/png;base64,{b64encode(png).decode()}">'
        f"<div>{line}</div>"
        f"<div>{_verdict(kept)}</div>"
        f'<time datetime="{drawn_at.isoformat()}">{drawn_at.day} {drawn_at:%b %Y, %H:%M} UTC'
        f'</time><div class="ink-source">{escape(source)}</div></div>'
    )


def _verdict(kept: KeptDrawing) -> str:
    """Return what became of it, as a mark and in the words of Statistics.

    Colour alone tells nobody anything.
    """
    became = verdict_on(kept)
    if became is None or kept.answer is None:
        mark, color, words = "?", OPEN_MARK, "not answered"
    elif became in RIGHTLY:
        mark, color, words = "✓", RIGHT, str(became)
    else:
        mark, color, words = "✗", WRONG_MARK, f"{became}, {_it_is(kept.answer)}"
    style = f"background:{color}"
    return f'<span class="ink-mark" aria-hidden="true" style="{style}">{mark}</span>{words}'


def _it_is(answer: Answer) -> str:
    return f"it is {named(answer)}"
