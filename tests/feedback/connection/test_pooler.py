"""Behind a transaction pooler, where two transactions may meet different sessions of the server."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from sqlalchemy import URL, Engine, text

from environment import ROOT
from feedback.migrate import head, migrate, schema_version
from feedback.store import check_connection, record_drawing
from tests.feedback.calls import opened, refused_after
from tests.feedback.sample_drawings import a_drawing
from tests.pgbouncer import pooler
from tests.postgres import environ_of, settings_of


def held_locks(engine: Engine) -> int:
    with engine.connect() as connection:
        question = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        return int(connection.scalar(text(question)) or 0)


def test_ten_first_starts_at_once_make_one_schema_through_a_pooler(empty_database_url: URL):
    with pooler(empty_database_url, "default_pool_size = 4") as url:
        done = subprocess.run(
            [sys.executable, "-m", "tests.feedback.ten_migrations"],
            cwd=ROOT,
            env=os.environ | environ_of(url),
            capture_output=True,
            text=True,
            timeout=60,
        )

    place = settings_of(url).place
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(done.stdout.splitlines()) == (
        [f"{place}: already has schema {head()}"] * 9 + [f"{place}: migrated to schema {head()}"]
    )


def test_a_migration_through_a_pooler_leaves_no_lock_on_a_pooled_connection(
    empty_database_url: URL,
):
    with pooler(empty_database_url) as url, opened(empty_database_url) as direct:
        with opened(url) as engine:
            migrate(engine)
        left = held_locks(direct)  # the pooler keeps its connection to the server

    assert left == 0


def test_a_migration_through_a_pooler_does_not_hold_up_the_next_one(empty_database_url: URL):
    with pooler(empty_database_url) as url:
        with opened(url) as engine:
            migrate(engine)
            with engine.begin() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
        started = time.monotonic()
        with opened(empty_database_url) as direct:
            migrate(direct)
            version = schema_version(direct)
        took_s = time.monotonic() - started

    assert version == head()
    assert took_s < 20  # not the 120 s that a migration waits for another


def test_a_migration_leaves_its_limit_on_no_pooled_connection(empty_database_url: URL):
    with pooler(empty_database_url, "default_pool_size = 1") as url, opened(url) as engine:
        migrate(engine)
        with engine.connect() as connection:
            limit = connection.scalar(text("SHOW lock_timeout"))

    assert limit == "0"


def test_a_store_behind_a_pooler_keeps_drawings(postgres_url: URL):
    with pooler(postgres_url, "default_pool_size = 1") as url, opened(url) as engine:
        record_drawing(engine, a_drawing())
        check_connection(engine)
        with engine.connect() as connection:
            number = connection.scalar(text("SELECT count(*) FROM drawings"))

    assert number == 1


def test_a_pooler_with_no_connection_left_is_named(postgres_url: URL):
    with (
        pooler(postgres_url, "max_client_conn = 1") as url,
        opened(url) as first,
        first.connect(),
        opened(url) as engine,
    ):
        _, said = refused_after(engine, "check_connection")

    assert "a connection pooler before it turns us away" in said
    assert "max_client_conn" in said


def test_a_pooler_with_no_connection_left_to_the_server_is_named(postgres_url: URL):
    limits = ("default_pool_size = 1", "query_wait_timeout = 1")
    with (
        pooler(postgres_url, *limits) as url,
        opened(url) as engine,
        engine.connect() as idle,
        engine.connect() as busy,
    ):
        idle.rollback()
        busy.execute(text("SELECT 1"))  # in a transaction, which holds the only connection
        _, said = refused_after(engine, "check_connection")

    assert "a connection pooler before it has no connection left" in said
    assert "default_pool_size" in said


def test_a_database_that_a_pooler_does_not_know_is_named_by_its_setting(postgres_url: URL):
    with pooler(postgres_url) as url, opened(url.set(database="not_there")) as engine:
        _, said = refused_after(engine, "check_connection")

    assert "DB_NAME" in said
