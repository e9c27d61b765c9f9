"""One training as its sender sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from api.jobs.job import Job, job_of_row

SEARCHING = {"member": "svm", "stage": "searching", "done": 1, "total": 2}


def test_its_progress_goes_on_over_its_members_and_never_back():
    job = Job(("rf", "svm"))
    shares = []
    for member in job.members:
        for stage, done in (("searching", 1), ("searching", 2), ("training", 0), ("training", 1)):
            job.heard({"member": member, "stage": stage, "done": done, "total": 2})
            shares.append(job.share)
    job.heard({"member": "", "stage": "weighing", "done": 0, "total": 1})
    shares.append(job.share)

    assert shares == sorted(shares)
    assert shares[0] > 0
    assert shares[-1] < 1


def test_it_says_what_it_is_at():
    job = Job(("rf", "svm"))
    job.says("reading the training data")
    assert (job.as_object()["message"], job.share) == ("reading the training data", 0)

    job.heard(SEARCHING)
    assert job.message == "svm: searching, 1 of 2"

    job.heard({"member": "", "stage": "weighing", "done": 0, "total": 1})
    assert job.message == "weighing"


def test_while_it_is_being_cancelled_that_is_what_it_says():
    job = Job(("svm",))
    job.state, job.message = "cancelling", "is being cancelled"

    job.heard(SEARCHING)

    assert job.message == "is being cancelled"


def test_it_is_told_from_its_row_as_from_itself():
    job = Job(("rf", "svm"))
    job.heard(SEARCHING)

    assert job_of_row(job.row()).as_object() == job.as_object()


def test_the_wish_for_its_end_is_told_by_who_does_not_run_it():
    row = replace(Job(("svm",)).row(), cancel_asked_at=datetime.now(UTC))

    told = job_of_row(row).as_object()

    assert told["state"] == "cancelling"
    assert told["message"] == "is being cancelled"
