from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, Engine, inspect, text

from environment import ROOT
from feedback.migrate import ADVISORY_LOCK, VERSION_TABLE, head, main, migrate, schema_version
from feedback.records.schema import metadata
from feedback.store import StoreUnavailable, open_engine, record_drawing
from tests.feedback.sample_drawings import a_drawing
from tests.postgres import environ_of, settings_of, sqlite_url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "new folder" / "feedback.sqlite3")
    url: URL = request.getfixturevalue("empty_database_url")
    return url


def test_ten_migrations_at_once_make_one_schema(empty_url: URL):
    if empty_url.get_backend_name() == "sqlite":  # a folder other than the usual one is not made
        Path(str(empty_url.database)).parent.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.feedback.ten_migrations"],
        cwd=ROOT,
        env=os.environ | environ_of(empty_url),
        capture_output=True,
        text=True,
        timeout=60,
    )

    place = settings_of(empty_url).place
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(done.stdout.splitlines()) == (
        [f"{place}: already has schema {head()}"] * 9 + [f"{place}: migrated to schema {head()}"]
    )
    engine = open_engine(settings_of(empty_url))
    record_drawing(engine, a_drawing())
    engine.dispose()


def test_a_new_file_waits_for_the_process_that_sets_it_up(tmp_path: Path):
    path = tmp_path / "feedback.sqlite3"
    held = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    with closing(held):
        held.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.5, held.execute, ["ROLLBACK"])
        release.start()
        engine = open_engine(settings_of(sqlite_url(path)))

        with engine.connect() as connection:
            mode = connection.scalar(text("PRAGMA journal_mode"))

        release.join()
        engine.dispose()
    assert mode == "wal"


def test_a_new_file_that_stays_locked_is_said(tmp_path: Path):
    path = tmp_path / "feedback.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as held:
        held.execute("BEGIN IMMEDIATE")
        engine = open_engine(settings_of(sqlite_url(path)))

        with pytest.raises(StoreUnavailable, match="another program holds its file"):
            migrate(engine)

        engine.dispose()


@pytest.mark.parametrize("word", ["--help", "--nonsense"])
def test_a_question_migrates_nothing(tmp_path: Path, monkeypatch, word: str):
    monkeypatch.setenv("EMBEDDED_STORE", str(tmp_path / "feedback.sqlite3"))

    with pytest.raises(SystemExit):
        main([word])

    assert list(tmp_path.iterdir()) == []


def test_migrating_again_changes_nothing(engine: Engine):
    record_drawing(engine, a_drawing())

    assert migrate(engine) is False

    assert schema_version(engine) == head()


def test_an_up_to_date_database_is_not_locked(postgres_engine: Engine):
    with postgres_engine.connect() as connection:
        connection.execute(text(f"SELECT pg_advisory_lock({ADVISORY_LOCK})"))

        assert migrate(postgres_engine) is False


def test_a_migration_waits_for_the_one_before_it(empty_database_url: URL):
    engine = open_engine(settings_of(empty_database_url))
    migration = threading.Thread(target=migrate, args=(engine,))

    with engine.connect() as connection:
        connection.execute(text(f"SELECT pg_advisory_lock({ADVISORY_LOCK})"))
        migration.start()
        migration.join(0.5)
        assert migration.is_alive()
        connection.execute(text(f"SELECT pg_advisory_unlock({ADVISORY_LOCK})"))
    migration.join(10)

    assert schema_version(engine) == head()
    engine.dispose()


def test_a_migration_gives_its_lock_back(empty_database_url: URL):
    engine = open_engine(settings_of(empty_database_url))
    migrate(engine)

    with engine.connect() as connection:
        held = connection.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))

    assert held == 0
    engine.dispose()


# Alembic hands on what it reads of a rule that is NOT VALID in a way that SQLAlchemy warns of.
@pytest.mark.filterwarnings("ignore:Can't validate argument 'dialect_options'")
def test_the_tables_are_those_that_the_code_reads(engine: Engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        differences = compare_metadata(context, metadata)

    # What is worded differently for each database, only its migration knows.
    of_migrations = {"drawings_newest", "writings_newest", "writing_characters_truths"}
    assert [
        d for d in differences if d[0] != "remove_index" or d[1].name not in of_migrations
    ] == []


def test_a_failed_migration_leaves_nothing_behind(empty_url: URL):
    # A view is no table, so that it is found only when the migration makes its second table.
    engine = open_engine(settings_of(empty_url))
    with engine.begin() as connection:
        connection.execute(text("CREATE VIEW answers AS SELECT 1 AS one"))

    with pytest.raises(StoreUnavailable):
        migrate(engine)

    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_newer_schema_is_left_alone(engine: Engine):
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))

    with pytest.raises(StoreUnavailable, match="newer version of Inkling"):
        migrate(engine)


def test_another_programs_database_is_left_alone(empty_url: URL):
    engine = open_engine(settings_of(empty_url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE drawings (artist text)"))

    with pytest.raises(StoreUnavailable, match="belongs to another program"):
        migrate(engine)

    assert inspect(engine).get_table_names() == ["drawings"]
    engine.dispose()


def test_a_postgresql_database_can_be_shared_with_other_tables(empty_database_url: URL):
    engine = open_engine(settings_of(empty_database_url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num text)"))

    assert migrate(engine) is True
    engine.dispose()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"DB_HOST": "127.0.0.1"}, "DB_NAME, DB_USER, DB_PASSWORD are not set"),
        ({"EMBEDDED_STORE": "off"}, "nothing to migrate: not kept"),
        (
            {
                "DB_HOST": "127.0.0.1",
                "DB_PORT": "1",
                "DB_NAME": "i",
                "DB_USER": "u",
                "DB_PASSWORD": "hidden!",
            },
            "PostgreSQL 127.0.0.1:1, database i: nothing answers at its address",
        ),
    ],
)
def test_the_command_fails_in_one_sentence(settings: dict[str, str], said: str):
    unset = dict.fromkeys(environ_of(URL.create("sqlite")), "")

    done = subprocess.run(
        [sys.executable, "-m", "feedback.migrate"],
        cwd=ROOT,
        env=os.environ | unset | settings,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "hidden!" not in done.stderr


def test_an_unreachable_server_costs_a_migration_no_more_than_others():
    url = URL.create("postgresql+psycopg2", "u", "p", "127.0.0.1", 1, "i")
    started = time.monotonic()

    with pytest.raises(StoreUnavailable):
        migrate(open_engine(settings_of(url)))

    assert time.monotonic() - started < 5
