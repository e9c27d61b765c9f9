"""The service is killed in the middle of a training: what is left, and what is told of it."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from tests.api.jobs.running_services import running
from tests.api.jobs.training_services import ASYNC, BODY, with_progress
from tests.api.services import BEARER
from tests.api.tuned_members import image_of, leave_members

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGKILL")

CHILDREN_END_S = 30
READ = {"ensemble_predict": True, "data": [image_of(7), image_of(2)]}
SMALL = {
    "use_small_dataset": True,
    "grid_search_params": {"svm": {"param": {"C": [1, 2, 3, 4, 5]}, "n_jobs": 1, "cv": 3}},
}


@pytest.fixture(params=["no store", "sqlite", "postgresql"])
def kept(request, tmp_path):
    """The settings of a service over each kind of store, with members that were tuned before."""
    settings = {"MODELS_DIR": str(tmp_path / "models"), "PYTHONPATH": os.getcwd()}
    leave_members(tmp_path / "models", "rf", "svm")
    if request.param == "sqlite":
        settings["EMBEDDED_STORE"] = str(request.getfixturevalue("store_file"))
    elif request.param == "postgresql":
        settings |= request.getfixturevalue("postgres_environ")
    return settings


def kill(process: psutil.Popen) -> list[psutil.Process]:
    """Kill a service, and return those of its children that outlive it for long."""
    children = process.children(recursive=True)
    assert children, "it has begun no training"
    process.kill()
    process.wait(30)
    return psutil.wait_procs(children, timeout=CHILDREN_END_S)[1]


def is_as_before(client) -> None:
    """Look at what reads: it is what was tuned before the training that was broken off."""
    assert client.get("/readyz").status_code == 200
    assert list(client.get("/best_model_parameters").json()) == ["best_model", "rf", "svm"]
    assert client.post("/predict", READ).json() == {"prediction": [7, 2]}


def is_told_as_failed(client, path: str) -> None:
    """Look at the job that was broken off."""
    told = client.get(path).json()
    assert told["state"] == "failed"
    assert "ended in the middle of it" in told["error"]
    assert told["began_at"] <= told["ended_at"]


def test_the_next_start_has_the_old_members_tells_the_job_and_trains_at_once(tmp_path, kept):
    command = ("-m", "tests.api.jobs.serve_with_stand_in", str(tmp_path), "wait")
    with running(*command, **kept) as (client, process):
        path = client.post("/training", BODY, ASYNC).headers["location"]
        with_progress(client, path)
        assert kill(process) == []
    with running(*command, **kept) as (client, _):
        is_as_before(client)
        is_told_as_failed(client, path)
        began = client.post("/training", BODY, ASYNC)

        assert began.status_code == 202
        assert client.get(began.headers["location"]).json()["state"] == "running"


@pytest.mark.data
def test_what_really_trains_ends_with_its_service_and_can_begin_anew(tmp_path, store_file):
    leave_members(tmp_path / "models", "rf", "svm")
    settings = {"MODELS_DIR": str(tmp_path / "models"), "EMBEDDED_STORE": str(store_file)}
    with running(**settings) as (client, process):
        path = client.post("/training", SMALL, ASYNC).headers["location"]
        searches(client, path)
        assert kill(process) == []
    with running(**settings) as (client, process):
        is_as_before(client)
        is_told_as_failed(client, path)
        path = client.post("/training", SMALL, ASYNC).headers["location"]
        searches(client, path)
        client.delete(path, BEARER)
        assert ended(client, path)["state"] == "cancelled"
        assert psutil.wait_procs(process.children(recursive=True), timeout=CHILDREN_END_S)[1] == []
        is_as_before(client)


def searches(client, path: str) -> None:
    """Wait until the process that trains has read its data and begun."""
    end_s = time.monotonic() + 300
    while not (told := client.get(path).json())["message"].startswith("svm: searching"):
        assert told["state"] == "running", told
        assert time.monotonic() < end_s, told
        time.sleep(0.1)


def ended(client, path: str) -> dict:
    """Return a job once it has ended."""
    end_s = time.monotonic() + 60
    while not (told := client.get(path).json())["ended_at"]:
        assert time.monotonic() < end_s, told
        time.sleep(0.1)
    return told


def test_who_waits_for_a_training_is_told_that_the_service_ends(tmp_path):
    settings = {"MODELS_DIR": str(tmp_path / "models"), "PYTHONPATH": os.getcwd()}
    stand_in = ("-m", "tests.api.jobs.serve_with_stand_in", str(tmp_path), "wait")
    with running(*stand_in, **settings) as (client, process), ThreadPoolExecutor(1) as pool:
        waits = pool.submit(client.post, "/training", BODY, BEARER)
        end_s = time.monotonic() + CHILDREN_END_S
        while not client.get("/jobs", BEARER).json()["jobs"]:
            assert time.monotonic() < end_s, "it has begun no training"
            time.sleep(0.1)
        process.terminate()
        answer = waits.result()

    assert answer.status_code == 503
    assert "ended with the service" in answer.json()["detail"]
