"""The History page over a real store."""

from __future__ import annotations

import io
import uuid
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from sqlalchemy import URL, Engine
from streamlit.testing.v1 import AppTest

from cards.drawing_cards import drawing_cards
from feedback.connection.engine import open_engine
from feedback.connection.settings import StoreSettings
from feedback.store import NOT_A_DIGIT, Drawing, Filters, KeptDrawing, list_drawings
from store.messages import UNREADABLE
from tests.feedback.sample_drawings import INK_PNG, a_drawing, keep
from tests.postgres import settings_of

ME, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def page(engine, settings, password, linked):  # a script of its own: no names from this file
    from uuid import UUID

    from views.history import history_page

    history_page(
        engine,
        settings,
        session_id=UUID(int=1),
        operator_password=password,
        by_link=lambda: linked,
    )


def opened(
    engine: Engine | None,
    *,
    password: str | None = None,
    linked: bool = False,
    settings: StoreSettings | None = None,
) -> AppTest:
    if settings is None:
        assert engine is not None
        settings = settings_of(engine.url)
    values = {"engine": engine, "settings": settings, "password": password, "linked": linked}
    return AppTest.from_function(page, kwargs=values, default_timeout=30).run()


def kept_of(drawing: Drawing) -> KeptDrawing:
    """Return a drawing as the store gives it back, not answered."""
    more = {"updated_at": drawing.created_at, "answer": None, "answered_at": None}
    return KeptDrawing(**vars(drawing), **more)


def cards(app: AppTest) -> list[str]:
    """Return the HTML of each drawing on the page, in its order."""
    return app.html[0].proto.body.split('role="listitem"')[1:] if app.html else []


def numbered(session: uuid.UUID, number: int) -> list:
    """Return drawings a minute apart; their minute tells them apart on the page."""
    return [
        (a_drawing(session_id=session, created_at=NOON + timedelta(minutes=minute)), None)
        for minute in range(number)
    ]


def test_a_visitor_sees_their_own_drawings_and_no_others(engine):
    mine = a_drawing(session_id=ME, predicted=3, confidence=0.5)
    keep(engine, [(mine, 3), (a_drawing(session_id=OTHER, predicted=8), 8)])

    app = opened(engine, password="ink")

    assert not app.exception
    assert len(cards(app)) == 1
    assert "read as 3" in cards(app)[0]
    assert not app.download_button
    assert [choice.label for choice in app.segmented_control] == ["What was drawn"]


def test_a_card_shows_picture_reading_confidence_and_answer(engine):
    keep(
        engine,
        [
            (a_drawing(session_id=ME, predicted=7, confidence=0.914, created_at=NOON), 7),
            (a_drawing(session_id=ME, created_at=NOON - timedelta(hours=1)), 1),
            (a_drawing(session_id=ME, created_at=NOON - timedelta(hours=2)), None),
        ],
    )

    right, wrong, unanswered = cards(opened(engine))

    assert b64encode(INK_PNG).decode() in right
    assert "<b>7</b> 91.4\u00a0% sure" in right
    assert "4 Mar 2026, 12:00 UTC" in right
    assert "✓</span>read right" in right
    assert "✗</span>misread, it is a 1" in wrong
    assert "not answered" in unanswered


def test_a_drawing_whose_pens_are_kept_is_shown_as_it_was_drawn(engine):
    old, new = a_drawing(), a_drawing(pens_px=[12, 24])

    before, after = (drawing_cards([kept_of(drawing)]) for drawing in (old, new))

    assert b64encode(INK_PNG).decode() in before
    assert 'class="ink-read"' in before
    encoded = after.split("base64,")[1].split('"')[0]
    with Image.open(io.BytesIO(b64decode(encoded))) as picture:
        assert picture.size == (280, 280)
    assert 'class="ink-drawn"' in after


def test_a_card_tells_refusals_and_what_is_no_digit_in_words(engine):
    made = [(False, NOT_A_DIGIT), (True, NOT_A_DIGIT), (False, 7), (False, 8), (False, None)]
    keep(
        engine,
        [
            (
                a_drawing(session_id=ME, is_digit=is_digit, created_at=NOON - timedelta(hours=n)),
                answer,
            )
            for n, (is_digit, answer) in enumerate(made)
        ],
    )

    agreed, missed, by_mistake, otherwise, unanswered = cards(opened(engine))

    assert "<b>refused</b> as no digit, nearest to 7" in agreed
    assert 'alt="A drawing, refused as no digit"' in agreed
    assert "✓</span>refused rightly" in agreed
    assert "✗</span>taken for a digit, it is not a digit" in missed
    assert "read as 7" in missed
    assert "✗</span>refused by mistake, it is a 7" in by_mistake
    assert "✗</span>refused by mistake, it is an 8" in otherwise
    assert "not answered" in unanswered


