"""Kept drawings as a grid of pictures, each with what was read and what its author said."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC
from html import escape

from charts.base import NEUTRAL, RIGHT, WRONG
from feedback.records.rows import NOT_A_DIGIT, KeptDrawing
from model.ink.pen_strokes import from_quick_draw, picture
from words.names import SOURCES, named
from words.percent import percent

STYLE = """<style>
.ink-cards {display:grid; grid-template-columns:repeat(auto-fill,minmax(136px,1fr)); gap:12px}
.ink-card {padding:10px; border:1px solid rgba(128,132,149,.3); border-radius:8px;
  overflow-wrap:anywhere}
.ink-cards img {display:block; width:100%; max-width:112px; aspect-ratio:1; margin:0 auto 8px;
  border-radius:4px; background:#000}
.ink-cards img.ink-read {image-rendering:pixelated}
.ink-cards b {font-size:1.35rem; line-height:1.2}
.ink-card div {font-size:.9rem; line-height:1.45}
.ink-card time, .ink-card .ink-source {display:block; font-size:.78rem; opacity:.75}
.ink-mark {display:inline-grid; place-items:center; width:1.15rem; height:1.15rem; color:#fff;
  border-radius:50%; font-size:.75rem; margin-right:.35rem; vertical-align:text-bottom}
</style>"""


def drawing_cards(drawings: Iterable[KeptDrawing]) -> str:
    """Return the drawings as HTML, in their order; the grid fits a phone as well as a desktop."""
    return f'{STYLE}<div class="ink-cards" role="list">{"".join(map(_card, drawings))}</div>'


def drawn_png(kept: KeptDrawing) -> bytes:
    """Return a drawing whose strokes and pens are kept as its canvas showed it, as a PNG."""
    file = io.BytesIO()
    picture(from_quick_draw(kept.strokes or [], kept.pens_px or [])).save(file, "PNG")
    return file.getvalue()


def _card(kept: KeptDrawing) -> str:
    """Return one drawing as a list item; what the store holds as text is escaped."""
    kind, png = ("ink-drawn", drawn_png(kept)) if kept.pens_px else ("ink-read", kept.ink_png)
    drawn_at = kept.created_at.astimezone(UTC)
    source = SOURCES.get(kept.source, kept.source)
    if kept.is_digit:
        read, line = f"read as {kept.predicted}", f"<b>{kept.predicted}</b> "
        line += f"{percent(kept.confidence)} sure"
    else:
        read, line = "taken for no digit", f"<b>no digit</b> nearest to {kept.predicted}"
    return (
        f'<div class="ink-card" role="listitem" title="{escape(kept.weights_version)}">'
        f'<img class="{kind}" alt="A drawing, {read}" '
        f'src="data:image/png;base64,{b64encode(png).decode()}">'
        f"<div>{line}</div>"
        f"<div>{_verdict(kept)}</div>"
        f'<time datetime="{drawn_at.isoformat()}">{drawn_at.day} {drawn_at:%b %Y, %H:%M} UTC'
        f'</time><div class="ink-source">{escape(source)}</div></div>'
    )


def _verdict(kept: KeptDrawing) -> str:
    """Return what its author said, as a mark and in words: colour alone tells nobody anything."""
    said = kept.predicted if kept.is_digit else NOT_A_DIGIT
    if kept.answer is None:
        mark, color, words = "?", NEUTRAL, "not answered"
    elif kept.answer == said:
        right = "right, it is not a digit" if kept.answer is NOT_A_DIGIT else "right"
        mark, color, words = "✓", RIGHT, right
    elif kept.answer is NOT_A_DIGIT:
        mark, color, words = "✗", WRONG, "wrong, it is not a digit"
    elif not kept.is_digit:
        mark, color, words = "✗", WRONG, f"refused by mistake, it is {named(kept.answer)}"
    else:
        mark, color, words = "✗", WRONG, f"wrong, it is {named(kept.answer)}"
    style = f"background:{color}"
    return f'<span class="ink-mark" aria-hidden="true" style="{style}">{mark}</span>{words}'
