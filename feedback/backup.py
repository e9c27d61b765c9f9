"""Make one consistent file of the store while it is used: `python -m feedback.backup [FILE]`."""

from __future__ import annotations

import argparse
import os
import shlex
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Engine

from environment import project_path, read_environment
from feedback.connection.engine import open_engine, reach
from feedback.connection.settings import DEFAULT_PORT, read_settings
from feedback.errors import SettingsError, StoreUnavailable
from feedback.migrate import VERSION_TABLE

FOLDER = "var/backups"
TLS_OPTIONS = ("sslmode", "sslrootcert")


class BackupFailed(Exception):
    """There is no backup, and nothing was written over; the message is meant for a person."""


@dataclass(frozen=True)
class Backup:
    """What a verified backup holds; drawings and answers of digits and of writing together."""

    file: Path
    drawings: int
    answers: int
    schema: str


def back_up(engine: Engine, file: Path) -> Backup:
    """Copy an embedded store into a new file, verified; return what is in it.

    The store may be written to meanwhile: the file holds one moment of it. Raises `BackupFailed`
    where there is no store, no folder, a file already, or no room; `StoreUnavailable` where the
    store cannot be read.
    """
    source = Path(engine.url.database or "")
    if not source.exists():
        raise BackupFailed(f"there is no store at {source} yet: nothing to back up")
    if file.exists():
        raise BackupFailed(f"{file} is there already: name another file")
    if not file.parent.is_dir():  # a disk, perhaps, that is not there: made here, it would be full
        raise BackupFailed(f"there is no folder {file.parent}: make it, or name another file")
    part = file.with_name(file.name + ".part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # drawings are private
        _copy(engine, part)
        made = _verified(part, file)
        part.rename(file)
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed(f"{file} cannot be made: {error}") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return made


def dump_line(url: URL, file: Path) -> str:
    """Return the command that backs a PostgreSQL store up; it asks for the password, if any."""
    host = url.host or str(url.query.get("host", "localhost"))
    words = ["pg_dump", "--format=custom", "--no-owner", f"--host={host}"]
    words += [f"--port={url.port or DEFAULT_PORT}", f"--username={url.username}"]
    words += [f"--dbname={url.database}", f"--file={file}"]
    # What TLS is asked for: pg_dump takes it from the environment alone.
    tls = [f"PG{name.upper()}={url.query[name]}" for name in TLS_OPTIONS if name in url.query]
    return shlex.join(["env", *tls, *words] if tls else words)


def _copy(engine: Engine, file: Path) -> None:
    with reach(engine) as connection, closing(sqlite3.connect(file)) as copy:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        source.backup(copy)  # in one step: no writer can make it begin anew
        # One file, which SQLite needs no other files beside to read.
        copy.execute("PRAGMA journal_mode = DELETE")


def _verified(part: Path, file: Path) -> Backup:
    with closing(sqlite3.connect(f"{part.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        said = [row[0] for row in copy.execute("PRAGMA integrity_check")]
        orphans = copy.execute("PRAGMA foreign_key_check").fetchall()
        if said != ["ok"] or orphans:
            raise BackupFailed(f"the store is damaged: {said[0] if said != ['ok'] else orphans}")
        drawings = _count(copy, "drawings", "writings")
        answers = _count(copy, "answers", "writing_answers")
        (schema,) = copy.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()
    return Backup(file, drawings, answers, str(schema))


def _count(copy: sqlite3.Connection, *tables: str) -> int:
    """Return how many rows the tables have; a store that is not migrated yet lacks some."""
    known = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return sum(
        int(copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
        for table in tables
        if table in known
    )


def _new_file(moment: str) -> Path:
    folder = project_path(FOLDER)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BackupFailed(f"{folder} cannot be made: {error}") from None
    return folder / f"feedback-{moment}.sqlite3"


def main(argv: Sequence[str] | None = None) -> int:
    """Back the configured store up, or say how; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m feedback.backup",
        description="Make one consistent, verified file of the embedded store, also while it is "
        "used. For PostgreSQL, print the pg_dump command that does it.",
    )
    parser.add_argument(
        "file", nargs="?", type=Path, help=f"the file to make (default: a new one in {FOLDER}/)"
    )
    chosen: Path | None = parser.parse_args(argv).file
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    try:
        settings = read_settings(read_environment())
        if settings.url is None:
            raise SettingsError(f"nothing to back up: {settings.place}")
        if settings.kind == "postgresql":
            print(
                f"{settings.place} is backed up by PostgreSQL's own program, which asks for "
                "DB_PASSWORD:",
                file=sys.stderr,
            )
            print(dump_line(settings.url, chosen or Path(f"inkling-{moment}.dump")))
            return 0
        engine = open_engine(settings)
        try:
            made = back_up(engine, chosen or _new_file(moment))
        finally:
            engine.dispose()
    except (SettingsError, StoreUnavailable, BackupFailed) as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{made.file}: {made.drawings} drawings and {made.answers} answers, verified "
        f"(schema {made.schema})"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
