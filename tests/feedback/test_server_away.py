"""What a person waits and reads when PostgreSQL is not there."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import URL, Engine, text

from feedback import statistics
from feedback.settings import read_settings
from feedback.store import (
    Filters,
    StoreUnavailable,
    check_connection,
    count_drawings,
    list_drawings,
    migrate,
    open_engine,
    read_answer,
    record_answer,
    record_drawing,
)
from tests.feedback.sample_drawings import a_drawing
from tests.postgres import settings_of
from tests.postgres_server import PostgresServer

LIMIT_S = 5
PASSWORD = "n0t-t0-be-seen"
CALLS: list[Callable[[Engine], Any]] = [
    check_connection,
    migrate,
    lambda engine: record_drawing(engine, a_drawing()),
    lambda engine: record_answer(engine, a_drawing(), 3),
    lambda engine: read_answer(engine, a_drawing().id),
    lambda engine: list_drawings(engine, Filters(), limit=1),
    lambda engine: count_drawings(engine, Filters()),
    lambda engine: statistics.read_statistics(engine, Filters()),
    lambda engine: statistics.weights_versions(engine),
]


def refused_after(engine: Engine, call: Callable[[Engine], Any]) -> tuple[float, str]:
    """Return the seconds that a call takes to fail, and its words."""
    started = time.monotonic()
    with pytest.raises(StoreUnavailable) as raised:
        call(engine)
    return time.monotonic() - started, str(raised.value)


def at(host: str, port: int) -> URL:
    return URL.create("postgresql+psycopg2", "writer", PASSWORD, host, port, "inkling")


@contextmanager
def opened(url: URL) -> Iterator[Engine]:
    engine = open_engine(settings_of(url))
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def black_hole(address: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """Give the port of a server that takes connections and never says a word."""
    with closing(socket.socket()) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(64)
        yield listener.getsockname()[1]


@pytest.fixture(scope="module")
def breakable() -> Iterator[PostgresServer]:
    """A server of these tests' own, to be broken; each leaves it running."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.mark.parametrize("call", CALLS)
def test_nobody_there_is_said_at_once(call: Callable[[Engine], Any]):
    with opened(at("127.0.0.1", 1)) as engine:
        took_s, words = refused_after(engine, call)

    assert took_s < 1
    assert words.startswith("PostgreSQL 127.0.0.1:1, database inkling: nothing answers at its")
    assert "DB_HOST and DB_PORT" in words


def test_a_server_that_never_answers_costs_at_most_the_limit(monkeypatch: pytest.MonkeyPatch):
    # Ten people at once, more than there are connections, and a name with many addresses.
    addresses = [f"127.0.0.{last}" for last in range(1, 9)]
    monkeypatch.setattr(socket, "getaddrinfo", resolver({"db.example.org": addresses}))
    told: list[tuple[float, str]] = []
    with black_hole("0.0.0.0") as port, opened(at("db.example.org", port)) as engine:
        threads = [
            threading.Thread(target=lambda: told.append(refused_after(engine, CALLS[2])))
            for _ in range(10)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(told) == 10
    assert max(took_s for took_s, _ in told) < LIMIT_S
    ends = {words.rpartition(": ")[2] for _, words in told}
    assert "did not answer in time" in str(ends)


@pytest.mark.parametrize("call", [CALLS[2], CALLS[7]])
def test_a_server_that_stops_answering_costs_at_most_the_limit(
    breakable: PostgresServer, call: Callable[[Engine], Any]
):
    with opened(breakable.url()) as engine:
        migrate(engine)
        connections = [engine.connect() for _ in range(3)]
        for connection in connections:
            connection.close()

        breakable.signal(signal.SIGSTOP)
        took_s, words = refused_after(engine, call)
        breakable.signal(signal.SIGCONT)

        assert took_s < LIMIT_S
        assert words.endswith("it did not answer in time")
        call(engine)


def test_a_restarted_server_is_used_again_at_the_next_call(breakable: PostgresServer):
    with opened(breakable.url()) as engine:
        migrate(engine)
        first, second = a_drawing(), a_drawing()
        record_answer(engine, first, 1)
        breakable.stop()
        took_s, _ = refused_after(engine, CALLS[2])
        breakable.start()

        record_answer(engine, second, 2)

        assert took_s < 1
        assert [read_answer(engine, drawing.id) for drawing in (first, second)] == [1, 2]


def test_a_long_lock_costs_at_most_the_limit(postgres_engine: Engine):
    with postgres_engine.begin() as connection:
        connection.execute(text("LOCK TABLE drawings"))

        took_s, words = refused_after(postgres_engine, CALLS[2])

    assert took_s < LIMIT_S
    assert "took too long" in words or "did not answer in time" in words


def test_a_connection_that_died_while_idle_is_replaced(postgres_engine: Engine):
    with postgres_engine.connect() as keeper:
        with postgres_engine.connect() as victim:
            pid = victim.scalar(text("SELECT pg_backend_pid()"))
        ended = keeper.scalar(text(f"SELECT pg_terminate_backend({pid}, 5000)"))

    assert ended
    for _ in range(3):
        check_connection(postgres_engine)


def test_more_people_than_connections_wait_their_turn(postgres_engine: Engine):
    failures: list[Exception] = []

    def draw() -> None:
        try:
            for _ in range(5):
                record_drawing(postgres_engine, a_drawing())
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=draw) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert count_drawings(postgres_engine, Filters()) == 100


