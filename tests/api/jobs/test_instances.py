"""Trainings over several instances of the service: one at a time, told and ended by any of them."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager

import pytest

from feedback.candidates import TRAINING, lease_holder, take_lease
from feedback.connection.engine import open_engine
from tests.api.jobs.training_services import (
    ASYNC,
    BODY,
    ENDED,
    training_service,
    wait_for,
    with_progress,
)
from tests.api.services import BEARER
from tests.postgres import settings_of, sqlite_url

JOB = "0b5c9f0e-6a3f-4d3c-9d2a-1f6f1c1e8a55"


@pytest.fixture(params=["no store", "sqlite", "postgresql"])
def shared(request, tmp_path):
    """The settings of instances that know of each other."""
    if request.param == "no store":
        return {}
    if request.param == "sqlite":
        return {"EMBEDDED_STORE": str(request.getfixturevalue("store_file"))}
    return request.getfixturevalue("postgres_environ")


@contextmanager
def two_instances(monkeypatch, folder, does, shared):
    """Give two services; without a store, they share the folder of models."""
    with ExitStack() as stack:
        yield tuple(
            stack.enter_context(training_service(monkeypatch, folder, does, **shared))
            for _ in range(2)
        )


def test_a_training_is_told_by_an_instance_that_does_not_run_it(monkeypatch, tmp_path, shared):
    with two_instances(monkeypatch, tmp_path, "train", shared) as (one, other):
        began = one.post("/training", json=BODY, headers=ASYNC)
        here = wait_for(one, began.headers["location"], *ENDED)
        there = other.get(began.headers["location"])

        assert here["state"] == "done"
        assert there.json() == here


def test_its_progress_is_told_elsewhere_while_it_runs(monkeypatch, tmp_path, shared):
    with two_instances(monkeypatch, tmp_path, "wait", shared) as (one, other):
        began = one.post("/training", json=BODY, headers=ASYNC)
        told = with_progress(other, began.headers["location"])

        assert told["state"] == "running"
        assert told["message"] == "rf: searching, 1 of 2"
        assert told["models"] == ["rf", "svm"]
        assert told["ended_at"] is None


def test_a_second_training_at_another_instance_is_409_with_the_firsts_id(
    monkeypatch, tmp_path, shared
):
    with two_instances(monkeypatch, tmp_path, "wait", shared) as (one, other):
        first = one.post("/training", json=BODY, headers=ASYNC)
        second = other.post("/training", json=BODY, headers=BEARER)

        assert second.status_code == 409
        assert second.json()["job"] == first.json()["id"]
        assert second.headers["location"] == first.headers["location"]


def test_it_is_cancelled_by_way_of_another_instance(monkeypatch, tmp_path, shared):
    with two_instances(monkeypatch, tmp_path, "wait", shared) as (one, other):
        path = one.post("/training", json=BODY, headers=ASYNC).headers["location"]
        asked = other.delete(path, headers=BEARER)
        here, there = (wait_for(client, path, *ENDED) for client in (one, other))
        next_one = other.post("/training", json=BODY, headers=ASYNC)

        assert (asked.status_code, asked.json()["state"]) == (200, "cancelling")
        assert here == there
        assert here["state"] == "cancelled"
        assert next_one.status_code == 202


def test_what_has_ended_stays_so_whoever_cancels_it(monkeypatch, tmp_path, shared):
    with two_instances(monkeypatch, tmp_path, "fail", shared) as (one, other):
        path = one.post("/training", json=BODY, headers=ASYNC).headers["location"]
        ended = wait_for(one, path, *ENDED)

        assert ended["state"] == "failed"
        assert ended["error"] == "no MNIST under data"
        assert [client.delete(path, headers=BEARER).json() for client in (one, other)] == 2 * [
            ended
        ]


def test_its_location_stays_valid_after_the_service_has_ended(monkeypatch, tmp_path, shared):
    with training_service(monkeypatch, tmp_path, "wait", **shared) as client:
        path = client.post("/training", json=BODY, headers=ASYNC).headers["location"]
    with training_service(monkeypatch, tmp_path, "wait", **shared) as client:
        told = client.get(path).json()

        assert told["state"] == "cancelled"
        assert "ended with the service" in told["message"]


def test_who_trains_has_the_lease_that_learning_takes(monkeypatch, tmp_path, store_file):
    engine = open_engine(settings_of(sqlite_url(store_file)))
    settings = {"EMBEDDED_STORE": str(store_file)}
    with training_service(monkeypatch, tmp_path, "wait", **settings) as client:
        first = client.post("/training", json=BODY, headers=ASYNC)
        holder = lease_holder(engine, TRAINING)
        client.delete(first.headers["location"], headers=BEARER)
        wait_for(client, first.headers["location"], "cancelled")

        assert holder is not None
        assert holder.endswith(f"job {first.json()['id']}")
        assert lease_holder(engine, TRAINING) is None
    engine.dispose()


@pytest.mark.parametrize(("job", "named"), [(f", job {JOB}", JOB), ("", None)])
def test_a_training_elsewhere_is_named(monkeypatch, tmp_path, store_file, job, named):
    engine = open_engine(settings_of(sqlite_url(store_file)))
    take_lease(engine, TRAINING, holder=f"another, process 7{job}", lasts_s=60)
    settings = {"EMBEDDED_STORE": str(store_file)}
    with training_service(monkeypatch, tmp_path, "train", **settings) as client:
        answer = client.post("/training", json=BODY, headers=BEARER)

        assert answer.status_code == 409
        assert answer.json().get("job") == named
        assert (named or "another, process 7") in answer.json()["detail"]
    engine.dispose()


def test_a_training_whose_right_another_took_is_ended_and_says_so(
    monkeypatch, tmp_path, store_file
):
    engine = open_engine(settings_of(sqlite_url(store_file)))
    settings = {"EMBEDDED_STORE": str(store_file)}
    with training_service(monkeypatch, tmp_path, "wait", **settings) as client:
        path = client.post("/training", json=BODY, headers=ASYNC).headers["location"]
        with engine.begin() as connection:  # as if it had been without the store for a while
            connection.exec_driver_sql("UPDATE leases SET holder = 'another, process 7'")
        told = wait_for(client, path, *ENDED)

        assert told["state"] == "failed"
        assert "another training began" in told["error"]
        assert lease_holder(engine, TRAINING) == "another, process 7"
    engine.dispose()
