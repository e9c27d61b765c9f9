"""Becoming the operator on the History page, and ceasing to be."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from access.permission import TryLimit
from access.sign_in import shared_limit
from tests.feedback.sample_drawings import a_drawing, keep
from tests.postgres import settings_of

PASSWORD = "blue-black ink"


@pytest.fixture(autouse=True)
def limit_of_the_process() -> TryLimit:
    """Begin with no wrong passwords: the limit outlives the session of a test."""
    shared_limit.clear()
    return shared_limit()


@pytest.fixture
def app(engine: Engine) -> AppTest:
    """The page of a visitor far away, with one drawing of somebody else in the store."""

    def page(engine, settings, password):
        from uuid import UUID

        from views.history import history_page

        history_page(
            engine,
            settings,
            session_id=UUID(int=1),
            operator_password=password,
            at_the_machine=lambda: False,
        )

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


def test_after_three_wrong_ones_even_the_right_one_has_to_wait(app):
    for _ in range(3):
        sign_in(app, "red ink")

    sign_in(app, PASSWORD)

    assert not app.html
    assert "was not looked at" in app.error[0].value
    assert "Try again in 2 s" in app.error[0].value


def test_another_session_shares_the_limit_of_the_process(app, limit_of_the_process):
    for _ in range(20):
        limit_of_the_process.record_wrong()

    sign_in(app, PASSWORD)

    assert not app.html
    assert "was not looked at" in app.error[0].value


def test_an_empty_password_costs_no_try(app, limit_of_the_process):
    sign_in(app, "")

    assert "Type the password first" in app.error[0].value
    assert limit_of_the_process.wrong == 0


def test_signing_out_closes_everything_again(app):
    sign_in(app, PASSWORD)

    next(button for button in app.button if button.label == "Sign out").click().run()

    assert not app.html
    assert not app.download_button
    assert app.text_input
