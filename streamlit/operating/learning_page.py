"""The Learning page: what is live, what could be next, and what was before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path

import streamlit as st
from sqlalchemy import Engine

from charts.answer_counts import answers_chart
from charts.base import CHART_CONFIG
from feedback.candidates import (
    Promotion,
    StoreUnavailable,
    WeightsRow,
    count_answers_since,
    list_promotions,
    list_weights,
)
from model.weight_files.card import Card
from operating.candidate_section import candidate_section, roll_back_section
from operating.operator_name import operator_name
from operating.outcome import say_outcome
from operating.training_section import training_section, training_without_store
from process.training import Trainer
from serving.live.following import Trouble

SHIPPED = "the shipped weights"
STYLE = """<style>
.ink-promotions {overflow-x:auto; font-size:.95rem}
.ink-promotions table {width:100%; border-collapse:collapse}
.ink-promotions th, .ink-promotions td {padding:.4rem .9rem .4rem 0; text-align:left;
  font-weight:400; border:0; border-bottom:1px solid rgba(128,132,149,.25); vertical-align:top}
.ink-promotions thead th {font-size:.8rem; opacity:.78}
.ink-promotions small {display:block; font-size:.8rem; opacity:.78}
.ink-promotions thead small {opacity:1}
.ink-promotions td:last-child {min-width:9rem; overflow-wrap:anywhere}
</style>"""


def learning_page(
    engine: Engine | None,
    trainer: Trainer | None,
    *,
    shipped: Card,
    weights: Path | None,
    reads: str | None,
    trouble: Trouble | None,
) -> None:
    """Show what is live, the answers since the last training, candidates, and the history.

    shipped: the card of this release's weights. weights: the file that WEIGHTS names. reads: the
    version that reads in this instance now; trouble: why that is not what was promoted. Raises
    StoreUnavailable.
    """
    st.title("Learning")
    if engine is None or trainer is None:
        st.info(
            "Nothing is kept, so there is nothing to learn from.", icon=":material/database_off:"
        )
        return
    say_outcome()
    try:
        kept, promotions = list_weights(engine), list_promotions(engine)
    except StoreUnavailable:
        training_without_store(trainer)  # it goes on all the same, or has ended for want of it
        raise
    live = promotions[0].version if promotions else None
    _live(live, promotions, shipped, weights, reads, trouble)
    _newer_release(live, kept, shipped)
    name = operator_name()
    _since_last_training(engine, kept)
    training_section(trainer, name)
    candidate_section(engine, kept, live, shipped.version, name)
    roll_back_section(engine, promotions, live, name)
    _history(promotions)


def _live(
    live: str | None,
    promotions: Sequence[Promotion],
    shipped: Card,
    weights: Path | None,
    reads: str | None,
    trouble: Trouble | None,
) -> None:
    if weights is not None:
        st.warning(
            f"`WEIGHTS` names `{weights.name}`, which stands above all promotions: "
            f"**{reads or 'nothing'}** reads here, whatever is promoted on this page. Take the "
            "setting away to follow promotions.",
            icon=":material/vertical_align_top:",
        )
    name = f"{shipped.version}, {SHIPPED}" if live is None else live
    words = f"Live is **{name}**"
    if promotions:
        last = promotions[0]
        words += (
            f", {last.kind} on {_moment(last.at)} by {last.by_name}"
            f" in place of {last.parent_live or SHIPPED}"
        )
    # As text apart: what people typed is no Markdown.
    st.markdown(f"{words.translate(PLAIN)}." if promotions else f"{words}: nothing was promoted.")
    if promotions:
        st.text(f"Why: {promotions[0].why}")
    expected = shipped.version if live is None else live
    if weights is None and trouble is None and reads is not None and reads != expected:
        st.caption(f":material/sync: {reads} still reads here; it follows within half a minute.")


# Markdown's own signs, but those that the words themselves are made bold with.
PLAIN = str.maketrans({sign: f"\\{sign}" for sign in "\\`[]<>$~_#:"})


def _newer_release(live: str | None, kept: Sequence[WeightsRow], shipped: Card) -> None:
    """Say so where this release ships other weights than those that the live ones go back to."""
    if live is None:
        return
    parents = {row.version: row.parent for row in kept}
    root: str | None = live
    for _ in range(len(parents) + 1):
        if root is None or root not in parents:
            break
        root = parents[root]
    if root is not None and root not in parents and root != shipped.version:
        st.warning(
            f"This release ships **{shipped.version}**, newer than **{root}**, which the live "
            "weights go back to. Roll back until the shipped weights are live, then train a "
            "candidate from them: it learns from the same answers.",
            icon=":material/new_releases:",
        )


def _since_last_training(engine: Engine, kept: Sequence[WeightsRow]) -> None:
    st.header("Answers since the last training", anchor=False)
    last = max((row.made_at for row in kept), default=None)
    counts = count_answers_since(engine, last)
    number = sum(counts.values())
    since = "so far; nothing was trained on them yet" if last is None else f"since {_moment(last)}"
    if not number:
        st.caption(f"No answers {since}.")
        return
    st.markdown(f"**{number:,}** answer{'s' * (number != 1)} {since}.")
    ordered = [counts.get(digit, 0) for digit in range(10)]
    st.plotly_chart(
        answers_chart(ordered, counts.get(None, 0)),
        config=CHART_CONFIG,
        key="chart answers",
        alt="Chart, answers by digit: "
        + ", ".join(f"{digit}: {count}" for digit, count in enumerate(ordered))
        + f", not a digit: {counts.get(None, 0)}",
    )


def _history(promotions: Sequence[Promotion]) -> None:
    st.header("History", anchor=False)
    if not promotions:
        st.caption("Nothing was promoted yet: the shipped weights have always been live.")
        return
    rows = "".join(
        f"<tr><td>{_moment(one.at)}</td><td>{escape(one.version or SHIPPED)}"
        f"<small>{one.kind}, in place of {escape(one.parent_live or SHIPPED)}</small></td>"
        f"<td>{escape(one.by_name)}</td><td>{escape(one.why)}</td></tr>"
        for one in promotions
    )
    head = "<th>When</th><th>What became live</th><th>By</th><th>Why</th>"
    st.html(
        f'{STYLE}<div class="ink-promotions" role="region" aria-label="History of promotions" '
        f'tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _moment(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"
