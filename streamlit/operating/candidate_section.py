"""Candidates: their reports, and the operator's word on them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st
from sqlalchemy import Engine

from feedback.candidates import (
    LONGEST_REASON,
    Promotion,
    WeightsRow,
    promote,
    reject,
    roll_back,
)
from operating.outcome import attempt
from operating.report_section import report_section
from process.champion import tell_registry
from process.network import look_everywhere

SHIPPED = "the shipped weights"
BETTER, NO_WORSE = "better", "no worse"


def candidate_section(
    engine: Engine, kept: Sequence[WeightsRow], live: str | None, shipped: str, name: str
) -> None:
    """Show one of the kept versions with its report, and what the operator may do with it.

    kept: newest first. live: the version that is, None for the shipped weights; shipped: their
    version. name: of the operator, empty while none is typed. Raises StoreUnavailable.
    """
    st.header("Candidates", anchor=False)
    if not kept:
        st.caption("No candidate was trained yet.")
        return
    by_version = {row.version: row for row in kept}
    version = st.selectbox(
        "Version",
        list(by_version),
        format_func=lambda one: f"{one} · {_state(by_version[one], live, shipped)}",
        key=f"learning_version_{kept[0].version}",  # a new candidate is looked at first
        persist_state="session",
    )
    row = by_version[version]
    _about(row)
    report_section(engine, row)
    _promote(engine, row, live, shipped, name)
    _reject(engine, row, name)


def roll_back_section(
    engine: Engine, promotions: Sequence[Promotion], live: str | None, name: str
) -> None:
    """Offer to go back to what was live before; promotions: newest first."""
    if live is None:
        return
    st.header("Roll back", anchor=False)
    st.markdown(
        "Makes live again what was before this promotion. Drawings keep the version that read them."
    )
    why = _why("roll_back", "Why go back?")
    st.button(
        "Roll back",
        key="learning_roll_back",
        icon=":material/undo:",
        disabled=not name,
        on_click=_roll_back_as_typed,
        args=(engine, name, why),
    )


def _state(row: WeightsRow, live: str | None, shipped: str) -> str:
    if row.is_live:
        return "live"
    if row.rejected_at is not None:
        return "rejected"
    if row.report is None:
        return "not judged yet"
    if row.report.get("parent") != (live or shipped):
        return "report out of date"
    return str(row.verdict)


def _about(row: WeightsRow) -> None:
    made = f"{row.made_at.day} {row.made_at:%b %Y, %H:%M} UTC"
    st.text(f"Made on {made} from {row.parent or 'the beginning'}: {row.made_from}.")
    if row.forgotten:
        drawings = "drawing" if row.forgotten == 1 else "drawings"
        st.caption(
            f":material/delete: {row.forgotten:,} {drawings} that it learnt from "
            f"{'was' if row.forgotten == 1 else 'were'} deleted since; the weights stay as they "
            "are until the next training."
        )
    if row.rejected_at is not None:
        st.warning("This version was rejected, and is never promoted.", icon=":material/block:")
        st.text(f"By {row.rejected_by}: {row.rejected_why}")


def _promote(engine: Engine, row: WeightsRow, live: str | None, shipped: str, name: str) -> None:
    """Offer to make a version live where the gate lets it, and say why not where it does not."""
    if row.is_live or row.rejected_at is not None:
        return
    state = _state(row, live, shipped)
    if state == "report out of date":
        st.warning(
            f"The report is out of date: it compares with {report_parent(row)}, and "
            f"{live or SHIPPED} is live now. Train a candidate from that.",
            icon=":material/event_busy:",
        )
        return
    if state not in (BETTER, NO_WORSE):
        st.caption("It cannot be promoted: the gate does not let it pass.")
        return
    anyway = f"learning_anyway_{row.version}"
    if state == NO_WORSE:
        st.checkbox("Promote it on my own word: no worse, but not shown to be better", key=anyway)
    why = _why(f"promote_{row.version}", "Why promote it?")

    def promoted() -> None:
        said = bool(st.session_state.get(anyway))
        reason = str(st.session_state.get(why, ""))
        attempt(partial(_make_live, engine, row.version, live, shipped, name, reason, said))

    st.button(
        "Promote",
        key="learning_promote",
        type="primary",
        icon=":material/publish:",
        disabled=not name or (state == NO_WORSE and not st.session_state.get(anyway)),
        on_click=promoted,
    )
    if not name:
        st.caption(":material/edit: Type your name above first.")


def report_parent(row: WeightsRow) -> str:
    """Return which version a report compares with, in words."""
    return str((row.report or {}).get("parent") or "what it does not say")


def _reject(engine: Engine, row: WeightsRow, name: str) -> None:
    if row.is_live or row.rejected_at is not None:
        return
    with st.expander("Reject it", icon=":material/block:"):
        st.markdown("It stays in the store and can never be promoted. There is no way back.")
        why = _why(f"reject_{row.version}", "Why reject it?")

        def rejected() -> None:
            reason = str(st.session_state.get(why, ""))
            attempt(partial(_mark_rejected, engine, row.version, name, reason))

        st.button("Reject", key="learning_reject", disabled=not name, on_click=rejected)


def _why(name: str, label: str) -> str:
    key = f"learning_why_{name}"
    st.text_input(label, key=key, max_chars=LONGEST_REASON)
    return key


def _make_live(
    engine: Engine,
    version: str,
    live: str | None,
    shipped: str,
    by: str,
    why: str,
    anyway: bool,
) -> str:
    promote(engine, version, by=by, why=why, expected_live=live, anyway=anyway, shipped=shipped)
    look_everywhere()
    tell_registry(version)
    return f"{version} is live. Every instance reads with it within half a minute."


def _mark_rejected(engine: Engine, version: str, by: str, why: str) -> str:
    reject(engine, version, by=by, why=why)
    return f"{version} is rejected."


def _roll_back_as_typed(engine: Engine, by: str, why: str) -> None:
    """Roll back for the reason that stands in the field of that key."""
    attempt(partial(_roll_back, engine, by, st.session_state.get(why, "")))


def _roll_back(engine: Engine, by: str, why: str) -> str:
    done = roll_back(engine, by=by, why=why)
    look_everywhere()
    tell_registry(done.version)
    return f"Live is {done.version or SHIPPED} again. Every instance follows within half a minute."
