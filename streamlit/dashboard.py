"""The dashboard's script, run at every visit and touch: wires its parts, names its pages."""

from __future__ import annotations

import sys
from functools import partial

import streamlit as st

from access.browser_errand import run_errands
from access.sign_in import is_at_the_machine, is_operator
from access.visitor import has_cookie, is_forgotten, visitor_id
from base_path import base_path
from browser.dressed_page import dress_page
from environment import ROOT, read_environment
from feedback.errors import StoreUnavailable
from model.errors import WeightsError
from process import network
from process.kept import choose_store
from process.network import weights_of
from process.references import reference_of
from process.writing_readers import is_loaded, reader_of, recogniser_of_characters
from server.reading_route import PATH
from shell import open_recogniser, show_store_line, store_is_ready
from store.messages import forget_line, words_for
from style import page_style
from views.draw import draw_page
from views.forgetting import show_forgotten, what_is_kept
from views.history import history_page
from views.model_card import model_page
from views.statistics import statistics_page
from words.sentences import as_sentence
from writing.readers import Readers

BRAND = ROOT / "streamlit" / "brand"
READING_ROUTE = f"{base_path()}{PATH}"

try:
    environ = read_environment()
except SystemExit as refusal:  # a start by `streamlit run` comes here first
    print(refusal, file=sys.stderr, flush=True)
    st.error(
        "The settings of this dashboard cannot be read: its log says why.",
        icon=":material/settings:",
    )
    st.stop()
store = choose_store(environ)
password = environ.get("OPERATOR_PASSWORD")
operator = is_operator(store.settings, password)
weights = weights_of(environ)
readers = Readers(reader_of, recogniser_of_characters, is_loaded)


def draw() -> None:
    """Read what is drawn or uploaded, and ask whether that was right."""
    open_recogniser(weights)  # says so where it still loads
    draw_page(
        partial(network.open_recogniser, weights),
        readers,
        store.writer,
        visitor_id(),
        READING_ROUTE,
    )


def statistics() -> None:
    """Chart how often the answers say that the prediction was right."""
    if store_is_ready(store, "Statistics", operator=operator):
        statistics_page(
            store.engine,
            store.settings,
            operator=operator,
            live=network.version_in_use(weights),
            reference_of=partial(reference_of, store.engine, weights),
        )


def history() -> None:
    """Show the latest drawings, and what is kept about whoever made them."""
    if store_is_ready(store, "History", operator=operator):
        history_page(
            store.engine,
            store.settings,
            session_id=visitor_id(),
            operator_password=password,
            writer=store.writer,
        )
        what_is_kept(
            store.engine,
            store.settings,
            visitor_id(),
            is_here=is_at_the_machine(),
            in_cookie=has_cookie(),
            is_operators=operator,
            operator_password=password,
        )


def model() -> None:
    """Show the card of the weights in use."""
    model_page(open_recogniser(weights).card)


def review() -> None:
    """Let the operator judge answers that were set aside."""
    from operating.review_page import review_page  # what it loads, visitors do not need

    if store_is_ready(store, "Review", operator=operator):
        open_recogniser(weights)
        review_page(store.engine, partial(network.open_recogniser, weights))


def learning() -> None:
    """Let the operator train, promote and roll back."""
    from operating.learning_page import learning_page
    from process.training import trainer_of

    if store_is_ready(store, "Learning", operator=operator):
        learning_page(
            store.engine,
            None if store.engine is None else trainer_of(store.engine),
            shipped=network.shipped_card(),
            weights=weights,
            reads=network.version_in_use(weights),
            trouble=network.trouble_with(weights),
        )


pages = [
    st.Page(draw, title="Draw", url_path="draw", default=True),
    st.Page(statistics, title="Statistics", url_path="statistics"),
    st.Page(history, title="History", url_path="history"),
    st.Page(model, title="Model", url_path="model"),
]
if operator:
    pages += [
        st.Page(review, title="Review", url_path="review"),
        st.Page(learning, title="Learning", url_path="learning"),
    ]
st.logo(str(BRAND / "wordmark.svg"))
page = st.navigation(pages, position="top")
st.set_page_config(
    page_title=f"{page.title} · Inkling",
    page_icon=str(BRAND / "favicon.svg"),
    layout="centered" if page.title in ("Draw", "Model") else "wide",
)
st.html(page_style(st.context.theme.type))
with st.container(horizontal=True, key="shell_pages"):
    for one in pages:
        st.page_link(one, width="stretch")
if store.problem and operator:
    st.error(f"The configuration needs a look: {store.problem}", icon=":material/settings:")
above = st.container()  # filled when it is known what reads
anew = is_forgotten()
forget_line()
try:
    if anew:
        show_forgotten()
    else:
        page.run()
except WeightsError as error:
    st.title("There is no network to read with")
    st.error(
        words_for(str(error), operator=operator, plain="Nothing can be read at the moment."),
        icon=":material/neurology:",
    )
except StoreUnavailable as error:
    st.warning(words_for(str(error), operator=operator), icon=":material/cloud_off:")
trouble = network.trouble_with(weights) if operator else None
if trouble is not None:
    above.error(
        f"{trouble.version or 'The shipped version'} is to be live and cannot be loaded, so that "
        f"what was live before goes on reading here. {as_sentence(trouble.words)}",
        icon=":material/sync_problem:",
    )
if not anew:
    show_store_line(store, operator=operator, is_here=is_at_the_machine())
dress_page()
run_errands(base_path(), anew=anew)
