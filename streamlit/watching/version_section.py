"""The versions of the weights side by side, and the marks of when one took another's place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

import streamlit as st

from charts.accuracy import Mark
from charts.base import interval
from feedback.candidates import Promotion
from feedback.statistics import VersionCount
from words.percent import percent, percent_range

SHIPPED = "the shipped weights"
LISTED = 6  # marks that are told in words; all are on the line
STYLE = """<style>
.ink-versions {overflow-x:auto; font-size:.95rem}
.ink-versions table {width:100%; border-collapse:collapse; font-variant-numeric:tabular-nums}
.ink-versions th, .ink-versions td {padding:.35rem 0 .35rem .9rem; text-align:right;
  font-weight:400; border:0; border-bottom:1px solid rgba(128,132,149,.25); vertical-align:top}
.ink-versions thead th {font-size:.8rem; opacity:.78}
.ink-versions tbody th, .ink-versions thead th:first-child {text-align:left; padding-left:0}
.ink-versions td {white-space:nowrap}
.ink-versions small {display:block; font-size:.8rem; opacity:.78}
.ink-versions thead small {opacity:1}
</style>"""


def marks_of(promotions: Sequence[Promotion], *, operator: bool) -> list[Mark]:
    """Return what to mark on the days' line, oldest first.

    operator: whether who looks may read who promoted it, and why.
    """
    return [
        Mark(one.at, f"{one.version or SHIPPED} {one.kind}{_who(one) if operator else ''}")
        for one in reversed(promotions)
    ]


def list_marks(marks: Sequence[Mark], since: datetime) -> str | None:
    """Return the marks from then on as a line of text; None where there are none."""
    shown = [
        f"{mark.at.day} {mark.at:%b, %H:%M} UTC: {mark.words}" for mark in marks if mark.at >= since
    ]
    if not shown:
        return None
    earlier = f"{len(shown) - LISTED:,} earlier ones; " if len(shown) > LISTED else ""
    return f"Marked: {earlier}{'; '.join(shown[-LISTED:])}."


def version_section(counts: Sequence[VersionCount], live: str | None) -> None:
    """Show the versions beside each other, where there is more than one.

    live: the version that reads now; None where nobody knows.
    """
    if len(counts) < 2:
        return
    cell = st.container(border=True)
    cell.header("Versions compared", anchor=False)
    cell.html(_table(counts, live))
    cell.caption(
        "What each version of the weights read, by its drawings' answers. Versions whose intervals "
        "overlap may not differ at all; and each had other days and other people, so that only the "
        "report on Learning compares two on the same drawings."
    )


def _table(counts: Sequence[VersionCount], live: str | None) -> str:
    head = (
        "<th>Version</th><th>Drawings</th><th>Answers</th><th>Taken for a digit</th>"
        "<th>Digits read right</th>"
    )
    body = "".join(_row(count, count.version == live) for count in counts)
    return (
        f'{STYLE}<div class="ink-versions" role="region" aria-label="Versions compared" '
        f'tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _row(count: VersionCount, is_live: bool) -> str:
    right = "–"
    if count.named:
        low, high = interval(count.read_right, count.named)
        right = (
            f"{percent(count.read_right / count.named)}<small>{percent_range(low, high)} of "
            f"{count.named:,}</small>"
        )
    days = f"{_day(count.first)} to {_day(count.last)}{', live' if is_live else ''}"
    return (
        f'<tr><th scope="row">{escape(count.version)}<small>{days}</small></th>'
        f"<td>{count.drawings:,}</td><td>{count.answers:,}</td>"
        f"<td>{percent(count.taken / count.drawings)}</td><td>{right}</td></tr>"
    )


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


def _who(one: Promotion) -> str:
    return f" by {one.by_name} ({one.why})"
