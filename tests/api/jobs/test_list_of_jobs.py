"""`GET /jobs`: the trainings that began last, for who may train."""

from __future__ import annotations

import pytest

from tests.api.jobs.test_instances import shared, two_instances
from tests.api.jobs.training_services import (
    ASYNC,
    BODY,
    ENDED,
    training_service,
    wait_for,
    with_progress,
)
from tests.api.services import BEARER, TOKEN, problem, service

__all__ = ["shared"]  # a fixture


def trained(client):
    """Return a job that has ended, as `/jobs/ID` tells it."""
    path = client.post("/training", json=BODY, headers=ASYNC).headers["location"]
    return wait_for(client, path, *ENDED)


def test_jobs_are_listed_newest_first_as_each_is_told(monkeypatch, tmp_path, shared):
    with two_instances(monkeypatch, tmp_path, "train", shared) as (one, other):
        jobs = [trained(client) for client in (one, other)]

        for client in (one, other):
            assert client.get("/jobs", headers=BEARER).json() == {"jobs": jobs[::-1]}
            assert client.get("/jobs?limit=1", headers=BEARER).json() == {"jobs": jobs[1:]}


def test_jobs_are_listed_after_a_restart(monkeypatch, tmp_path, shared):
    with training_service(monkeypatch, tmp_path, "train", **shared) as client:
        job = trained(client)
    with training_service(monkeypatch, tmp_path, "train", **shared) as client:
        assert client.get("/jobs", headers=BEARER).json() == {"jobs": [job]}


def test_what_runs_is_listed_elsewhere_with_its_progress(monkeypatch, tmp_path, shared):
    with two_instances(monkeypatch, tmp_path, "wait", shared) as (one, other):
        path = one.post("/training", json=BODY, headers=ASYNC).headers["location"]
        with_progress(other, path)
        (told,) = other.get("/jobs", headers=BEARER).json()["jobs"]

        assert told["state"] == "running"
        assert told["progress"] > 0
        assert told["ended_at"] is None


def test_a_list_of_no_jobs_is_empty_and_never_cached(keeping):
    answer = keeping.get("/jobs", headers=BEARER)

    assert answer.json() == {"jobs": []}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "all", ""])
def test_a_limit_is_a_number_from_1_to_100(keeping, limit):
    refused = problem(keeping.get(f"/jobs?limit={limit}", headers=BEARER), 422)

    assert "query.limit" in refused["detail"]


def test_jobs_are_listed_to_those_who_may_train():
    with service(API_TOKEN=TOKEN) as client:
        problem(client.get("/jobs"), 401)
        problem(client.get("/jobs", headers={"Authorization": "Bearer wrong"}), 401)
    with service(is_on_loopback=True) as client:
        assert client.get("/jobs").status_code == 200
        problem(client.get("/jobs", headers={"Origin": "http://localhost"}), 403)
        problem(client.get("/jobs", headers={"Host": "inkling.example"}), 403)
    with service() as client:
        problem(client.get("/jobs"), 403)


def test_a_store_that_is_away_is_503_rather_than_half_a_list(keeping, store_file):
    store_file.unlink()
    store_file.mkdir()

    problem(keeping.get("/jobs", headers=BEARER), 503)
