"""What the History page says is kept about a visitor, and being forgotten, without a browser."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from access.visitor import forgotten
from feedback.connection.settings import StoreSettings
from feedback.errors import StoreUnavailable
from feedback.store import Filters, count_drawings
from tests.feedback.sample_drawings import a_drawing, keep
from tests.postgres import settings_of


def page(engine, settings, visitor, **told) -> None:
    from views.forgetting import what_is_kept

    what_is_kept(engine, settings, visitor, **told)


@pytest.fixture
def me() -> uuid.UUID:
    return uuid.uuid4()


def opened(
    engine: Engine | None,
    me: uuid.UUID,
    settings: StoreSettings | None = None,
    *,
    is_here: bool = False,
    in_cookie: bool = True,
    is_operators: bool = False,
) -> AppTest:
    if engine is not None and settings is None:
        settings = settings_of(engine.url)
    values = {"engine": engine, "settings": settings, "visitor": me, "is_here": is_here}
    values |= {"in_cookie": in_cookie, "is_operators": is_operators}
    return AppTest.from_function(page, kwargs=values, default_timeout=30).run()


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_the_words_have_an_address_of_their_own(engine, me):
    assert opened(engine, me).header[0].anchor == "what-is-kept"


def test_a_stranger_is_told_that_it_is_kept_by_whoever_runs_it(engine, me):
    words = opened(engine, me).markdown[0].value

    assert "the database of whoever runs this dashboard" in words
    assert "no name and no address" in words.lower()
    assert "30 days" in words


def test_who_sends_no_cookie_is_told_of_none(sqlite_engine, me):
    kept = opened(sqlite_engine, me, in_cookie=False).markdown[0].value
    nothing = opened(None, me, in_cookie=False).markdown[0].value

    assert "the number is gone once this page is closed or loaded anew" in kept
    assert "No cookie" in nothing
    assert "30 days" not in kept + nothing


def test_who_sits_at_the_machine_is_told_that_it_is_kept_there(sqlite_engine, me):
    assert "a file on this computer" in opened(sqlite_engine, me, is_here=True).markdown[0].value


@pytest.mark.parametrize(("days", "said"), [(1, " for one day,"), (400, " for 400 days,")])
def test_a_visitor_is_told_for_how_many_days_drawings_are_kept(sqlite_engine, me, days, said):
    settings = replace(settings_of(sqlite_engine.url), keep_days=days)

    assert f"runs this dashboard{said} so that" in " ".join(
        opened(sqlite_engine, me, settings).markdown[0].value.split()
    )


def test_where_nothing_is_kept_only_the_cookie_is_spoken_of(me):
    app = opened(None, me, StoreSettings(kind="none", url=None, place="off"))

    assert "None of your drawings" in app.markdown[0].value
    assert "cookie" in app.markdown[0].value
    assert labels(press(app, "forget")) == ["Forget me", "Cancel"]


def test_nothing_happens_before_a_second_word(engine, me):
    keep(engine, [(a_drawing(session_id=me), 7)])

    app = press(opened(engine, me), "forget")

    assert me not in forgotten()
    assert count_drawings(engine, Filters(session_id=me)) == 1
    assert labels(app) == [
        "Delete my drawing and forget me",
        "Forget me, keep the drawings for the statistics",
        "Cancel",
    ]


@pytest.mark.parametrize("is_operators", [True, False])
def test_only_who_is_signed_in_reads_that_this_ends_too(engine, me, is_operators):
    app = press(opened(engine, me, is_operators=is_operators), "forget")

    said = [one.value for one in app.markdown if "signed out as the operator" in one.value]
    assert len(said) == is_operators


def test_only_the_visitors_own_drawings_are_deleted(engine, me):
    other = uuid.uuid4()
    keep(engine, [(a_drawing(session_id=who), 7) for who in (me, me, other)])
    app = press(opened(engine, me), "forget")
    assert labels(app)[0] == "Delete my 2 drawings and forget me"

    press(app, "forget_all")

    assert me in forgotten()
    assert other not in forgotten()
    assert count_drawings(engine, Filters()) == 1


def test_the_drawings_can_be_left_to_the_statistics(engine, me):
    keep(engine, [(a_drawing(session_id=me), 7)])

    press(press(opened(engine, me), "forget"), "forget_me")

    assert me in forgotten()
    assert count_drawings(engine, Filters(session_id=me)) == 1


def test_who_cannot_be_deleted_is_not_forgotten_either(engine, me, monkeypatch):
    def refuse(*_: object) -> int:
        raise StoreUnavailable("it is away")

    keep(engine, [(a_drawing(session_id=me), 7)])
    app = press(opened(engine, me), "forget")
    monkeypatch.setattr("views.forgetting.delete_session", refuse)

    press(app, "forget_all")

    assert "nothing was forgotten" in app.error[0].value
    assert me not in forgotten()


def test_with_the_store_away_it_says_that_nothing_can_be_deleted(engine, me, monkeypatch):
    def refuse(*_: object) -> int:
        raise StoreUnavailable("it is away")

    app = opened(engine, me)
    monkeypatch.setattr("views.forgetting.count_drawings", refuse)

    press(app, "forget")

    assert "cannot be looked for or deleted" in app.warning[0].value
    assert labels(app) == ["Forget me, keep the drawings for the statistics", "Cancel"]
