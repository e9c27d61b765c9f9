"""The SQLite file: what makes it safe, and what it says when it is not."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text

from environment import ROOT
from feedback.connection.foreign import refuse_foreign
from feedback.statistics import read_statistics
from feedback.store import (
    Filters,
    StoreUnavailable,
    count_drawings,
    migrate,
    open_engine,
    read_answer,
    record_answer,
    record_drawing,
)
from tests.feedback.sample_drawings import a_drawing
from tests.postgres import settings_of, sqlite_url

WRITE_ANSWERS = """
import sys
from feedback.store import *
from tests.feedback.sample_drawings import a_drawing
from tests.postgres import settings_of, sqlite_url
from pathlib import Path
engine = open_engine(settings_of(sqlite_url(Path(sys.argv[1]))))
for number in range(int(sys.argv[2])):
    drawing = a_drawing()
    record_drawing(engine, drawing)
    record_answer(engine, drawing, number % 10)
    print(drawing.id, flush=True)
"""
# As root nothing is read-only; without rights, and with everything imported before.
DROP_RIGHTS_THEN_MIGRATE = """
import os, sys
from pathlib import Path
from feedback.store import *
from tests.postgres import settings_of, sqlite_url
engine = open_engine(settings_of(sqlite_url(Path(sys.argv[1]))))
from feedback.migrate import head; head()
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    migrate(engine)
except StoreUnavailable as error:
    print(error)
