"""The dashboard's script, run at every visit and touch: wires its parts, names its pages."""

from __future__ import annotations

import streamlit as st

from environment import ROOT, project_path, read_environment
from feedback.errors import StoreUnavailable
from model.errors import WeightsError
from server.base_path import base_path
from server.reading_route import PATH
from shell import (
    choose_store,
    open_recogniser,
    session_id,
    store_is_ready,
    store_line,
)
from style import STYLE
from views.draw import draw_page
from views.history import history_page
from views.model_card import model_page
from views.statistics import statistics_page
from words.sentences import as_sentence

BRAND = ROOT / "streamlit" / "brand"
READING_ROUTE = f"{base_path()}{PATH}"

environ = read_environment()
store = choose_store(environ)
weights = project_path(environ["WEIGHTS"]) if "WEIGHTS" in environ else None


def draw() -> None:
    """Read what is drawn or uploaded, and ask whether that was right."""
    draw_page(open_recogniser(weights), store.writer, session_id(), READING_ROUTE)


def statistics() -> None:
    """Chart how often the answers say that the prediction was right."""
    if store_is_ready(store, "Statistics"):
        statistics_page(store.engine, store.settings)


def history() -> None:
    """Show the latest drawings."""
    if store_is_ready(store, "History"):
        password = environ.get("OPERATOR_PASSWORD")
        history_page(
            store.engine, store.settings, session_id=session_id(), operator_password=password
        )


def model() -> None:
    """Show the card of the weights in use."""
    model_page(open_recogniser(weights).card)


pages = [
    st.Page(draw, title="Draw", url_path="draw", default=True),
    st.Page(statistics, title="Statistics", url_path="statistics"),
    st.Page(history, title="History", url_path="history"),
    st.Page(model, title="Model", url_path="model"),
]
st.logo(str(BRAND / "wordmark.svg"))
page = st.navigation(pages, position="top")
st.set_page_config(
    page_title=f"{page.title} · Inkling",
    page_icon=str(BRAND / "favicon.svg"),
    layout="centered" if page.title in ("Draw", "Model") else "wide",
)
st.html(STYLE)
if store.problem:
    st.error(f"The configuration needs a look: {store.problem}", icon=":material/settings:")
try:
    page.run()
except WeightsError as error:
    st.title("There is no network to read with")
    st.error(str(error), icon=":material/neurology:")
except StoreUnavailable as error:
    st.warning(as_sentence(str(error)), icon=":material/cloud_off:")
store_line(store)
