"""PostgreSQL for the tests: the server that TEST_DATABASE_URL names, or one of their own.

`engine` gives every test an empty, migrated store, once on SQLite and once on PostgreSQL.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text

from feedback.connection.engine import open_engine
from feedback.connection.settings import DEFAULT_PORT, KEYS, StoreSettings, place_of
from feedback.migrate import migrate
from tests.postgres_server import PostgresServer


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer | None]:
    """The tests' own server; None where TEST_DATABASE_URL names another."""
    if os.environ.get("TEST_DATABASE_URL"):
        yield None
        return
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def postgres_server_url(postgres_server: PostgresServer | None) -> URL:
    """The address of a PostgreSQL where databases may be made."""
    if postgres_server is None:
        return make_url(os.environ["TEST_DATABASE_URL"]).set(drivername="postgresql+psycopg2")
    return postgres_server.url()


@contextmanager
def database_of(server: URL, template: str | None = None) -> Iterator[URL]:
    """Make a database that is gone afterwards."""
    name = f"inkling_test_{uuid.uuid4().hex[:12]}"
    administration = create_engine(server, isolation_level="AUTOCOMMIT")
    copied = f" TEMPLATE {template} STRATEGY file_copy" if template else ""
    try:
        with administration.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}{copied}"))
        yield server.set(database=name)
    finally:
        with administration.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        administration.dispose()


@pytest.fixture(scope="session")
def migrated_template(postgres_server_url: URL) -> Iterator[str]:
    """The name of a migrated database to copy: quicker than migrating for every test."""
    with database_of(postgres_server_url) as url:
        engine = open_engine(settings_of(url))
        migrate(engine)
        engine.dispose()
        yield str(url.database)


@pytest.fixture
def empty_database_url(postgres_server_url: URL) -> Iterator[URL]:
    """A PostgreSQL database of the test's own, with nothing in it."""
    with database_of(postgres_server_url) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server_url: URL, migrated_template: str) -> Iterator[URL]:
    """A PostgreSQL database of the test's own, migrated and empty."""
    with database_of(postgres_server_url, migrated_template) as url:
        yield url


@pytest.fixture
def postgres_environ(postgres_url: URL) -> dict[str, str]:
    """The settings that lead to `postgres_url`, for a process of the test's own."""
    return environ_of(postgres_url)


@pytest.fixture
def postgres_socket_folder(postgres_server: PostgresServer | None) -> str | None:
    """The folder of the server's unix socket; None where there is none."""
    return postgres_server.socket_folder if postgres_server else None


@pytest.fixture
def postgres_engine(postgres_url: URL) -> Iterator[Engine]:
    """A migrated, empty store in PostgreSQL."""
    engine = open_engine(settings_of(postgres_url))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("migrated") / "feedback.sqlite3"
    engine = open_engine(settings_of(sqlite_url(path)))
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_engine(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """A migrated, empty store in a SQLite file."""
    path = tmp_path / "feedback.sqlite3"
    shutil.copy(migrated_file, path)
    engine = open_engine(settings_of(sqlite_url(path)))
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A migrated, empty store: every test of it runs on both databases."""
    name = "sqlite_engine" if request.param == "sqlite" else "postgres_engine"
    opened: Engine = request.getfixturevalue(name)
    return opened


def environ_of(url: URL) -> dict[str, str]:
    """Return the settings that lead to a store, whatever `.env` says."""
    environ = dict.fromkeys(KEYS, "") | {"EMBEDDED_STORE": ""}
    if url.get_backend_name() == "sqlite":
        return environ | {"EMBEDDED_STORE": str(url.database)}
    return environ | {
        "DB_HOST": str(url.host),
        "DB_PORT": str(url.port or DEFAULT_PORT),
        "DB_NAME": str(url.database),
        "DB_USER": str(url.username),
        "DB_PASSWORD": str(url.password),
    }


def sqlite_url(path: Path) -> URL:
    """Return the address of a SQLite file."""
    return URL.create("sqlite+pysqlite", database=str(path))


def settings_of(url: URL) -> StoreSettings:
    """Return the settings of the store at an address."""
    kind = "sqlite" if url.get_backend_name() == "sqlite" else "postgresql"
    return StoreSettings(kind, url, place_of(url))  # type: ignore[arg-type]