"""


def writer(path: Path, number: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITE_ANSWERS, str(path), str(number)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def file_of(engine: Engine) -> Path:
    return Path(str(engine.url.database))


def opened(path: Path) -> Engine:
    return open_engine(settings_of(sqlite_url(path)))


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that other users may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_every_connection_is_set_up(sqlite_engine: Engine):
    with sqlite_engine.connect() as first, sqlite_engine.connect() as second:
        for connection in (first, second):
            pragmas = {
                name: connection.scalar(text(f"PRAGMA {name}"))
                for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
            }

            assert pragmas == {
                "journal_mode": "wal",
                "foreign_keys": 1,
                "busy_timeout": 2500,
                "synchronous": 2,
            }


def test_opening_makes_no_file_and_the_first_use_makes_its_folder(tmp_path: Path):
    path = tmp_path / "new" / "folder" / "feedback.sqlite3"

    engine = opened(path)
    assert list(tmp_path.iterdir()) == []

    migrate(engine)
    assert path.is_file()
    engine.dispose()


def test_processes_and_threads_write_to_one_file_at_once(sqlite_engine: Engine):
    failures: list[Exception] = []

    def write() -> None:
        try:
            for _ in range(10):
                record_answer(sqlite_engine, a_drawing(), 3)
        except Exception as error:
            failures.append(error)

    processes = [writer(file_of(sqlite_engine), 10) for _ in range(2)]
    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = [process.wait(60) for process in processes]
    for process in processes:
        assert process.stdout is not None
        process.stdout.close()

    assert failures == []
    assert codes == [0, 0]
    assert read_statistics(sqlite_engine, Filters()).answers == 10 * 6


def test_acknowledged_answers_survive_a_killed_writer(sqlite_engine: Engine):
    process = writer(file_of(sqlite_engine), 10_000)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().strip() for _ in range(50)]
    process.send_signal(signal.SIGKILL)
    acknowledged += process.stdout.read().split()
    process.stdout.close()
    process.wait()

    for drawing_id in acknowledged:
        assert read_answer(sqlite_engine, uuid.UUID(drawing_id)) is not None


def test_reading_goes_on_while_somebody_writes(sqlite_engine: Engine):
    record_drawing(sqlite_engine, a_drawing())

    with sqlite3.connect(file_of(sqlite_engine), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")

        assert count_drawings(sqlite_engine, Filters()) == 1
        other.execute("ROLLBACK")
    other.close()


def test_a_file_that_another_program_holds_is_said_within_the_limit(sqlite_engine: Engine):
    with sqlite3.connect(file_of(sqlite_engine), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreUnavailable, match="another program holds its file"):
            record_drawing(sqlite_engine, a_drawing())
        other.execute("ROLLBACK")
    other.close()


def test_a_full_disk_is_said_and_loses_nothing(sqlite_engine: Engine):
    @event.listens_for(sqlite_engine, "connect")
    def disk_of_100_pages(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 100")

    made = [a_drawing(strokes=[[[1] * 500, [2] * 500]]) for _ in range(1000)]
    kept: list[uuid.UUID] = []

    def answer_all() -> None:
        for drawing in made:
            record_answer(sqlite_engine, drawing, 3)
            kept.append(drawing.id)

    with pytest.raises(StoreUnavailable, match="its disk is full: free some space"):
        answer_all()

    assert len(kept) > 5
    assert read_statistics(sqlite_engine, Filters()).answers == len(kept)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
@pytest.mark.parametrize("there", [False, True])
def test_a_file_or_folder_that_is_read_only_is_said(public_folder: Path, there: bool):
    path = public_folder / "feedback.sqlite3"
    if there:
        engine = opened(path)
        with engine.begin() as connection:
            connection.execute(text("PRAGMA user_version = 1"))
        engine.dispose()
        path.chmod(0o444)
    public_folder.chmod(0o555)

    told = subprocess.check_output(
        [sys.executable, "-c", DROP_RIGHTS_THEN_MIGRATE, str(path)], cwd=ROOT, text=True
    )
    public_folder.chmod(0o755)

    assert told.startswith(f"embedded SQLite ({path}): its file ")
    assert "cannot be opened" in told or "cannot be written" in told


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    engine = opened(tmp_path / "file" / "feedback.sqlite3")

    with pytest.raises(StoreUnavailable, match=r"its folder cannot be used .*: check who owns it"):
        migrate(engine)


def test_a_file_that_is_no_database_is_said_and_left_alone(tmp_path: Path):
    path = tmp_path / "holiday.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 a photo" * 1000)

    with pytest.raises(StoreUnavailable, match="its file is not a database: move it away"):
        migrate(opened(path))

    assert path.read_bytes() == b"\xff\xd8\xff\xe0 a photo" * 1000


def test_a_damaged_file_is_said(sqlite_engine: Engine):
    for _ in range(200):
        record_answer(sqlite_engine, a_drawing(), 3)
    sqlite_engine.dispose()
    path = file_of(sqlite_engine)
    size = os.path.getsize(path)
    with open(path, "r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))

    with pytest.raises(StoreUnavailable, match="its file is damaged"):
        record_answer(sqlite_engine, a_drawing(), 3)


def test_a_file_that_was_deleted_takes_no_more_answers(sqlite_engine: Engine):
    # SQLite alone would write on into a file without a name, and every answer would be lost.
    record_drawing(sqlite_engine, a_drawing())
    for left in file_of(sqlite_engine).parent.glob("feedback.sqlite3*"):
        left.unlink()

    with pytest.raises(StoreUnavailable, match="its tables are missing"):
        record_drawing(sqlite_engine, a_drawing())

    migrate(sqlite_engine)
    record_drawing(sqlite_engine, a_drawing())
    assert count_drawings(sqlite_engine, Filters()) == 1


LOCKED = """
import sqlite3, sys
lock = sqlite3.connect(sys.argv[1], timeout=0)
try:
    lock.execute("BEGIN EXCLUSIVE")
except sqlite3.OperationalError as error:
    print(error)
"""


def test_another_connection_leaves_the_locks_of_the_first_as_they_are(sqlite_engine: Engine):
    path = file_of(sqlite_engine)
    with sqlite_engine.connect():
        pass  # the first of all connections
    with closing(sqlite3.connect(path, isolation_level=None)) as first:
        first.execute("BEGIN IMMEDIATE")
        refuse_foreign(path)

        said = subprocess.check_output([sys.executable, "-c", LOCKED, str(path)], text=True)
        first.execute("COMMIT")
        beside = {one.name for one in path.parent.iterdir() if one.name.startswith(path.name)}

    assert said == "database is locked\n"
    assert beside == {path.name, f"{path.name}-wal", f"{path.name}-shm"}
