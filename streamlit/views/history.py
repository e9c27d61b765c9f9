"""The History page: the latest drawings as pictures, with what was read and what was answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import streamlit as st
from sqlalchemy import Engine
from streamlit.delta_generator import DeltaGenerator

from access.sign_in import came_by_link, is_operator, operator_door, sign_out_button
from cards.card_tools import ask_to_delete, author_cards
from cards.drawing_cards import drawing_cards
from feedback.connection.settings import NOT_CONFIGURED, StoreSettings
from feedback.errors import StoreUnavailable
from feedback.records.rows import Filters
from feedback.records.writing_rows import Kind
from feedback.store import (
    count_drawings,
    count_writings,
    export_rows,
    export_writing_rows,
    list_drawings,
    list_writings,
)
from store.cached_counts import counted_drawings, known_versions
from store.csv_export import to_csv
from store.messages import not_kept, store_away
from store.writer import Writer
from views.filters import filter_bar, is_filtered, nothing_matches
from views.own_drawings import OwnDrawings, show_notice
from written.kinds import choose_kind
from written.writing_cards import writing_cards

PAGE_SIZE = 24
CSV_ROWS = 50_000  # 50 to 100 MB, held until the filters change or the session ends
CSV = "history_csv_file"  # the filters, the bytes, and when they were made
AS_READ: dict[Kind, str] = {"writing": "writing", "character": "one character"}
EVERYONE, MINE = "everyone's", "my own"


def history_page(
    engine: Engine | None,
    settings: StoreSettings,
    *,
    session_id: UUID,
    operator_password: str | None,
    by_link: Callable[[], bool] = came_by_link,
    writer: Writer | None = None,
) -> None:
    """Show drawings newest first: a visitor's own, or everyone's to the operator.

    writer: what keeps what a visitor says here of their own; without it they can only look.
    """
    st.title("History")
    show_notice()
    operator = is_operator(settings, operator_password, by_link)
    if engine is None:
        not_kept("so there is no history", settings, operator=operator)
        if operator_password is not None and settings.place != NOT_CONFIGURED and not operator:
            operator_door(settings, operator_password)  # behind it stands what is wrong
        return
    everyone = operator and _wants_everyone()
    kind = choose_kind()
    try:
        versions, failure = known_versions(engine, of_writing=kind is not None), None
    except StoreUnavailable as error:
        versions, failure = [], error
    filters = filter_bar(versions)
    if filters is not None:
        own = None
        if not everyone:
            filters = replace(filters, session_id=session_id)
            if writer is not None:
                own = OwnDrawings(engine, writer, session_id, is_operators=operator)
        try:
            if failure is not None:  # asking a dead server twice would double the wait
                raise failure
            _drawings(engine, filters, own, kind, operator=operator)
            if own is not None:
                _offer_to_delete_all(own)
        except StoreUnavailable as error:
            store_away(error, operator=operator)
    if operator:
        sign_out_button(operator_password)
    else:
        operator_door(settings, operator_password)


def _wants_everyone() -> bool:
    chosen = st.segmented_control(
        "Whose drawings",
        [EVERYONE, MINE],
        default=EVERYONE,
        required=True,
        key="history_whose",
        persist_state="session",
    )
    return chosen == EVERYONE


def _drawings(
    engine: Engine,
    filters: Filters,
    own: OwnDrawings | None,
    kind: Kind | None,
    *,
    operator: bool,
) -> None:
    """Show one page of drawings, for their author to change where they are `own`.

    Raises StoreUnavailable.
    """
    if kind is not None:
        total = count_writings(engine, filters, kind)
    elif filters.session_id is None:
        total = counted_drawings(engine, filters)
    else:  # quick, and a visitor looks for what they have just drawn
        total = count_drawings(engine, filters)
    if not total:
        _nothing_to_show(filters, kind)
        return
    count_line = st.container(horizontal=True, vertical_alignment="center")
    cards = st.container()
    pages = -(-total // PAGE_SIZE)
    page = 1
    if pages > 1:
        # Other filters are other pages: a key of their own starts them at the first one.
        page = min(
            st.pagination(
                pages, key=f"history_page_{hash((filters, kind) if kind else filters):x}"
            ),
            pages,
        )
    first = (page - 1) * PAGE_SIZE
    shown = _cards(engine, filters, own, kind, first, cards)
    count_line.caption(
        f"{first + 1:,} to {first + shown:,} of {total:,}, newest first", width="content"
    )
    if operator:
        with count_line:
            _download(engine, filters, kind, total)


def _cards(
    engine: Engine,
    filters: Filters,
    own: OwnDrawings | None,
    kind: Kind | None,
    first: int,
    cards: DeltaGenerator,
) -> int:
    """Show the cards of one page, and return how many they are; raises StoreUnavailable."""
    with cards, st.spinner("Looking for the drawings"):
        if kind is None:
            kept = list_drawings(engine, filters, limit=PAGE_SIZE, offset=first)
        else:
            texts = list_writings(engine, filters, limit=PAGE_SIZE, offset=first, kind=kind)
    with cards:
        if kind is not None:
            may = () if own is None else (own.say_of_writing, own.delete)
            writing_cards(texts, *may)
            return len(texts)
        if own is None:
            st.html(drawing_cards(kept))
        else:
            author_cards(kept, own.say, own.delete)
    return len(kept)


def _offer_to_delete_all(own: OwnDrawings) -> None:
    """Offer to delete whatever this visit drew, filtered out or not; raises StoreUnavailable."""
    theirs = Filters(session_id=own.session_id)
    number = count_drawings(own.engine, theirs) + count_writings(own.engine, theirs)
    if number and st.button(
        "Delete all my drawings", key="history_delete_all", icon=":material/delete_sweep:"
    ):
        drawings = "1 drawing is" if number == 1 else f"{number:,} drawings are"
        ask_to_delete(
            "Delete all your drawings?",
            f"{drawings} kept of you. {'It goes' if number == 1 else 'All go'}, with what you said "
            f"of {'it' if number == 1 else 'them'}. There is no way back.",
            "Delete it" if number == 1 else f"Delete all {number:,}",
            own.delete_all,
        )


def _download(engine: Engine, filters: Filters, kind: Kind | None, total: int) -> None:
    """Offer to make a file of the filtered rows, and the file that was made of them.

    In two steps: a file that Streamlit makes while it is being downloaded is deleted at the next
    run of anybody's page, which may come first.
    """
    if st.button("Make a CSV file", icon=":material/table_view:", key="history_make_csv"):
        with st.spinner("Making the file …", show_time=True):
            content = _csv(engine, filters, kind, min(total, CSV_ROWS))
        st.session_state[CSV] = (filters, kind), content, datetime.now(UTC)
    of, content, made_at = st.session_state.get(CSV, (None, b"", None))
    if of == (filters, kind):
        st.download_button(
            f"Download the CSV of {made_at:%H:%M} UTC",
            data=content,
            file_name=f"inkling-{f'{kind}-' if kind else ''}{made_at:%Y-%m-%d}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            key="history_csv",
        )
    else:
        st.session_state.pop(CSV, None)
    if total > CSV_ROWS:
        st.caption(
            f"The file takes the newest {CSV_ROWS:,} rows; narrow the dates to get the others."
        )


def _csv(engine: Engine, filters: Filters, kind: Kind | None, rows: int) -> bytes:
    """Make the file; who leaves the page ends that, as each step that is shown looks for it."""
    progress = st.empty()

    def made(count: int) -> None:
        progress.progress(min(count / rows, 1.0), f"{count:,} of {rows:,} rows")

    of_kind = export_writing_rows(engine, filters, kind) if kind else export_rows(engine, filters)
    content = to_csv(of_kind, limit=CSV_ROWS, made=made)
    progress.empty()
    return content


def _nothing_to_show(filters: Filters, kind: Kind | None) -> None:
    if kind is not None and not is_filtered(filters):
        st.info(
            f"Nothing is kept here that was read as {AS_READ[kind]}. Choose it on the Draw page: "
            "what is drawn there appears here, with what was read and what was answered.",
            icon=":material/draw:",
        )
    elif is_filtered(filters):
        nothing_matches(filters)
    elif filters.session_id is not None:
        st.info(
            "You have not drawn anything in this browser yet. Draw a digit on the Draw page: it "
            "appears here, with what was read and what you answered.",
            icon=":material/draw:",
        )
    else:
        st.info("Nothing has been drawn yet. The Draw page is the place.", icon=":material/draw:")