def test_pages_go_from_the_newest_to_the_oldest_without_gap_or_repetition(engine):
    keep(engine, numbered(ME, 30))
    app = opened(engine)
    first = cards(app)

    app.pagination[0].select(2).run()
    second = cards(app)

    minutes = [card.split("2026, ")[1][:5] for card in first + second]
    assert minutes == [f"12:{minute:02}" for minute in reversed(range(30))]
    assert "25 to 30 of 30" in app.caption[0].value


def test_a_drawing_of_a_moment_ago_is_there_when_its_author_looks_again(engine):
    app = opened(engine)
    assert not cards(app)
    keep(engine, numbered(ME, 1))

    app.run()

    assert len(cards(app)) == 1


def test_other_filters_begin_at_their_first_page(sqlite_engine):
    keep(sqlite_engine, numbered(ME, 60))
    app = opened(sqlite_engine)
    app.pagination[0].select(3).run()

    app.selectbox(key="filter_source").select("canvas").run()

    assert "1 to 24 of 60" in app.caption[0].value


def test_whoever_came_by_the_link_of_an_embedded_store_is_its_operator(sqlite_engine):
    keep(sqlite_engine, [(a_drawing(session_id=OTHER), 7)])

    app = opened(sqlite_engine, linked=True)

    assert len(cards(app)) == 1
    assert not app.download_button

    app.button(key="history_make_csv").click().run()

    assert app.download_button[0].label.startswith("Download the CSV of ")


def test_a_file_is_offered_for_the_filters_that_it_was_made_with_alone(sqlite_engine):
    keep(sqlite_engine, [(a_drawing(session_id=OTHER), 7)])
    app = opened(sqlite_engine, linked=True)
    app.button(key="history_make_csv").click().run()
    assert app.download_button

    app.selectbox(key="filter_source").select("canvas").run()

    assert not app.download_button


def test_the_operator_can_look_at_this_visits_drawings_alone(sqlite_engine):
    keep(sqlite_engine, [(a_drawing(session_id=OTHER), 7), (a_drawing(session_id=ME), 7)])
    app = opened(sqlite_engine, linked=True)
    assert len(cards(app)) == 2

    app.segmented_control[0].set_value("my own").run()

    assert len(cards(app)) == 1


def test_the_link_opens_no_postgresql(postgres_engine):
    keep(postgres_engine, [(a_drawing(session_id=OTHER), 7)])

    app = opened(postgres_engine, linked=True)

    assert not cards(app)
    assert not app.download_button


def test_where_a_password_is_set_it_is_asked_for_in_spite_of_the_link(engine):
    keep(engine, [(a_drawing(session_id=OTHER), 7)])

    app = opened(engine, linked=True, password="blue-black ink")

    assert not cards(app)
    assert app.text_input


def test_without_link_and_password_an_embedded_store_is_closed(sqlite_engine):
    keep(sqlite_engine, [(a_drawing(session_id=OTHER), 7)])

    app = opened(sqlite_engine)

    assert not cards(app)
    assert not app.download_button
    assert "the link that it gave when it was started" in app.expander[0].markdown[0].value


def test_the_door_names_no_settings_to_visitors(engine):
    app = opened(engine)

    words = app.expander[0].markdown[0].value
    assert "OPERATOR_PASSWORD" not in words
    assert ".env" not in words
    assert not app.text_input


def test_an_empty_history_says_where_to_draw(engine):
    visitor = opened(engine, password="ink")
    operator = opened(engine, linked=engine.dialect.name == "sqlite")

    assert "You have not drawn anything in this browser yet" in visitor.info[0].value
    assert "Draw page" in operator.info[0].value
    assert not visitor.exception
    assert not operator.exception


def test_a_store_that_is_away_is_plain_words_with_a_way_to_try_again(caplog):
    away = URL.create("postgresql+psycopg2", "visitor", "a-secret-word", "127.0.0.1", 1, "ink")
    engine = open_engine(settings_of(away))

    app = opened(engine)

    engine.dispose()
    assert not app.exception
    assert [error.value for error in app.error] == [UNREADABLE]
    assert [button.label for button in app.button] == ["Try again"]
    assert "PostgreSQL 127.0.0.1:1, database ink: nothing answers" in caplog.text
    assert "a-secret-word" not in caplog.text


def test_without_a_store_there_is_no_history_and_no_sign_in():
    settings = StoreSettings("none", None, "not kept: no database is configured")

    app = opened(None, settings=settings, password="ink")

    assert "Nothing is kept" in app.info[0].value
    assert not app.text_input


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_text_from_the_store_cannot_become_markup(sqlite_engine, text):
    keep(sqlite_engine, [(a_drawing(weights_version=text), 7)])

    shown = drawing_cards(list_drawings(sqlite_engine, Filters(), limit=1))

    assert text not in shown
