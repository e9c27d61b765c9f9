"""`python -m feedback.forget` deletes what it is told, says how much that was, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import URL, Engine

from environment import ROOT, read_environment
from feedback.candidates import keep_weights, show_weights
from feedback.forget import main
from feedback.store import DrawingDeleted, Filters, export_rows, list_drawings, record_drawing
from tests.feedback.sample_drawings import a_drawing, keep
from tests.feedback.sample_weights import some_weights
from tests.postgres import environ_of, settings_of

Run = Any


@pytest.fixture
def run(engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command over the test's store; return its status and what it said."""
    for name, value in environ_of(engine.url).items():
        monkeypatch.setenv(name, value)
    place = settings_of(engine.url).place

    def forget(*arguments: str) -> tuple[int, str]:
        status = main(arguments)
        said = capsys.readouterr()
        return status, (said.out + said.err).replace(place, "STORE")

    return forget


def ids(engine: Engine) -> set[uuid.UUID]:
    return {row.id for row in list_drawings(engine, Filters(), limit=99)}


DONE = "deleted, with all that was said of them. Backups made before still hold them\n"


def test_one_drawing_is_deleted(engine: Engine, run: Run):
    drawing, other = a_drawing(), a_drawing()
    keep(engine, [(drawing, 3), (other, 4)])

    assert run("--drawing", str(drawing.id)) == (0, f"STORE: 1 drawing {DONE}")

    assert ids(engine) == {other.id}


def test_a_drawing_that_is_not_there_is_told(engine: Engine, run: Run):
    keep(engine, [(a_drawing(), 3)])

    status, said = run("--drawing", str(uuid.uuid4()))

    assert (status, said) == (
        0, "STORE: there is none of those drawings, and nothing was deleted\n"
    )  # fmt: skip


@pytest.mark.parametrize("is_of_the_csv", [False, True])
def test_all_of_one_visitor_is_deleted(engine: Engine, run: Run, is_of_the_csv: bool):
    visitor = uuid.uuid4()
    mine = [a_drawing(session_id=visitor) for _ in range(2)]
    others = [a_drawing() for _ in range(3)]
    keep(engine, [(drawing, 3) for drawing in mine + others])
    rows = export_rows(engine, Filters(session_id=visitor))
    word = next(rows)["session"] if is_of_the_csv else str(visitor)

    assert run("--visitor", word) == (0, f"STORE: 2 drawings {DONE}")

    assert ids(engine) == {drawing.id for drawing in others}


def test_what_waits_of_a_deleted_visitor_is_refused(engine: Engine, run: Run):
    waiting = a_drawing(created_at=datetime.now(UTC) - timedelta(seconds=5))

    assert run("--visitor", str(waiting.session_id))[0] == 0

    with pytest.raises(DrawingDeleted):
        record_drawing(engine, waiting)


def test_a_visitor_whom_nobody_knows_is_said_to_be_so(engine: Engine, run: Run):
    keep(engine, [(a_drawing(), 3)])

    status, said = run("--visitor", "0123456789abcdef")

    assert (status, len(said.splitlines())) == (1, 1)
    assert "no drawing of a visitor '0123456789abcdef': give the word in the column" in said
    assert len(ids(engine)) == 1


def test_what_is_older_than_a_day_is_deleted(engine: Engine, run: Run):
    day = datetime(2026, 2, 1, tzinfo=UTC)
    old, new = a_drawing(created_at=day - timedelta(seconds=1)), a_drawing(created_at=day)
    keep(engine, [(old, 3), (new, 4)])

    assert run("--before", "2026-02-01") == (0, f"STORE: 1 drawing {DONE}")

    assert ids(engine) == {new.id}


def test_what_is_older_than_the_setting_is_deleted(
    engine: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
):
    now = datetime.now(UTC)
    old, new = (a_drawing(created_at=now - timedelta(days=days)) for days in (31, 29))
    keep(engine, [(old, 3), (new, 4)])
    monkeypatch.setenv("KEEP_DAYS", "30")

    assert run("--older") == (0, f"STORE: 1 drawing {DONE}")

    assert ids(engine) == {new.id}


def test_without_the_setting_nothing_is_too_old(engine: Engine, run: Run):
    keep(engine, [(a_drawing(), 3)])

    status, said = run("--older")

    assert (status, said.splitlines()) == (
        1,
        ["KEEP_DAYS is not set: nothing is too old; or give a day with --before"],
    )
    assert len(ids(engine)) == 1


@pytest.mark.parametrize("what", ["--visitor", "--drawing", "--before", "--older"])
def test_a_dry_run_counts_and_deletes_nothing(
    engine: Engine, run: Run, monkeypatch: pytest.MonkeyPatch, what: str
):
    drawing = a_drawing(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    keep(engine, [(drawing, 3), (a_drawing(created_at=datetime.now(UTC)), 4)])
    monkeypatch.setenv("KEEP_DAYS", "1")
    value = {"--visitor": [str(drawing.session_id)], "--drawing": [str(drawing.id)]}
    value |= {"--before": ["2026-01-02"], "--older": []}

    assert run("--dry-run", what, *value[what]) == (0, "STORE: 1 drawing to delete\n")

    assert len(ids(engine)) == 2


def test_weights_that_learnt_from_what_is_deleted_say_so(engine: Engine, run: Run):
    drawing = a_drawing()
    keep(engine, [(drawing, 3)])
    learnt, other = some_weights(), some_weights()
    keep_weights(engine, learnt, [drawing.id])
    keep_weights(engine, other, [])

    _, said = run("--drawing", str(drawing.id))

    assert said.splitlines()[1:] == [
        f"weights {learnt.version} stay as they are: 1 of the 1 drawings that they learnt from "
        "are deleted now"
    ]
    assert show_weights(engine, learnt.version).forgotten == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "one of the arguments --visitor --drawing --before --older is required"),
        (["--older", "--before", "2026-01-01"], "not allowed with"),
        (["--drawing", "7"], "'7' is no drawing's id"),
        (["--before", "yesterday"], "'yesterday' is no day such as 2026-01-31"),
        (["--before", "9999-01-01"], "is still to come"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_deleted(
    engine: Engine, run: Run, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
):
    keep(engine, [(a_drawing(), 3)])

    with pytest.raises(SystemExit) as ended:
        run(*arguments)

    assert ended.value.code == 2
    assert said in capsys.readouterr().err
    assert len(ids(engine)) == 1


@pytest.mark.parametrize("module", ["feedback.forget", "feedback.weights"])
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"EMBEDDED_STORE": "off"}, "not kept: no database is configured"),
        ({"DB_HOST": "127.0.0.1"}, "DB_NAME, DB_USER, DB_PASSWORD are not set"),
        (
            {"DB_HOST": "127.0.0.1", "DB_PORT": "1", "DB_NAME": "i", "DB_USER": "u"}
            | {"DB_PASSWORD": "hidden!"},
            "PostgreSQL 127.0.0.1:1, database i: nothing answers at its address",
        ),
    ],
)
def test_without_a_store_a_command_ends_in_one_sentence(
    module: str, settings: dict[str, str], said: str
):
    unset = dict.fromkeys(environ_of(URL.create("sqlite")), "")
    arguments = ["--before", "2026-01-01"] if module == "feedback.forget" else ["list"]

    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=read_environment() | unset | settings,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "hidden!" not in done.stderr
