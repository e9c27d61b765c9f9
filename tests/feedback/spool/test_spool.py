"""What cannot be written yet lies on the disk, whole, until somebody has written it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL

from environment import ROOT
from feedback.spool.lines import to_line
from feedback.spool.spool import ENDING, Spool, spool_folder, store_name
from tests.feedback.sample_drawings import a_drawing, words
from tests.feedback.spool.test_lines import line_of_format_1

STORE = "sqlite :/inkling.sqlite3"
# Appends as many drawings as asked, says so, and waits to be killed.
APPEND_AND_WAIT = """
import sys, time
from pathlib import Path
from feedback.spool.spool import Spool
from tests.feedback.sample_drawings import a_drawing, words
spool = Spool(Path(sys.argv[1]), sys.argv[2])
print(spool.append([(a_drawing(), words(3)) for _ in range(int(sys.argv[3]))]), flush=True)
time.sleep(600)
"""


def left_in(folder: Path, store: str = STORE):
    """Return what the next process finds."""
    return [write for left in Spool(folder, store).left_behind() for write in left.writes()]


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_a_file_of_an_older_version_is_taken(tmp_path):
    path = tmp_path / f"earlier{ENDING}"
    drawing = a_drawing()
    first = json.dumps({"inkling_spool": 1, "store": STORE}).encode()
    path.write_bytes(first + b"\n" + line_of_format_1(drawing, 7))

    ((found, (word,)),) = left_in(tmp_path)

    assert (found, word.answer) == (drawing, 7)


def test_a_version_that_knows_no_words_leaves_a_file_with_them_alone(tmp_path):
    spool = Spool(tmp_path, STORE)
    spool.append([(a_drawing(), words(7, None))])
    spool.close()

    (path,) = files_in(tmp_path)

    assert json.loads(path.read_bytes().splitlines()[0])["inkling_spool"] > 1


def test_what_an_ended_process_appended_is_found_in_order(tmp_path):
    spool = Spool(tmp_path, STORE)
    writes = [(a_drawing(), words(number)) for number in range(3)]
    spool.append(writes[:2])
    spool.append(writes[2:])
    spool.close()

    assert left_in(tmp_path) == writes


def test_a_file_whose_process_goes_on_is_left_to_it(tmp_path):
    spool = Spool(tmp_path, STORE)
    spool.append([(a_drawing(), words(3))])

    assert left_in(tmp_path) == []
    spool.close()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a signal")
def test_what_was_appended_outlives_a_killed_process(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", APPEND_AND_WAIT, str(tmp_path), STORE, "5"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    while_it_runs = left_in(tmp_path)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()

    assert said == "5\n"
    assert while_it_runs == []
    assert len(left_in(tmp_path)) == 5


def test_another_stores_file_is_left_alone(tmp_path):
    spool = Spool(tmp_path, STORE)
    spool.append([(a_drawing(), words(3))])
    spool.close()

    assert left_in(tmp_path, "postgresql db.example:5432/inkling") == []
    assert len(left_in(tmp_path)) == 1


def test_a_file_of_a_newer_format_is_left_alone(tmp_path):
    path = tmp_path / f"later{ENDING}"
    path.write_text('{"inkling_spool":999,"store":"' + STORE + '"}\nwhatever\n')

    assert left_in(tmp_path) == []
    assert path.exists()


def test_the_end_of_a_line_that_was_being_written_costs_that_line_alone(tmp_path):
    spool = Spool(tmp_path, STORE)
    writes = [(a_drawing(), words(number)) for number in range(3)]
    spool.append(writes)
    spool.close()
    (path,) = files_in(tmp_path)
    os.truncate(path, path.stat().st_size - 20)

    (left,) = Spool(tmp_path, STORE).left_behind()
    with left.take(path, STORE) as again:
        found = again.writes()
        again.remove()

    assert found == writes[:2]
    assert files_in(tmp_path) == []


def test_a_damaged_line_is_kept_for_a_person_and_costs_no_other(tmp_path, caplog):
    spool = Spool(tmp_path, STORE)
    writes = [(a_drawing(), words(number)) for number in range(3)]
    spool.append(writes)
    spool.close()
    (path,) = files_in(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], b"\xa5" * 40 + b"\n", lines[3]]))

    for left in Spool(tmp_path, STORE).left_behind():
        found = left.writes()
        left.remove()

    assert found == [writes[0], writes[2]]
    assert [kept.suffix for kept in files_in(tmp_path)] == [".unreadable"]
    assert "1 lines of" in caplog.text
    assert left_in(tmp_path) == []


def test_what_is_written_to_the_store_leaves_no_file(tmp_path):
    spool = Spool(tmp_path, STORE)
    spool.append([(a_drawing(), words(3))])

    spool.keep_only([])

    assert files_in(tmp_path) == []


def test_what_still_waits_stays_when_the_rest_is_let_go(tmp_path):
    spool = Spool(tmp_path, STORE)
    waiting = (a_drawing(), words(3))
    spool.append([(a_drawing(), words(1)), waiting, (a_drawing(), words(2))])

    spool.keep_only([waiting])
    spool.close()

    assert left_in(tmp_path) == [waiting]


def test_the_spool_is_bounded_and_says_so_once(tmp_path, caplog):
    size = len(to_line(a_drawing(), words(3)))
    spool = Spool(tmp_path, STORE, most_bytes=10 * size)
    writes = [(a_drawing(), words(3)) for _ in range(20)]

    kept = spool.append(writes)
    more = spool.append(writes[kept:])
    spool.close()

    assert 8 <= kept <= 10
    assert more == 0
    assert spool.problem
    assert "are full" in spool.problem
    assert len([record for record in caplog.records if "is lost if" in record.message]) == 1
    assert left_in(tmp_path) == writes[:kept]


def test_the_bound_counts_what_others_left(tmp_path):
    size = len(to_line(a_drawing(), words(3)))
    for _ in range(2):
        spool = Spool(tmp_path, STORE, most_bytes=10 * size)
        spool.append([(a_drawing(), words(3)) for _ in range(20)])
        spool.close()

    assert sum(path.stat().st_size for path in files_in(tmp_path)) <= 10 * size + 200


def test_a_folder_that_cannot_be_made_is_said_and_nothing_raised(tmp_path, caplog):
    (tmp_path / "file").touch()
    spool = Spool(tmp_path / "file" / "spool", STORE)

    assert spool.check()
    assert spool.append([(a_drawing(), words(3))]) == 0
    assert list(spool.left_behind()) == []
    assert "is lost if the server stops" in caplog.text


def test_looking_whether_the_folder_can_be_used_leaves_nothing_there(tmp_path):
    assert Spool(tmp_path / "new", STORE).check() is None
    assert files_in(tmp_path / "new") == []


def test_a_file_that_somebody_removed_is_made_anew(tmp_path):
    spool = Spool(tmp_path, STORE)
    spool.append([(a_drawing(), words(1))])
    for path in files_in(tmp_path):
        path.unlink()
    write = (a_drawing(), words(2))

    spool.append([write])
    spool.close()

    assert left_in(tmp_path) == [write]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_only_their_owner_may_read_what_waits(tmp_path):
    spool = Spool(tmp_path, STORE)
    spool.append([(a_drawing(), words(1))])
    spool.close()

    (path,) = files_in(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_stores_name_tells_it_from_others_and_holds_no_password():
    urls = [
        URL.create("postgresql+psycopg2", "u", "secret", "db", 5432, "inkling"),
        URL.create("postgresql+psycopg2", "u", "secret", "db", 5433, "inkling"),
        URL.create("postgresql+psycopg2", "u", "secret", "db", 5432, "other"),
        URL.create("postgresql+psycopg2", "u", "secret", database="i", query={"host": "/cloudsql"}),
        URL.create("sqlite+pysqlite", database="/a.sqlite3"),
    ]

    names = [store_name(url) for url in urls]

    assert len(set(names)) == len(urls)
    assert "secret" not in "".join(names)
    again = URL.create("postgresql+psycopg2", "other user", "changed", "db", 5432, "inkling")
    assert store_name(again) == names[0]


def test_the_folder_is_the_settings_or_the_projects_own():
    assert spool_folder({}) == ROOT / "var" / "spool"
    assert spool_folder({"SPOOL_DIR": "/srv/spool"}) == Path("/srv/spool")
