"""How trainings stand where there is no store: small files beside the models."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.jobs import trainings_in_folder
from api.jobs.job import AlreadyTraining, Job
from api.jobs.trainings_in_folder import TrainingsInFolder
from api.jobs.trainings_in_store import Wishes

ELSEWHERE = "another machine, process 7"


def ended(row):
    return replace(row, state="done", share=1.0, message="trained", ended_at=datetime.now(UTC))


def test_what_is_kept_is_told_by_whoever_shares_the_folder(tmp_path):
    one, other = TrainingsInFolder(tmp_path), TrainingsInFolder(tmp_path)
    row = Job(("rf", "svm")).row()
    one.begin(row)
    assert other.find(row.id) == row

    one.end(ended_row := ended(row))

    assert other.find(row.id) == ended_row


def test_nothing_is_made_before_the_first_training(tmp_path):
    TrainingsInFolder(tmp_path / "models").find(Job(("rf",)).id)

    assert list(tmp_path.iterdir()) == []


def test_the_right_to_train_is_free_again_at_the_end(tmp_path):
    one, other = TrainingsInFolder(tmp_path), TrainingsInFolder(tmp_path)
    first, second = Job(("rf",)).row(), Job(("svm",)).row()
    one.begin(first)
    with pytest.raises(AlreadyTraining) as refused:
        other.begin(second)
    one.end(ended(first))

    other.begin(second)

    assert refused.value.job == first.id
    other.end(ended(second))


def test_the_wish_for_its_end_reaches_whoever_runs_it(tmp_path):
    one, other = TrainingsInFolder(tmp_path), TrainingsInFolder(tmp_path)
    row = Job(("rf",)).row()
    one.begin(row)
    assert one.hear(row) == Wishes(None, False)

    other.ask_to_cancel(row.id)

    assert one.hear(row) == Wishes(None, True)
    assert other.find(row.id).cancel_asked_at is not None
    one.end(ended(row))


def test_one_that_was_not_heard_of_for_long_was_broken_off(tmp_path):
    kept = TrainingsInFolder(tmp_path)
    row = replace(Job(("rf",)).row(), holder=ELSEWHERE)
    kept.begin(row)
    assert kept.find(row.id).state == "running"

    kept.hear(replace(row, heard_at=row.heard_at - timedelta(minutes=1)))

    assert kept.find(row.id).state == "failed"
    kept.end(ended(row))


def test_the_oldest_give_way(tmp_path, monkeypatch):
    monkeypatch.setattr(trainings_in_folder, "MOST_FILES", 3)
    kept = TrainingsInFolder(tmp_path)
    rows = [Job(("rf",)).row() for _ in range(5)]
    for number, row in enumerate(rows):
        kept.begin(row)
        kept.end(ended(row))
        os.utime(tmp_path / "trainings" / f"{row.id}.json", (number, number))

    assert [kept.find(row.id) is not None for row in rows] == 2 * [False] + 3 * [True]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff", b'{"id": 7}'])
def test_a_damaged_file_tells_of_no_training_and_holds_up_none(tmp_path, content):
    kept = TrainingsInFolder(tmp_path)
    row = Job(("rf",)).row()
    kept.begin(row)
    (tmp_path / "trainings" / f"{row.id}.json").write_bytes(content)

    assert kept.find(row.id) is None
    with pytest.raises(AlreadyTraining):
        TrainingsInFolder(tmp_path).begin(Job(("svm",)).row())
    kept.end(ended(row))


def test_a_folder_that_cannot_be_written_to_holds_up_no_training(tmp_path, caplog):
    (tmp_path / "models").write_text("a file in the folder's place")
    kept = TrainingsInFolder(tmp_path / "models")
    row = Job(("rf",)).row()

    kept.begin(row)
    kept.hear(row)
    kept.ask_to_cancel(row.id)
    kept.end(ended(row))

    assert kept.find(row.id) is None
    assert "are not kept" in caplog.text


def test_a_wish_to_end_what_does_not_run_leaves_nothing(tmp_path):
    kept, row = TrainingsInFolder(tmp_path), Job(("rf",)).row()
    kept.ask_to_cancel(row.id)
    kept.begin(row)
    kept.end(ended(row))

    kept.ask_to_cancel(row.id)

    assert list(tmp_path.rglob("*.cancel")) == []


def test_where_files_cannot_be_locked_a_training_goes_on(tmp_path, monkeypatch, caplog):
    def no_locks(file):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(trainings_in_folder, "lock", no_locks)

    TrainingsInFolder(tmp_path).begin(Job(("rf",)).row())

    assert "can be locked" in caplog.text


def test_they_are_listed_from_the_newest_on_whenever_they_were_written(tmp_path):
    kept = TrainingsInFolder(tmp_path)
    rows = [Job(("rf",)).row() for _ in range(4)]
    for row in rows:
        kept.begin(row)
        kept.end(ended(row))
    for number, row in enumerate(rows):
        os.utime(tmp_path / "trainings" / f"{row.id}.json", (9 - number, 9 - number))

    assert [row.id for row in kept.newest(3)] == [row.id for row in reversed(rows[1:])]


def test_a_list_leaves_out_what_is_damaged_and_tells_what_was_broken_off(tmp_path):
    kept, now = TrainingsInFolder(tmp_path), datetime.now(UTC)
    (tmp_path / "trainings").mkdir()
    rows = [replace(Job(("rf",)).row(), holder=ELSEWHERE) for _ in range(2)]
    for row in rows:
        kept.hear(replace(row, heard_at=now - timedelta(minutes=1)))
    (tmp_path / "trainings" / "damaged.json").write_text("{")

    assert [row.state for row in kept.newest(9)] == ["failed", "failed"]


def test_a_list_of_a_folder_that_is_not_there_is_empty(tmp_path):
    assert TrainingsInFolder(tmp_path / "models").newest(9) == []
