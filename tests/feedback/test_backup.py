"""A backup is one whole file, made while the store is used, and what is restored from it works."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, text

from environment import ROOT
from feedback.backup import BackupFailed, back_up, dump_line
from feedback.candidates import load_stored_weights, roll_back, show_weights
from feedback.migrate import head, schema_version
from feedback.store import (
    NOT_A_DIGIT,
    Filters,
    count_drawings,
    delete_drawings,
    list_drawings,
    list_words,
    migrate,
    open_engine,
    record_answer,
    record_drawing,
)
from tests.feedback.records.test_no_digit_schema import step, write_as_0001
from tests.feedback.sample_drawings import a_drawing
from tests.feedback.sample_weights import decided_in, what_was_decided
from tests.postgres import environ_of, settings_of, sqlite_url
from tests.postgres_server import PostgresServer

README = (ROOT / "README.md").read_text()


def run(settings: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "feedback.backup", *arguments]
    environ = os.environ | settings
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)


def opened(path: Path) -> Engine:
    return open_engine(settings_of(sqlite_url(path)))


def rows_of(path: Path) -> list[tuple[object, object]]:
    """Return the drawings and answers of a store at a path, as the next start would find them."""
    engine = opened(path)
    migrate(engine)
    rows = [(row.id, row.answer) for row in list_drawings(engine, Filters(), limit=99)]
    engine.dispose()
    return rows


def test_a_backup_of_a_store_in_use_is_one_file_with_all_of_it(sqlite_engine, tmp_path):
    for number in range(5):
        record_answer(sqlite_engine, a_drawing(), number)
    record_drawing(sqlite_engine, a_drawing())
    (tmp_path / "backups").mkdir()
    file = tmp_path / "backups" / "monday.sqlite3"

    made = back_up(sqlite_engine, file)

    assert (made.drawings, made.answers, made.schema) == (6, 5, head())
    assert list(file.parent.iterdir()) == [file]
    with closing(sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)) as alone:
        assert alone.execute("SELECT count(*) FROM answers").fetchone() == (5,)


def test_a_backup_is_of_one_moment_while_others_write(sqlite_engine, tmp_path):
    ends = threading.Event()

    def write() -> None:
        while not ends.is_set():
            record_answer(sqlite_engine, a_drawing(), 3)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    made = [back_up(sqlite_engine, tmp_path / f"{number}.sqlite3") for number in range(5)]
    ends.set()
    for writer in writers:
        writer.join()

    assert all(one.drawings == one.answers for one in made)  # each answer with its drawing
    assert made[-1].drawings <= count_drawings(sqlite_engine, Filters())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_only_its_owner_may_read_a_backup(sqlite_engine, tmp_path):
    back_up(sqlite_engine, tmp_path / "backup.sqlite3")

    assert stat.S_IMODE((tmp_path / "backup.sqlite3").stat().st_mode) == 0o600


def test_a_backup_is_never_written_over(sqlite_engine, tmp_path):
    file = tmp_path / "backup.sqlite3"
    file.write_text("last year's")

    with pytest.raises(BackupFailed, match="is there already"):
        back_up(sqlite_engine, file)

    assert file.read_text() == "last year's"


def test_a_folder_that_is_not_there_is_a_disk_that_is_not_and_is_not_made(sqlite_engine, tmp_path):
    record_answer(sqlite_engine, a_drawing(), 3)

    with pytest.raises(BackupFailed, match="there is no folder"):
        back_up(sqlite_engine, tmp_path / "usb" / "backup.sqlite3")

    assert not (tmp_path / "usb").exists()


def test_a_damaged_store_makes_no_backup(sqlite_engine, tmp_path):
    for _ in range(100):
        record_answer(sqlite_engine, a_drawing(), 3)
    sqlite_engine.dispose()
    path = Path(str(sqlite_engine.url.database))
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'drawings_of_session'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with open(path, "r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)

    with pytest.raises(BackupFailed):
        back_up(sqlite_engine, tmp_path / "backup.sqlite3")

    assert not list(tmp_path.glob("backup*"))


def test_where_there_is_no_store_none_is_made(tmp_path):
    done = run({"EMBEDDED_STORE": str(tmp_path / "new.sqlite3")} | _no_database())

    assert done.returncode == 1
    assert "nothing to back up" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_is_in_the_backup(sqlite_engine, tmp_path):
    record_answer(sqlite_engine, a_drawing(), NOT_A_DIGIT)
    record_drawing(sqlite_engine, a_drawing())
    file = tmp_path / "backup.sqlite3"

    done = run(environ_of(sqlite_engine.url), str(file))

    said = f"{file}: 2 drawings and 1 answers, verified (schema {head()})\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"EMBEDDED_STORE": "off"}, "nothing to back up: not kept"),
        ({"DB_HOST": "127.0.0.1"}, "DB_NAME, DB_USER, DB_PASSWORD are not set"),
    ],
)
def test_the_command_fails_in_one_sentence(settings, said):
    done = run(_no_database() | settings)

    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_restored_backup_is_the_store_it_was(sqlite_engine, tmp_path):
    """The steps are README's: stop, move what is there away, copy the backup into its place."""
    drawing = a_drawing()
    record_answer(sqlite_engine, drawing, 3)
    file = tmp_path / "backup.sqlite3"
    back_up(sqlite_engine, file)
    record_answer(sqlite_engine, a_drawing(), 4)  # after the backup
    store = tmp_path / "var" / "feedback.sqlite3"
    store.parent.mkdir()
    for name in ("feedback.sqlite3", "feedback.sqlite3-wal"):  # as a killed server leaves them
        shutil.copy(tmp_path / name, store.parent / name)
    steps = re.search(r"\nmkdir -p var/old.*\ncp .*\n", README)
    assert steps

    script = steps[0].replace("var/backups/feedback-20260801-030000.sqlite3", str(file))
    subprocess.run(["sh", "-e", "-c", script], cwd=tmp_path, check=True)

    assert rows_of(store) == [(drawing.id, 3)]
    assert (tmp_path / "var" / "old" / "feedback.sqlite3").exists()


