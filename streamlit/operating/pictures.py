"""Kept drawings as pictures with a line of words below: one large, or many small."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from html import escape

from cards.drawing_cards import drawn_png
from feedback.records.rows import KeptDrawing

STYLE = """<style>
.st-key-review_desk {display:grid; grid-template-columns:minmax(0,18rem) minmax(0,1fr); gap:1.5rem;
  align-items:start}
@media (max-width:640px) {
  .st-key-review_desk {grid-template-columns:minmax(0,1fr); gap:.75rem}
  .st-key-review_desk .ink-large {max-width:11rem; margin:auto}
}
.ink-large img {display:block; width:100%; aspect-ratio:1; border-radius:10px; background:#000;
  border:1px solid rgba(128,132,149,.35)}
.ink-large img.ink-read, .ink-thumb img.ink-read {image-rendering:pixelated}
.st-key-review_tools button {min-height:2.75rem}
.st-key-review_digits button p {font-size:1.1rem; font-variant-numeric:lining-nums}
.st-key-review_digits button kbd {display:none}
</style>"""
_THUMBS = """<style>
.ink-thumbs {display:grid; grid-template-columns:repeat(auto-fill,minmax(92px,1fr)); gap:10px}
.ink-thumb {margin:0; font-size:.82rem; line-height:1.3; overflow-wrap:anywhere}
.ink-thumb img {display:block; width:100%; aspect-ratio:1; border-radius:6px; background:#000;
  margin-bottom:4px; border:1px solid rgba(128,132,149,.35)}
.ink-thumb img.ink-read {image-rendering:pixelated}
</style>"""


def picture_of(kept: KeptDrawing, words: str, *, is_large: bool = False) -> str:
    """Return a drawing as its author saw it, else as the network did; words: for who listens."""
    kind, png = ("ink-drawn", drawn_png(kept)) if kept.pens_px else ("ink-read", kept.ink_png)
    image = (
        f'<img class="{kind}" alt="{escape(words)}" '
        f'src="data:image/png;base64,{b64encode(png).decode()}">'
    )
    return f'<div class="ink-large">{image}</div>' if is_large else image


def thumbnails(drawings: Iterable[tuple[KeptDrawing, str]]) -> str:
    """Return drawings with their words as a grid of small pictures, as HTML."""
    items = "".join(
        f'<div class="ink-thumb" role="listitem">{picture_of(kept, f"A drawing: {words}")}'
        f"{escape(words)}</div>"
        for kept, words in drawings
    )
    return f'{_THUMBS}<div class="ink-thumbs" role="list">{items}</div>'
