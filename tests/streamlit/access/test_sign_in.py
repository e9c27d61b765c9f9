"""Becoming the operator on the History page, and ceasing to be."""

from __future__ import annotations

import time
import uuid

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from access.permission import WrongTries
from access.sign_in import wrong_tries
from tests.feedback.sample_drawings import a_drawing, keep
from tests.postgres import settings_of

PASSWORD = "blue-black ink"


@pytest.fixture(autouse=True)
def tries() -> WrongTries:
    """Begin with no wrong passwords: they outlive the session of a test."""
    wrong_tries.cache_clear()
    return wrong_tries()


@pytest.fixture
def app(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page of a visitor far away, with one drawing of somebody else in the store."""

    def page(engine, settings, password):
        from uuid import UUID

        from views.history import history_page

        history_page(
            engine,
            settings,
            session_id=UUID(int=1),
            operator_password=password,
            by_link=lambda: False,
        )

    # `AppTest` has no connection, and so no address.
    monkeypatch.setattr("access.sign_in.visitor_address", lambda: "127.0.0.1")
    keep(engine, [(a_drawing(session_id=uuid.UUID(int=2)), 7)])
    values = {"engine": engine, "settings": settings_of(engine.url), "password": PASSWORD}
    return AppTest.from_function(page, kwargs=values, default_timeout=30).run()


def sign_in(app: AppTest, password: str) -> AppTest:
    app.text_input(key="access_password").set_value(password)
    return next(button for button in app.button if button.label == "Sign in").click().run()


def test_the_password_opens_everyones_drawings_and_the_file(app):
    assert not app.html

    sign_in(app, PASSWORD)

    assert 'role="listitem"' in app.html[0].proto.body
    assert "Make a CSV file" in [button.label for button in app.button]
    assert not app.text_input


def test_a_wrong_password_opens_nothing_and_says_so(app):
    sign_in(app, "red ink")

    assert not app.html
    assert not app.download_button
    assert "not the operator's password" in app.error[0].value


def test_the_password_is_not_kept_in_the_session(app):
    sign_in(app, PASSWORD)

    kept = [value for value in app.session_state.to_dict().values() if isinstance(value, str)]
    assert PASSWORD not in kept


def test_after_many_wrong_ones_from_everywhere_the_right_one_opens_at_once(app, tries):
    for number in range(1000):
        tries.record(f"198.51.100.{number % 250}")
        tries.record("127.0.0.1")
    sign_in(app, "red ink")

    sign_in(app, PASSWORD)

    assert 'role="listitem"' in app.html[0].proto.body
    assert not app.error


def test_a_fourth_wrong_one_is_told_late_and_the_form_stays_open(app, tries):
    for _ in range(3):
        sign_in(app, "red ink")
        assert app.error

    sign_in(app, "red ink")

    assert not app.error
    assert "Comparing" in app.expander[0].caption[0].value
    assert app.text_input(key="access_password")

    time.sleep(1.1)
    app.run()

    assert "not the operator's password" in app.error[0].value


def test_each_wrong_one_is_logged_with_its_address_and_without_itself(app, caplog):
    sign_in(app, "red ink")
    sign_in(app, "green ink")
    sign_in(app, PASSWORD)

    lines = [record.getMessage() for record in caplog.records if record.name == "access.sign_in"]
    assert lines == ["wrong operator's password from 127.0.0.1"] * 2


def test_an_empty_password_is_no_try(app, caplog):
    sign_in(app, "")

    assert "Type the password first" in app.error[0].value
    assert "wrong" not in caplog.text


def test_signing_out_closes_everything_again(app):
    sign_in(app, PASSWORD)

    next(button for button in app.button if button.label == "Sign out").click().run()

    assert not app.html
    assert not app.download_button
    assert app.text_input