def test_one_dead_address_of_a_host_does_not_hide_the_living_one(
    postgres_url: URL, monkeypatch: pytest.MonkeyPatch
):
    port = int(postgres_url.port or 5432)
    names = {"two.example.org": ["127.0.0.2", str(postgres_url.host)]}
    monkeypatch.setattr(socket, "getaddrinfo", resolver(names))

    with black_hole("127.0.0.2", port), opened(postgres_url.set(host="two.example.org")) as engine:
        started = time.monotonic()
        check_connection(engine)

    assert time.monotonic() - started < LIMIT_S


def test_a_name_that_is_looked_up_for_ever_costs_at_most_the_limit(
    monkeypatch: pytest.MonkeyPatch,
):
    over = threading.Event()

    def never(*_: Any, **__: Any) -> None:
        over.wait(30)
        raise socket.gaierror("given up")

    monkeypatch.setattr(socket, "getaddrinfo", never)

    with opened(at("slow.example.org", 5432)) as engine:
        took_s, words = refused_after(engine, CALLS[2])
    over.set()

    assert took_s < LIMIT_S
    assert words.endswith("it did not answer in time")


def resolver(names: dict[str, list[str]]) -> Callable[..., Any]:
    """Return a name service that knows these names: none that runs for real would."""

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in names[host]
        ]

    return getaddrinfo


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
        _, said = refused_after(engine, check_connection)

    assert words in said


def test_a_database_without_tables_names_the_command(empty_database_url: URL):
    with opened(empty_database_url) as engine:
        _, words = refused_after(engine, CALLS[2])

    assert words.endswith("run `python -m feedback.migrate`")


def test_a_user_without_rights_is_named(postgres_engine: Engine, postgres_url: URL):
    with postgres_engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE guest_{postgres_url.database} LOGIN PASSWORD 'g'"))
    guest = postgres_url.set(username=f"guest_{postgres_url.database}", password="g")

    with opened(guest) as engine:
        _, words = refused_after(engine, CALLS[2])
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
    environ = {
        "DB_HOST": postgres_socket_folder,
        "DB_PORT": str(postgres_url.port),
        "DB_NAME": str(postgres_url.database),
        "DB_USER": str(postgres_url.username),
        "DB_PASSWORD": str(postgres_url.password),
    }

    engine = open_engine(read_settings(environ))

    check_connection(engine)
    engine.dispose()
    assert os.path.isdir(postgres_socket_folder)
