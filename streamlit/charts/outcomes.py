"""What became of answered drawings: one bar over one denominator, and a table that reads it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from charts.base import RIGHT, WRONG, interval
from feedback.statistics import Verdict
from words.percent import percent, percent_range

# What an author called a digit, and what an author called none, by what became of it.
OF_DIGITS = (Verdict.READ_RIGHT, Verdict.MISREAD, Verdict.REFUSED_BY_MISTAKE)
OF_NO_DIGITS = (Verdict.REFUSED_RIGHTLY, Verdict.TAKEN_FOR_A_DIGIT)

STYLE = f"""<style>
.ink-outcomes {{font-size:.95rem; line-height:1.4; container-type:inline-size}}
.ink-outcomes .ink-bar {{display:flex; gap:2px; height:2rem; margin:.25rem 0 .6rem;
  border-radius:6px; overflow:hidden; background:rgba(128,132,149,.18)}}
.ink-outcomes .ink-bar span {{min-width:4px}}
.ink-outcomes table {{width:100%; border-collapse:collapse; font-variant-numeric:tabular-nums}}
.ink-outcomes th, .ink-outcomes td {{padding:.3rem 0 .3rem .6rem; text-align:right;
  vertical-align:top; font-weight:400; border:0}}
.ink-outcomes thead th {{font-size:.8rem; opacity:.78; padding-bottom:0}}
.ink-outcomes tbody th, .ink-outcomes thead th:first-child {{text-align:left; padding-left:0}}
.ink-outcomes td {{white-space:nowrap}}
.ink-outcomes small {{display:inline-block; min-width:8.5rem; font-size:inherit; opacity:.78}}
.ink-outcomes thead small {{opacity:1}}
@container (max-width:26rem) {{  /* a phone: the interval below its share */
  .ink-outcomes small {{display:block; min-width:0; font-size:.8rem}}
}}
.ink-outcomes i {{display:inline-block; width:.85rem; height:.85rem; margin-right:.5rem;
  vertical-align:-.1rem; border-radius:3px}}
.ink-outcomes .ink-right {{background-color:{RIGHT}}}
.ink-outcomes .ink-wrong {{background-color:{WRONG}}}
.ink-outcomes .ink-hatched {{background-image:repeating-linear-gradient(
  45deg, transparent 0 4px, rgba(255,255,255,.55) 4px 7px)}}
</style>"""

LOOKS = {
    Verdict.READ_RIGHT: "ink-right",
    Verdict.MISREAD: "ink-wrong",
    Verdict.REFUSED_BY_MISTAKE: "ink-wrong ink-hatched",
    Verdict.REFUSED_RIGHTLY: "ink-right ink-hatched",
    Verdict.TAKEN_FOR_A_DIGIT: "ink-wrong",
}


def outcome_bar(verdicts: Mapping[Verdict, int], kinds: Sequence[Verdict]) -> str:
    """Return, as HTML, a bar of these kinds and a table of their counts, shares and intervals.

    verdicts: drawings by verdict. kinds: those that make up the whole, in the order to show. Hue
    says right or wrong and hatching says refused; for who sees neither, the table says it in words.
    """
    counts = [(kind, verdicts[kind]) for kind in kinds]
    whole = sum(count for _, count in counts)
    bar = "".join(
        f'<span class="{LOOKS[kind]}" style="flex:{count} 0 0"></span>'
        for kind, count in counts
        if count
    )
    rows = "".join(_row(kind, count, whole) for kind, count in counts)
    head = (
        f"<th>of {whole:,}</th><th>drawings</th>"
        "<th>share <small>95\N{NO-BREAK SPACE}% interval</small></th>"
    )
    return (
        f'{STYLE}<div class="ink-outcomes"><div class="ink-bar" aria-hidden="true">{bar}</div>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(kind: Verdict, count: int, whole: int) -> str:
    share, between = "–", "–"
    if whole:
        share, between = percent(count / whole), percent_range(*interval(count, whole))
    words = str(kind)
    return (
        f'<tr><th scope="row"><i class="{LOOKS[kind]}" aria-hidden="true"></i>'
        f"{escape(words[0].upper() + words[1:])}</th>"
        f"<td>{count:,}</td><td>{share} <small>{between}</small></td></tr>"
    )
