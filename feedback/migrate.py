"""Bring a database to the present schema: `python -m feedback.migrate`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from environment import read_environment
from feedback.connection.engine import open_engine, reach, transaction, translated
from feedback.connection.settings import place_of, read_settings
from feedback.errors import SettingsError, StoreUnavailable

__all__ = ["VERSION_TABLE", "head", "main", "migrate", "schema_version"]

VERSION_TABLE = "inkling_schema"
# Any number that no other program of this database uses for its own advisory locks.
ADVISORY_LOCK = 0x496E6B6C696E67  # "Inkling" in ASCII
LOCK_WAIT_S = 120
FILE_WAIT_S = 30  # the same where the store is a file, which one program at a time may change


def migrate(engine: Engine) -> bool:
    """Bring the database to the newest schema; return whether there was anything to do.

    Safe when many start at once: a database that is up to date is only read, and otherwise one
    migrates while the others wait. Raises `StoreUnavailable`, also for a database that a newer
    version of Inkling has migrated or that belongs to another program.
    """
    if schema_version(engine) == head():
        return False
    if engine.dialect.name == "sqlite":
        with transaction(engine, writes=True, limit_s=FILE_WAIT_S) as connection:
            return _upgrade(connection)
    with reach(engine) as connection, translated(engine), connection.begin():
        # Lock and limit end with this transaction. A session's own would stay behind on a
        # connection that a transaction pooler hands to somebody else, and block every later one.
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WAIT_S}s'"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
        return _upgrade(connection)


def schema_version(engine: Engine) -> str | None:
    """Return the schema that the database has, without any lock; None for an empty database."""
    with transaction(engine) as connection:
        return _version(connection)


@cache
def head() -> str:
    """Return the newest schema that this program knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _upgrade(connection: Connection) -> bool:
    version = _version(connection)
    if version == head():
        return False
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    place = place_of(connection.engine.url)
    if version is not None and version not in known:
        raise StoreUnavailable(
            f"{place} was made by a newer version of Inkling (schema {version}): "
            "update this program, or name another database"
        )
    tables = inspect(connection).get_table_names()
    foreign = (
        tables if connection.dialect.name == "sqlite" else {"drawings", "answers"} & set(tables)
    )
    if version is None and foreign:
        raise StoreUnavailable(
            f"{place} belongs to another program (it has a table {sorted(foreign)[0]}): "
            "name another database"
        )
    if connection.dialect.name == "postgresql":
        _check_rights(connection)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return True


def _check_rights(connection: Connection) -> None:
    """Raise `StoreUnavailable` where the user may not make tables, with the GRANT that lets it.

    Since PostgreSQL 15 that is what a new user meets. The error that CREATE TABLE would give is
    the same as for a table of somebody else's.
    """
    schema = connection.scalar(text("SELECT current_schema()"))
    may_create = schema is not None and connection.scalar(
        text("SELECT has_schema_privilege(:schema, 'CREATE')"), {"schema": schema}
    )
    if not may_create:
        raise StoreUnavailable(
            f"{place_of(connection.engine.url)}: DB_USER may not make tables there: let the "
            f"database's owner run GRANT USAGE, CREATE ON SCHEMA {schema or 'public'} TO the user "
            "in DB_USER"
        )


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    return None if version is None else str(version)


def _config() -> Config:
    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def main(argv: Sequence[str] | None = None) -> int:
    """Migrate the configured store and say so; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m feedback.migrate",
        description="Bring the configured store to the newest schema. The dashboard and the "
        "service do so themselves when they start.",
    )
    parser.parse_args(argv)
    try:
        settings = read_settings(read_environment())
        if settings.url is None:
            raise SettingsError(f"nothing to migrate: {settings.place}")
        engine = open_engine(settings)
        try:
            changed = migrate(engine)
        finally:
            engine.dispose()
    except (SettingsError, StoreUnavailable) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{settings.place}: {'migrated to' if changed else 'already has'} schema {head()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
