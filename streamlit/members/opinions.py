"""What each tuned member says of a drawing, side by side, on request."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from members.loaded_members import described_members, members
from model.ensemble.member_names import MEANINGS, VOTE
from model.reading.recogniser import Prediction
from words.percent import percent

TITLE = "What each tuned member says"


def show_opinions(prediction: Prediction | None, name: str) -> None:
    """Offer the members' readings of a drawing; they read while the offer is open, not before.

    prediction: None while there is none; the offer keeps its place. name: of this drawing's place
    on the page. Nothing is offered where no members have been tuned.
    """
    if described_members() is None:
        return
    key = f"draw_opinions_{name}"
    offer = st.expander(
        TITLE,
        expanded=has_open_opinions(name),
        key=key,
        icon=":material/groups:",
        on_change=_remember,
        args=(key,),
    )
    if not offer.open or prediction is None:
        return
    ensemble = members()
    with offer:
        if ensemble is None:
            st.caption("The members cannot be loaded: `make tune` makes them anew.")
            return
        shares = {it: row[0] for it, row in ensemble.read(prediction.ink[None]).items()}
        if ensemble.can_vote:
            shares[VOTE] = ensemble.vote(prediction.ink[None])[0]
        st.table(rows_of(shares), hide_index=True)
        st.caption(_explanation(shares, prediction))


def has_open_opinions(name: str) -> bool:
    """Tell whether the members were asked for at this place on the page."""
    return bool(st.session_state.get(f"draw_opinions_{name}_open"))


def _remember(key: str) -> None:
    # Streamlit forgets a widget that is away, as this one is while the canvas is empty.
    st.session_state[f"{key}_open"] = st.session_state[key]


def rows_of(shares: Mapping[str, np.ndarray]) -> list[dict[str, str]]:
    """Return a table's rows: each member's first and second choice, and how sure it is of both.

    shares: (10,) by member, probabilities of the digits.
    """
    rows = []
    for name, row in shares.items():
        first, second = np.argsort(-row, kind="stable")[:2]
        rows.append(
            {
                "Member": name,
                "Made of": MEANINGS[name],
                "Reads": str(first),
                "Sure": percent(float(row[first])),
                "Or else": f"{second}, {percent(float(row[second]))}",
            }
        )
    return rows


def _explanation(shares: Mapping[str, np.ndarray], prediction: Prediction) -> str:
    digits = {name: str(int(row.argmax())) for name, row in shares.items() if name != VOTE}
    agreed = sum(digit == prediction.label for digit in digits.values())
    return (
        f"{agreed} of {len(digits)} read {prediction.label}, as the network above. They were tuned "
        "apart from it, know digits alone, and refuse nothing: of a scribble each names one too."
    )
