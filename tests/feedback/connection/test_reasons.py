"""What a person reads when PostgreSQL cannot be used, and what nobody may read."""

from __future__ import annotations

import logging
import traceback

import pytest
from sqlalchemy import URL, Engine, text

from feedback.connection.settings import read_settings
from feedback.store import StoreUnavailable, open_engine, record_drawing
from tests.feedback.calls import CALLS, PASSWORD, at, opened, refused_after
from tests.feedback.sample_drawings import a_drawing
from tests.postgres import environ_of, settings_of


@pytest.mark.parametrize("call", CALLS)
def test_nobody_there_is_said_at_once(call: str):
    with opened(at("127.0.0.1", 1)) as engine:
        took_s, words = refused_after(engine, call)

    assert took_s < 1
    assert words.startswith("PostgreSQL 127.0.0.1:1, database inkling: nothing answers at its")
    assert "DB_HOST and DB_PORT" in words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": PASSWORD}, "refuses the user or password: check DB_USER and DB_PASSWORD"),
        ({"username": "nobody_here", "password": PASSWORD}, "check DB_USER"),
        ({"database": "not_there"}, "it has no such database: check DB_NAME"),
        ({"host": "no-such-host.invalid"}, "its host name cannot be found: check DB_HOST"),
        ({"host": "a..b"}, "its host name cannot be found: check DB_HOST"),
    ],
)
def test_a_wrong_setting_is_named(postgres_url: URL, changes: dict[str, str], words: str):
    with opened(postgres_url.set(**changes)) as engine:
        _, said = refused_after(engine, "check_connection")

    assert words in said


@pytest.mark.parametrize("call", sorted(CALLS.keys() - {"migrate"}))
def test_a_database_without_tables_names_the_command(empty_database_url: URL, call: str):
    with opened(empty_database_url) as engine:
        _, words = refused_after(engine, call)

    assert words.endswith("run `python -m feedback.migrate`")


def test_a_user_without_rights_is_named(postgres_engine: Engine, postgres_url: URL):
    with postgres_engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE guest_{postgres_url.database} LOGIN PASSWORD 'g'"))
    guest = postgres_url.set(username=f"guest_{postgres_url.database}", password="g")

    with opened(guest) as engine:
        _, words = refused_after(engine, "record_drawing")
    with postgres_engine.begin() as connection:
        connection.execute(text(f"DROP ROLE guest_{postgres_url.database}"))

    assert "DB_USER may not do that" in words


def test_the_password_is_in_no_error_and_no_log(
    postgres_url: URL, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    told = []

    for url in (
        postgres_url.set(password=PASSWORD),
        at("127.0.0.1", 1),
        at("no-such-host.invalid", 5432),
        at("/no/such/folder", 5432).set(host=None, query={"host": "/no/such/folder"}),
    ):
        with opened(url) as engine, pytest.raises(StoreUnavailable) as raised:
            record_drawing(engine, a_drawing())
        told += traceback.format_exception(raised.value)
        told += [repr(engine), repr(raised.value), str(settings_of(url))]

    assert "StoreUnavailable" in "".join(told)
    assert PASSWORD not in "".join(told) + caplog.text


def test_a_server_is_reached_through_its_socket_folder(
    postgres_url: URL, postgres_socket_folder: str | None
):
    if postgres_socket_folder is None:
        pytest.skip("this server has no unix socket that is known to the tests")
    settings = read_settings(environ_of(postgres_url) | {"DB_HOST": postgres_socket_folder})

    engine = open_engine(settings)
    with engine.connect() as connection:
        client = connection.scalar(text("SELECT inet_client_addr()"))
    engine.dispose()

    assert client is None  # no network was involved
    assert settings.place.startswith(f"PostgreSQL {postgres_socket_folder}")
