"""Why a server turns somebody away: each cause has its sentence, in whatever language it speaks."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import URL, Engine, text

from feedback.candidates import live_version, promote
from feedback.connection.engine import transaction
from feedback.connection.login import Code, code_in
from feedback.connection.settings import read_settings
from feedback.store import StoreUnavailable, open_engine
from tests.feedback.calls import CALLS, PASSWORD, at, opened, refused_after
from tests.feedback.connection.refusing_server import error_response, refusing_server
from tests.feedback.sample_weights import keep
from tests.postgres import environ_of

# Severity, words and encoding as translated servers send them: Russian, German, Japanese, French.
VOICES = [
    ("ВАЖНО", "пользователь «anna» не прошёл проверку", "cp1251"),
    ("FATAL", "Passwort-Authentifizierung für Benutzer »anna« fehlgeschlagen", "latin-1"),
    ("致命的エラー", "ユーザー認証に失敗しました", "euc-jp"),
    ("FATAL", "authentification par mot de passe échouée", "utf-8"),
]
# SQLSTATE, the server's function, and what a person reads.
CAUSES = [
    ("28P01", "auth_failed", "refuses the user or password: check DB_USER and DB_PASSWORD"),
    ("28000", "ClientAuthentication", "pg_hba.conf"),
    ("28000", "InitializeSessionUserId", "does not know the user, or that user may not log in"),
    ("3D000", "InitPostgres", "no such database: check DB_NAME"),
    ("53300", "InitializeSessionUserId", "ALTER ROLE … CONNECTION LIMIT"),
    ("53300", "CheckMyDatabase", "ALTER DATABASE … CONNECTION LIMIT"),
    ("53300", "ProcessStartupPacket", "raise its max_connections"),
    ("42501", "CheckMyDatabase", "GRANT CONNECT ON DATABASE"),
    ("57P03", "ProcessStartupPacket", "it is starting or shutting down"),
    ("08P01", "", "a connection pooler before it turns us away"),
]


def refusal_in(voice: tuple[str, str, str], sqlstate: str, routine: str) -> bytes:
    severity, words, encoding = voice
    fields = {"S": severity.encode(encoding), "C": sqlstate.encode(), "M": words.encode(encoding)}
    if routine:
        fields |= {"F": b"postinit.c", "L": b"317", "R": routine.encode()}
    return error_response(fields)


@pytest.mark.parametrize("voice", VOICES, ids=[encoding for _, _, encoding in VOICES])
@pytest.mark.parametrize(("sqlstate", "routine", "words"), CAUSES)
def test_a_refusal_is_told_by_its_code_in_any_language(
    voice: tuple[str, str, str], sqlstate: str, routine: str, words: str
):
    answer = refusal_in(voice, sqlstate, routine)

    with refusing_server(answer) as port, opened(at("127.0.0.1", port)) as engine:
        _, said = refused_after(engine, "check_connection")

    assert words in said
    assert PASSWORD not in said


def test_what_is_no_postgresql_is_called_so():
    page = b"HTTP/1.1 400 Bad Request\r\n\r\n"

    with refusing_server(b"", to_tls=page) as port, opened(at("127.0.0.1", port)) as engine:
        _, said = refused_after(engine, "check_connection")

    assert "no PostgreSQL: check DB_HOST and DB_PORT" in said


def test_of_two_refusals_in_one_login_the_exact_one_counts():
    words = (
        'FATAL:  28P01: no\nORT:  auth_failed, auth.c:317\nconnection to server at "db" failed: '
        "FATAL:  28000: no entry\nORT:  ClientAuthentication, auth.c:543\n"
    )

    assert code_in(words.encode()) == Code("28P01", "auth_failed")
    assert (
        code_in(b'connection to server at "::1", port 5432 failed: Verbindung verweigert') is None
    )


@contextmanager
def a_role(engine: Engine, name: str, options: str = "") -> Iterator[None]:
    """Make a role that may log in with the password `r`, and take it away again."""
    with engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN PASSWORD 'r' {options}"))
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {name}"))
            connection.execute(text(f"DROP ROLE {name}"))


@pytest.fixture
def guest(postgres_engine: Engine, postgres_url: URL) -> Iterator[URL]:
    """The address for a role that may log in and nothing else."""
    name = f"guest_{postgres_url.database}"
    with a_role(postgres_engine, name):
        yield postgres_url.set(username=name, password="r")


def test_a_user_who_may_make_no_tables_is_told_the_grant(empty_database_url: URL):
    name = f"maker_{empty_database_url.database}"
    maker = empty_database_url.set(username=name, password="r")

    with opened(empty_database_url) as owner, a_role(owner, name), opened(maker) as engine:
        _, said = refused_after(engine, "migrate")

    assert "run GRANT USAGE, CREATE ON SCHEMA public TO the user in DB_USER" in said


def test_a_user_who_may_not_even_see_the_schema_is_told_the_grant(empty_database_url: URL):
    name = f"maker_{empty_database_url.database}"
    with opened(empty_database_url) as owner, a_role(owner, name):
        with owner.begin() as connection:
            connection.execute(text("REVOKE ALL ON SCHEMA public FROM PUBLIC"))
        with opened(empty_database_url.set(username=name, password="r")) as engine:
            _, said = refused_after(engine, "migrate")

    assert "GRANT USAGE, CREATE ON SCHEMA public" in said


def test_a_user_without_rights_on_the_tables_is_told_the_grant(guest: URL):
    with opened(guest) as engine:
        _, said = refused_after(engine, "record_drawing")

    assert "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public" in said


def test_the_grant_that_is_named_is_enough(postgres_engine: Engine, guest: URL):
    grants = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public"
    with postgres_engine.begin() as connection:
        connection.execute(text(f"{grants} TO {guest.username}"))

    with opened(guest) as engine:
        for call in ("record_drawing", "record_answer", "keep_weights", "take_lease"):
            CALLS[call](engine)
        version = keep(engine)
        promote(engine, version, by="Ada", why="a test", expected_live=None)
        assert live_version(engine) == version


def test_a_user_who_may_not_connect_is_told_the_grant(postgres_engine: Engine, guest: URL):
    with postgres_engine.begin() as connection:
        connection.execute(text(f"REVOKE CONNECT ON DATABASE {guest.database} FROM PUBLIC"))

    with opened(guest) as engine:
        _, said = refused_after(engine, "check_connection")

    assert "GRANT CONNECT ON DATABASE" in said


def test_a_role_with_no_connection_left_is_named(postgres_engine: Engine, postgres_url: URL):
    name = f"alone_{postgres_url.database}"
    alone = postgres_url.set(username=name, password="r")

    with a_role(postgres_engine, name, "CONNECTION LIMIT 0"), opened(alone) as engine:
        _, said = refused_after(engine, "check_connection")

    assert "ALTER ROLE … CONNECTION LIMIT" in said


def test_a_database_with_no_connection_left_is_named(postgres_engine: Engine, guest: URL):
    with postgres_engine.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {guest.database} CONNECTION LIMIT 0"))

    with opened(guest) as engine:
        _, said = refused_after(engine, "check_connection")

    assert "ALTER DATABASE … CONNECTION LIMIT" in said


@pytest.mark.parametrize("call", ["check_connection", "record_drawing"])
def test_a_read_only_database_says_so(postgres_engine: Engine, postgres_url: URL, call: str):
    with postgres_engine.begin() as connection:
        name = postgres_url.database
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))

    with opened(postgres_url) as engine:
        _, said = refused_after(engine, call)

    assert "it is read-only" in said
    assert "DB_HOST" in said


def test_a_server_that_asks_for_a_password_that_is_not_there_says_which_setting(postgres_url: URL):
    environ = environ_of(postgres_url) | {"DB_PASSWORD": "", "DB_PASSWORDLESS": "1"}
    engine = open_engine(read_settings(environ))

    _, said = refused_after(engine, "check_connection")
    engine.dispose()

    assert said.endswith("set DB_PASSWORD, and take DB_PASSWORDLESS away")


def test_words_in_another_encoding_are_a_sentence(engine: Engine):
    words = "Fehler: ungültig".encode("latin-1")

    with pytest.raises(StoreUnavailable, match="lc_messages"), transaction(engine):
        words.decode()  # as psycopg2 does with a server's words


def test_a_server_is_asked_to_speak_utf_8_whatever_its_database_is_in(
    postgres_engine: Engine, postgres_url: URL
):
    with postgres_engine.begin() as connection:
        connection.execute(
            text(f"ALTER DATABASE {postgres_url.database} SET client_encoding = latin1")
        )

    with opened(postgres_url) as engine, engine.connect() as connection:
        encoding = connection.scalar(text("SHOW client_encoding"))

    assert encoding == "UTF8"


def test_a_socket_that_is_not_there_is_told_from_one_that_may_not_be_used(tmp_path, monkeypatch):
    url = at("x", 5432).set(host=None, query={"host": str(tmp_path)})

    with opened(url) as engine:
        _, missing = refused_after(engine, "check_connection")
    monkeypatch.setattr(socket.socket, "connect", _denied)
    with opened(url) as engine:
        _, denied = refused_after(engine, "check_connection")

    assert "its socket is not there" in missing
    assert "its socket may not be used by this user" in denied


def _denied(*_: object) -> None:
    raise PermissionError(13, "Keine Berechtigung")