def test_weights_and_what_was_decided_are_in_a_backup(sqlite_engine, tmp_path):
    version, drawing = what_was_decided(sqlite_engine)

    made = back_up(sqlite_engine, tmp_path / "backup.sqlite3")

    restored = opened(made.file)
    assert decided_in(restored) == decided_in(sqlite_engine)
    assert load_stored_weights(restored, version) == load_stored_weights(sqlite_engine, version)
    delete_drawings(restored, [drawing], session_id=None)
    assert show_weights(restored, version).forgotten == 1
    restored.dispose()


@pytest.mark.parametrize("schema", ["0001", "0002"])
def test_a_backup_of_an_older_schema_is_migrated_at_the_first_start(tmp_path, schema):
    old = opened(tmp_path / "old.sqlite3")
    step(old, schema)
    drawing = a_drawing()
    write_as_0001(old, drawing, 3)
    made = back_up(old, tmp_path / "backup.sqlite3")
    old.dispose()
    shutil.copy(made.file, tmp_path / "feedback.sqlite3")

    assert made.schema == schema
    assert rows_of(tmp_path / "feedback.sqlite3") == [(drawing.id, 3)]


def test_postgresqls_line_holds_the_settings_and_not_the_password(postgres_environ):
    done = run(postgres_environ, "monday.dump")

    assert done.returncode == 0
    words = shlex.split(done.stdout)
    assert words[0] == "pg_dump"
    assert f"--host={postgres_environ['DB_HOST']}" in words
    assert f"--port={postgres_environ['DB_PORT']}" in words
    assert f"--dbname={postgres_environ['DB_NAME']}" in words
    assert "--file=monday.dump" in words
    assert postgres_environ["DB_PASSWORD"] not in done.stdout + done.stderr


def test_the_dump_asks_for_the_tls_that_the_store_asks_for(tmp_path):
    url = URL.create(
        "postgresql+psycopg",
        username="ink",
        host="db",
        database="inkling",
        query={"sslmode": "verify-ca", "sslrootcert": "/a folder/ca.pem"},
    )

    words = shlex.split(dump_line(url, tmp_path / "x.dump"))

    assert words[:4] == ["env", "PGSSLMODE=verify-ca", "PGSSLROOTCERT=/a folder/ca.pem", "pg_dump"]


def test_a_database_made_of_postgresqls_dump_is_the_store_it_was(
    postgres_engine: Engine,
    empty_database_url: URL,
    postgres_server: PostgresServer | None,
    tmp_path,
):
    if postgres_server is None:
        pytest.skip("the programs of TEST_DATABASE_URL's server are not known")
    drawing = a_drawing()
    record_answer(postgres_engine, drawing, 3)
    version, _ = what_was_decided(postgres_engine)
    programs = postgres_server._programs
    password = os.environ | {"PGPASSWORD": postgres_server.password}
    dump = tmp_path / "monday.dump"

    words = shlex.split(dump_line(postgres_engine.url, dump))
    subprocess.run([programs / words[0], *words[1:]], env=password, check=True)
    target = [f"--host={empty_database_url.host}", f"--port={empty_database_url.port}"]
    target += [
        f"--username={empty_database_url.username}",
        f"--dbname={empty_database_url.database}",
    ]
    command = [programs / "pg_restore", "--no-owner", "--exit-on-error", *target, dump]
    subprocess.run(command, env=password, check=True)

    restored = open_engine(settings_of(empty_database_url))
    assert schema_version(restored) == head()
    assert (drawing.id, 3) in [
        (row.id, row.answer) for row in list_drawings(restored, Filters(), limit=9)
    ]
    assert load_stored_weights(restored, version) == load_stored_weights(postgres_engine, version)
    assert decided_in(restored) == decided_in(postgres_engine)
    assert roll_back(restored, by="Ada", why="its counter goes on").version is None
    assert _triggers(restored) == _triggers(postgres_engine) != []
    # No trigger has logged what came with the dump once more.
    assert list_words(restored, drawing.id) == list_words(postgres_engine, drawing.id)
    restored.dispose()


def _triggers(engine: Engine) -> list[str]:
    query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    with engine.connect() as connection:
        return list(connection.scalars(text(query)))


def _no_database() -> dict[str, str]:
    return {name: value for name, value in environ_of(sqlite_url(Path())).items() if not value}
