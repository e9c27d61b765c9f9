"""How right texts, or single characters, were read: the numbers and sections of Statistics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from charts.base import CHART_CONFIG, interval
from charts.confidence import reliability_chart
from feedback.records.writing_rows import Kind
from feedback.statistics import Confusion, TextGroup, WritingStatistics, WritingVerdict
from words.percent import percent, percent_range

STYLE = """<style>
.ink-texts {overflow-x:auto; font-size:.95rem}
.ink-texts table {width:100%; border-collapse:collapse; font-variant-numeric:tabular-nums}
.ink-texts th, .ink-texts td {padding:.35rem 0 .35rem .9rem; text-align:right; font-weight:400;
  border:0; border-bottom:1px solid rgba(128,132,149,.25); vertical-align:top}
.ink-texts thead th {font-size:.8rem; opacity:.78}
.ink-texts tbody th, .ink-texts thead th:first-child {text-align:left; padding-left:0}
.ink-texts td {white-space:nowrap}
.ink-texts small {display:block; font-size:.8rem; opacity:.78}
</style>"""
NOUNS: dict[Kind, tuple[str, str]] = {
    "writing": ("text", "Texts"),
    "character": ("character", "Characters"),
}


def text_numbers(counted: WritingStatistics, kind: Kind) -> list[tuple[str, str, str]]:
    """Return the headline's numbers: label, number, and what stands below it."""
    noun, nouns = NOUNS[kind]
    right = _share(counted.read_right, counted.named, f"no {noun} yet")
    numbers = [
        ("Drawings", f"{counted.drawings:,}", f"{counted.answers:,} answered"),
        (f"{nouns} read right", *right),
    ]
    if kind == "writing":
        rate, between = "–", "no text yet"
        if counted.error_rate is not None and counted.error_interval is not None:
            rate, between = percent(counted.error_rate), percent_range(*counted.error_interval)
        numbers.append(("Character errors", rate, between))
    numbers += [
        ("Right when sure", *_share(counted.sure_right, counted.sure_answered, "none was sure")),
        ("Sure", _part(counted.sure, counted.drawings), "of the drawings"),
        ("Refused", _part(counted.refused, counted.drawings), "of the drawings"),
    ]
    return numbers


def text_sections(counted: WritingStatistics, kind: Kind) -> None:
    """Show what became of answered writing, its groups, its mistakes and its reliability."""
    if not counted.answers:
        st.info(
            "No answers yet, so nothing was read right or wrong: that appears with the first "
            "answer on the Draw page.",
            icon=":material/quiz:",
        )
        return
    st.markdown(_how_to_read(kind))
    grid = st.grid(2, min_column_width=320, border=True)  # one column on a phone
    with grid.cell():
        _section("What became of it", _table(("Outcome", "Drawings"), _outcomes(counted)))
    if counted.worst:
        with grid.cell():
            _section(
                "Taken for another",
                _table(("Written", "Read as", "Times", "Share"), map(_pair, counted.worst)),
                "The pairs that were mistaken most often, where the answer leaves no doubt which "
                "character was meant. The share is of all that was written of that character.",
            )
    if kind == "writing" and counted.named:
        for title, groups in (("By kind", counted.by_kind), ("By length", counted.by_length)):
            with grid.cell():
                _groups(title, groups)
    if any(row.accepted for row in counted.reliability):
        with grid.cell():
            st.header("Is 90 % sure right 9 times in 10?", anchor=False)
            words = (
                "Of what was read and answered, the share that was exactly right, with its 95 % "
                "interval. Points on the dashed line are honest; below it, the reader was surer "
                "than it deserved. Bars count the drawings behind each point."
            )
            figure = reliability_chart(counted.reliability)
            st.plotly_chart(figure, config=CHART_CONFIG, key="chart of texts", alt=words)
            st.caption(words)


def _how_to_read(kind: Kind) -> str:
    words = (
        "**Read right** is what was not refused and agrees with its author's answer in every "
        "character, capitals included. A 95 % interval is what that many drawings leave open: 19 "
        "such intervals in 20 hold the true share. "
    )
    if kind == "writing":
        words += (
            "**Character errors** are the characters to put in, take out or change, as a share of "
            "all characters of the right texts; what was refused is not in it. Mistakes of one "
            "text come together, which its interval allows for. "
        )
    return words + "Digits drawn as “One digit” are not in these numbers."


def _outcomes(counted: WritingStatistics) -> list[tuple[str, str]]:
    named = {
        WritingVerdict.READ_RIGHT,
        WritingVerdict.MISREAD,
        WritingVerdict.REFUSED_BY_MISTAKE,
    }
    rows = []
    for became, count in counted.verdicts.items():
        whole = counted.named if became in named else counted.answers - counted.named
        if whole:
            low, high = interval(count, whole)
            share = f"{percent(count / whole)}<small>{percent_range(low, high)}</small>"
            rows.append((escape(str(became).capitalize()), f"{count:,} of {whole:,}, {share}"))
    return rows


def _groups(title: str, groups: Sequence[TextGroup]) -> None:
    rows = []
    for group in groups:
        low, high = interval(group.read_right, group.texts)
        share = percent(group.read_right / group.texts)
        right = f"{share}<small>{percent_range(low, high)}</small>"
        rows.append((escape(group.name), f"{group.texts:,}", right))
    _section(
        title,
        _table((title.removeprefix("By ").capitalize(), "Texts", "Read right"), rows),
        "Of the texts that their authors gave, by the right text. Groups whose intervals overlap "
        "may not differ at all.",
    )


def _pair(pair: Confusion) -> tuple[str, str, str, str]:
    return (
        escape(pair.truth),
        escape(pair.read),
        f"{pair.times:,}",
        percent(pair.times / pair.of),
    )


def _section(title: str, table: str, explanation: str = "") -> None:
    st.header(title, anchor=False)
    st.html(
        f'{STYLE}<div class="ink-texts" role="region" aria-label="{title}" tabindex="0">{table}'
        "</div>"
    )
    if explanation:
        st.caption(explanation)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    names = "".join(f"<th>{name}</th>" for name in head)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    return f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"


def _share(part: int, whole: int, nothing: str) -> tuple[str, str]:
    if not whole:
        return "–", nothing
    return percent(part / whole), percent_range(*interval(part, whole))


def _part(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "–"
