"""The gate's report: every row with its limit, and the drawings that are read otherwise now."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from uuid import UUID

import streamlit as st
from sqlalchemy import Engine

from feedback.candidates import WeightsRow, find_drawings
from feedback.records.rows import KeptDrawing
from model.promotion.gate_report import LiveTest, Report, Row
from operating.beliefs import label_words
from operating.pictures import thumbnails
from words.counted import counted

SHOWN = 24  # pictures of each kind
VERDICTS = {
    "better": (":material/trending_up: **Better** than what it was compared with.", "success"),
    "no worse": (
        ":material/trending_flat: **No worse**, and not shown to be better: it may be promoted on "
        "the operator's word.",
        "info",
    ),
    "worse": (":material/trending_down: **Worse:** it should be rejected.", "error"),
}
STYLE = """<style>
.ink-gate {overflow-x:auto; font-size:.95rem}
.ink-gate table {width:100%; border-collapse:collapse; font-variant-numeric:tabular-nums}
.ink-gate th, .ink-gate td {padding:.3rem 0 .3rem .9rem; text-align:right; font-weight:400;
  border:0; border-bottom:1px solid rgba(128,132,149,.25); white-space:nowrap}
.ink-gate thead th {font-size:.8rem; opacity:.78}
.ink-gate tbody th, .ink-gate thead th:first-child {text-align:left; padding-left:0;
  white-space:normal; min-width:9rem}
.ink-gate .ink-broken {font-weight:600; text-decoration:underline}
</style>"""


def report_of(row: WeightsRow) -> Report | None:
    """Return a version's report; None without one, or where it is of another format."""
    try:
        return None if row.report is None else Report.from_json(row.report)
    except ValueError:
        return None


def report_section(engine: Engine, row: WeightsRow) -> None:
    """Show what the gate found of a version. Raises StoreUnavailable."""
    report = report_of(row)
    if report is None:
        st.info(
            "The gate has not judged it."
            if row.report is None
            else "Its report is of another release, which this one cannot show.",
            icon=":material/rule:",
        )
        return
    words, kind = VERDICTS.get(report.verdict, (f"**{report.verdict}**", "info"))
    {"success": st.success, "error": st.error}.get(kind, st.info)(words)
    st.text("\n".join(report.reasons))
    st.markdown(_live_words(report))
    with st.expander("Every row of the report", expanded=report.verdict == "worse"):
        st.html(_table(report.rows, report.parent))
        st.caption(
            "Changes of shares are in points. MNIST and pen drawings are the validation parts; the "
            "project's test sets are never asked."
        )
    _pictures(engine, report.live_test)


def _live_words(report: Report) -> str:
    live = report.live_test
    if not live.digits:
        return "There is no live test yet: too few answers, or none that is believed."
    return (
        f"On the live test, {counted(live.digits, 'drawing')} of digits by "
        f"{counted(live.visitors, 'visitor')} that nothing learns from, "
        f"**{live.was_right:,}** were read right and **{live.is_right:,}** are now: "
        f"{len(live.newly_right):,} newly right, {len(live.newly_misread):,} newly misread "
        f"(exact McNemar test, p = {live.p:.3g})."
    )


def _table(rows: Sequence[Row], parent: str) -> str:
    body = "".join(_row(row) for row in rows)
    head = (
        f"<th>Asked</th><th>{escape(parent)}</th><th>It</th><th>Change</th><th>Limit</th>"
        "<th>Passed</th>"
    )
    return (
        f'{STYLE}<div class="ink-gate" role="region" aria-label="Report of the gate" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: Row) -> str:
    look = "" if row.passed else ' class="ink-broken"'
    cells = "".join(f"<td>{escape(cell) or '–'}</td>" for cell in row.cells())
    return f'<tr{look}><th scope="row">{escape(row.name)}</th>{cells}</tr>'


def _pictures(engine: Engine, live: LiveTest) -> None:
    wanted = [UUID(one) for one in (*live.newly_right[:SHOWN], *live.newly_misread[:SHOWN])]
    if not wanted:
        return
    found = find_drawings(engine, wanted)
    for title, ids in (
        ("Newly read right", live.newly_right),
        ("Newly misread", live.newly_misread),
    ):
        if not ids:
            continue
        st.subheader(f"{title}: {len(ids):,}", anchor=False)
        shown = [
            (found[UUID(one)], _change(live, one)) for one in ids[:SHOWN] if UUID(one) in found
        ]
        _grid(shown, len(ids))


def _grid(shown: list[tuple[KeptDrawing, str]], of: int) -> None:
    if shown:
        st.html(thumbnails(shown))
    if of > SHOWN:
        st.caption(f"The first {SHOWN} of {of:,}.")
    elif len(shown) < of:
        gone = of - len(shown)
        st.caption(f"{gone:,} {'was' if gone == 1 else 'were'} deleted since.")


def _change(live: LiveTest, drawing: str) -> str:
    reading = live.readings.get(drawing, {})
    was, now = (_read(reading.get(when)) for when in ("was", "is"))
    label = reading.get("label")
    meant = "" if label is None else f"{label_words(label)}: "
    return f"{meant}{was} → {now}"


def _read(label: int | None) -> str:
    return "refused" if label is None else str(label)
