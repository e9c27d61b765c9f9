"""“Is this still what it was trained for?”: asked of the drawings alone, without answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import streamlit as st
from sqlalchemy import Engine

from charts.base import CHART_CONFIG
from charts.resemblance import Bars, Row, drift_chart, drift_table
from feedback.records.rows import Filters
from feedback.statistics import Glance
from model.reading.drift import ENOUGH, FEWEST, FEWEST_VISITORS, Aspect, Drift, Window, compare
from model.reading.frozen import Reference
from store.cached_counts import latest_readings

NEWEST = 1000  # drawings: what a window holds at most
TITLE = "Is this still what it was trained for?"
NAMES = {
    "taken for a digit": "Taken for a digit",
    "sure": "Sure of it",
    "confidence": "Confidence",
    "digits": "Mix of digits",
}
ReferenceOf = Callable[[str], Reference | None]


def drift_section(
    engine: Engine, filters: Filters, live: str | None, reference_of: ReferenceOf
) -> None:
    """Compare the newest drawings of one version with what was frozen with it.

    live: the version that reads now, which is looked at unless the filters name another;
    reference_of: returns a version's reference. Raises StoreUnavailable.
    """
    with st.container(border=True):
        st.header(TITLE, anchor=False)
        _compare(engine, filters, live, reference_of)


def _compare(engine: Engine, filters: Filters, live: str | None, reference_of: ReferenceOf) -> None:
    version = filters.weights_version or live
    if version is None:
        st.caption("There is no network to read with at the moment, so there is nothing to ask.")
        return
    reference = reference_of(version)
    if reference is None:
        st.info(
            f"Nothing was frozen with {version} that drawings could be compared with. "
            "`python -m model.freeze` makes that for weights in a file.",
            icon=":material/query_stats:",
        )
        return
    readings = latest_readings(engine, replace(filters, weights_version=version), NEWEST)
    if len(readings) < FEWEST:
        drawings = "drawing" if len(readings) == 1 else "drawings"
        st.info(
            f"No verdict yet: {version} has read {len(readings):,} {drawings} so far, and below "
            f"{FEWEST} chance says more than they do.",
            icon=":material/hourglass_empty:",
        )
        return
    drift = compare(_window(readings), reference)
    _verdict(drift)
    st.html(drift_table([_row(aspect) for aspect in drift.aspects]))
    figure = drift_chart(_bars(drift.confidence), _bars(drift.digits))
    words = _explanation(drift, reference, readings)
    st.plotly_chart(figure, config=CHART_CONFIG, key="chart drift", alt=f"Chart, {TITLE} {words}")
    st.caption(words)


def _window(readings: Sequence[Glance]) -> Window:
    numbers: dict[object, int] = {}
    return Window(
        np.array([numbers.setdefault(one.visitor, len(numbers)) for one in readings], np.int64),
        np.array([one.is_digit for one in readings], bool),
        np.array([one.confidence for one in readings], float),
        np.array([one.digit for one in readings], np.int64),
    )


def _verdict(drift: Drift) -> None:
    taken, sure = drift.taken, drift.sure
    if taken.has_moved and taken.now[0] < taken.was[0]:
        st.warning(
            "**No.** Much more than before is not even taken for a digit: people draw something "
            "else, draw it otherwise, or what reaches the network has changed. Look at the "
            "newest drawings on History.",
            icon=":material/warning:",
        )
    elif sure.has_moved or drift.confidence.has_moved:
        st.warning(
            "**Not quite.** The drawings are taken for digits as before, but read with another "
            "confidence: look at the newest ones on History.",
            icon=":material/help:",
        )
    elif drift.digits.has_moved:
        st.info(
            "**Yes.** The drawings are read as those it was made for. People draw some digits more "
            "often than others, which is their choice.",
            icon=":material/check_circle:",
        )
    else:
        st.success(
            "**Yes, as far as drawings can tell.** Nothing is far from the reference: by more than "
            f"{ENOUGH:.2f}, and by more than chance explains.",
            icon=":material/check_circle:",
        )


def _row(aspect: Aspect) -> Row:
    # Of a share the second place is the rest; a histogram is drawn below.
    single = len(aspect.now) == 2
    return Row(
        NAMES[aspect.name],
        aspect.now[0] if single else None,
        aspect.low[0] if single else None,
        aspect.high[0] if single else None,
        aspect.was[0] if single else None,
        aspect.distance,
        aspect.chance,
        aspect.has_moved,
    )


def _bars(aspect: Aspect) -> Bars:
    return Bars(aspect.now, aspect.low, aspect.high, aspect.was)


def _explanation(drift: Drift, reference: Reference, readings: Sequence[Glance]) -> str:
    since = readings[-1].created_at
    by = (
        f"{drift.visitors:,} visitors, taken as they come, with all they drew"
        if drift.by_visitor
        else f"single drawings, as there are fewer than {FEWEST_VISITORS} visitors"
    )
    return (
        f"The newest {drift.drawings:,} drawings that {reference.version} read, since "
        f"{since.day} {since:%b %Y}, against {reference.made_of}, which it read when it was made "
        "(orange). Distance is the share of drawings that would have to fall elsewhere for both "
        "to be alike, 0 to 1 (total variation). Intervals hold 95 %, and chance stays below its "
        f"limit 99 times in 100, by a bootstrap over {by}. Confidence alone misleads: of "
        "turned digits it promises too much, and fewer are taken for digits at all."
    )
