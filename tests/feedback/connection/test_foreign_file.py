"""What lies at the embedded store's path and is not ours is refused, every byte as it was."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from feedback.migrate import head, schema_version
from feedback.store import StoreUnavailable, migrate, open_engine, record_drawing
from tests.feedback.calls import CALLS
from tests.feedback.sample_drawings import a_drawing
from tests.postgres import settings_of, sqlite_url


def make_foreign(path: Path, mode: str = "DELETE") -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")
        connection.execute("CREATE TABLE albums (artist text)")
        connection.execute("INSERT INTO albums VALUES ('Nina Simone')")
        connection.commit()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("content", [b"x", b"SQLite format", b"\0" * 5000], ids=["1", "13", "5000"])
def test_a_file_that_is_no_database_keeps_every_byte(tmp_path: Path, content: bytes, call: str):
    (tmp_path / "store").write_bytes(content)

    with pytest.raises(StoreUnavailable, match="its file is not a database: move it away"):
        CALLS[call](open_engine(settings_of(sqlite_url(tmp_path / "store"))))

    assert contents(tmp_path) == {"store": content}


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_another_programs_database_keeps_every_byte(tmp_path: Path, mode: str):
    make_foreign(tmp_path / "music.db", mode)
    before = contents(tmp_path)

    with pytest.raises(StoreUnavailable, match=r"belongs to another program .* table albums"):
        migrate(open_engine(settings_of(sqlite_url(tmp_path / "music.db"))))

    assert contents(tmp_path) == before


def test_another_programs_database_in_use_keeps_every_byte(tmp_path: Path):
    path = tmp_path / "music.db"
    make_foreign(path, "WAL")
    with closing(sqlite3.connect(path)) as playing:
        playing.execute("INSERT INTO albums VALUES ('Alice Coltrane')")
        playing.commit()
        before = path.read_bytes(), path.with_name("music.db-wal").read_bytes()

        with pytest.raises(StoreUnavailable, match="belongs to another program"):
            migrate(open_engine(settings_of(sqlite_url(path))))

        assert (path.read_bytes(), path.with_name("music.db-wal").read_bytes()) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(StoreUnavailable, match="something else than a file"):
        migrate(open_engine(settings_of(sqlite_url(tmp_path / "pipe"))))


def test_an_empty_file_becomes_a_store(tmp_path: Path):
    (tmp_path / "store").touch()
    engine = open_engine(settings_of(sqlite_url(tmp_path / "store")))

    migrate(engine)
    record_drawing(engine, a_drawing())

    assert schema_version(engine) == head()
    engine.dispose()


def test_a_store_whose_tables_lie_beside_it_still_is_ours(tmp_path: Path):
    # As a server that is killed right after its first start leaves it.
    engine = open_engine(settings_of(sqlite_url(tmp_path / "store")))
    migrate(engine)
    copy = tmp_path / "killed"
    copy.mkdir()
    for name in ("store", "store-wal"):
        (copy / name).write_bytes((tmp_path / name).read_bytes())
    engine.dispose()

    again = open_engine(settings_of(sqlite_url(copy / "store")))

    assert migrate(again) is False
    again.dispose()
