"""The server ends within seconds of SIGTERM, and loses nothing that waits."""

from __future__ import annotations

import signal
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL

from feedback.migrate import migrate
from feedback.store import Filters, list_drawings, open_engine
from tests.postgres import environ_of, settings_of, sqlite_url
from tests.postgres_server import PostgresServer
from tests.streamlit.server.server_process import ServerProcess
from tests.streamlit.store.writers import lines_in, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
SECONDS = 8.0  # on a busy machine; Cloud Run and Docker wait for ten


class Embedded:
    """An embedded store that is away while another program holds its file."""

    def __init__(self, folder: Path) -> None:
        self.url = sqlite_url(folder / "feedback.sqlite3")
        engine = open_engine(settings_of(self.url))
        migrate(engine)
        engine.dispose()

    @contextmanager
    def away(self) -> Iterator[None]:
        with closing(sqlite3.connect(str(self.url.database), isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            yield
            holder.execute("ROLLBACK")


class Database:
    """A PostgreSQL that is killed to be away."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self.url: URL = server.url()

    @contextmanager
    def away(self) -> Iterator[None]:
        self.server.kill()
        yield
        self.server.start()


@pytest.fixture(scope="module")
def durable() -> Iterator[PostgresServer]:
    server = PostgresServer(durable=True)
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Embedded | Database:
    if request.param == "sqlite":
        return Embedded(tmp_path)
    return Database(request.getfixturevalue("durable"))


def settings(store: Embedded | Database, spool: Path) -> dict[str, str]:
    return environ_of(store.url) | {"SPOOL_DIR": str(spool)}


def kept(store: Embedded | Database) -> dict[str, object]:
    engine = open_engine(settings_of(store.url))
    rows = list_drawings(engine, Filters(), limit=999)
    engine.dispose()
    return {str(row.id): row.answer for row in rows}


def test_a_server_stopped_with_answers_waiting_loses_none(store, tmp_path):
    spool = tmp_path / "spool"
    with ServerProcess(tmp_path, settings(store, spool)) as server:
        assert until(lambda: server.waiting()["problem"] is None)
        with store.away():
            ids = server.answer(3)["ids"]
            _, took_s = server.end()
            waiting = lines_in(spool)
    log = server.log

    with ServerProcess(tmp_path, settings(store, spool)) as again:
        everything_is_written = until(lambda: not list(spool.glob("*")))
        again.end()

    assert took_s < SECONDS
    assert waiting == 3
    assert "3 drawings are not in the store" in log
    assert everything_is_written
    assert {kept(store)[identity] for identity in ids} == {3}


def test_a_killed_server_loses_nothing_that_waited_for_longer_than_a_moment(store, tmp_path):
    spool = tmp_path / "spool"
    with ServerProcess(tmp_path, settings(store, spool)) as server:
        assert until(lambda: server.waiting()["problem"] is None)
        with store.away():
            ids = server.answer(3)["ids"]
            assert until(lambda: lines_in(spool) == 3)
            server.end(signal.SIGKILL)

    with ServerProcess(tmp_path, settings(store, spool)) as again:
        everything_is_written = until(lambda: not list(spool.glob("*")))
        again.end()

    assert everything_is_written
    assert {kept(store)[identity] for identity in ids} == {3}


def test_without_a_writable_folder_the_log_says_how_many_are_lost(store, tmp_path):
    (tmp_path / "file").touch()
    with ServerProcess(tmp_path, settings(store, tmp_path / "file" / "spool")) as server:
        assert until(lambda: server.waiting()["problem"] is None)
        with store.away():
            server.answer(3)
            server.end()

    before, _, after = server.log.partition("3 drawings are lost")
    assert "cannot be written to" in before
    assert after
    assert "Traceback" not in server.log


def test_the_embedded_store_of_a_stopped_server_is_whole_in_its_one_file(tmp_path):
    store = Embedded(tmp_path)
    with ServerProcess(tmp_path, settings(store, tmp_path / "spool")) as server:
        assert server.answer(3)["states"] == ["saved"] * 3
        server.end()

    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(Path(str(store.url.database)).read_bytes())
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM answers").fetchone() == (3,)
    assert not (tmp_path / "feedback.sqlite3-wal").exists()


def test_a_visitor_who_does_not_hang_up_does_not_hold_up_the_end(tmp_path):
    store = Embedded(tmp_path)
    with (
        ServerProcess(tmp_path, settings(store, tmp_path / "spool")) as server,
        socket.create_connection(("127.0.0.1", server.port)) as visitor,
    ):
        visitor.sendall(b"GET /forever HTTP/1.1\r\nHost: inkling\r\n\r\n")
        server.waiting()

        _, took_s = server.end()

    assert took_s < SECONDS
