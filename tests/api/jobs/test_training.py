"""Trainings over HTTP: synchronous as the contract has them, or as jobs; one at a time."""

from __future__ import annotations

import json
import threading
import time

import pytest

from api.jobs.trainings_in_store import TrainingsInStore
from feedback.errors import StoreUnavailable
from tests.api.jobs.training_services import ASYNC, BODY, training_service, wait_for, with_progress
from tests.api.services import BEARER, problem
from tests.api.tuned_members import image_of


def test_the_contracts_way_trains_predicts_and_shows_the_best(monkeypatch, tmp_path):
    with training_service(monkeypatch, tmp_path, "train") as client:
        trained = client.post("/training", json=BODY, headers=BEARER)
        best = client.get("/best_model_parameters").json()
        read = client.post(
            "/predict", json={"ensemble_predict": True, "data": [image_of(7), image_of(2)]}
        )

        assert trained.status_code == 200
        assert trained.json() == {"message": "Training completed, best model logged in MLflow."}
        assert list(best) == ["best_model", "rf", "svm"]
        assert read.json() == {"prediction": [7, 2]}
    asked = json.loads((tmp_path / "asked.json").read_text())
    assert asked["small"] is True
    assert asked["grids"]["rf"]["param"]["max_depth"] == [None, 3]


def test_a_training_of_one_model_is_answered_200_and_that_model_reads(monkeypatch, tmp_path):
    with training_service(monkeypatch, tmp_path, "train") as client:
        body = {**BODY, "grid_search_params": {"rf": BODY["grid_search_params"]["rf"]}}
        trained = client.post("/training", json=body, headers=BEARER)
        alone, together = (
            client.post("/predict", json={"ensemble_predict": vote, "data": [image_of(7)]})
            for vote in (False, True)
        )

        assert trained.status_code == 200
        assert alone.json() == {"prediction": [7]}
        assert together.status_code == 409


def test_a_name_that_is_no_models_is_left_out_and_said(monkeypatch, tmp_path):
    grids = {**BODY["grid_search_params"], "lightgbm": BODY["grid_search_params"]["rf"]}
    with training_service(monkeypatch, tmp_path, "train") as client:
        body = {**BODY, "grid_search_params": grids}
        trained = client.post("/training", json=body, headers=BEARER)

        assert trained.json()["ignored"] == ["lightgbm"]


def test_where_it_is_wished_a_job_answers_at_once(monkeypatch, tmp_path):
    with training_service(monkeypatch, tmp_path, "train") as client:
        began = client.post("/training", json=BODY, headers=ASYNC)
        job = wait_for(client, began.headers["location"], "done")

        assert began.status_code == 202
        assert began.headers["preference-applied"] == "respond-async"
        assert began.headers["location"] == f"/jobs/{began.json()['id']}"
        assert job["progress"] == 1
        assert job["ended_at"] is not None


def test_a_second_training_is_409_with_the_firsts_id_and_all_else_is_answered(
    monkeypatch, tmp_path
):
    with training_service(monkeypatch, tmp_path, "wait") as client:
        first = client.post("/training", json=BODY, headers=ASYNC)
        second = client.post("/training", json=BODY, headers=BEARER)
        others = [client.get(path) for path in ("/", "/healthz", "/v1/weights")]
        running = with_progress(client, first.headers["location"])
        metrics = client.get("/metrics").text
        ended = client.delete(first.headers["location"], headers=BEARER)
        job = wait_for(client, first.headers["location"], "cancelled")

        assert second.status_code == 409
        assert second.json()["job"] == first.json()["id"]
        assert first.json()["id"] in second.json()["detail"]
        assert [one.status_code for one in others] == [200, 200, 200]
        assert running["state"] == "running"
        assert 0 < running["progress"] < 1
        assert running["message"] == "rf: searching, 1 of 2"
        assert 'inkling_job_state{state="running"} 1.0' in metrics
        assert (ended.status_code, ended.json()["state"]) == (200, "cancelling")
        assert ended.json()["ended_at"] is None
        assert "stay" in job["message"]
        assert job["error"] is None


def test_a_training_that_fails_says_why_and_one_that_crashes_that_it_did(monkeypatch, tmp_path):
    for does, status, words in (("fail", 503, "no MNIST"), ("crash", 500, "unexpectedly")):
        with training_service(monkeypatch, tmp_path, does) as client:
            answer = client.post("/training", json=BODY, headers=BEARER)

            assert answer.status_code == status
            assert words in answer.json()["detail"]
        monkeypatch.undo()


@pytest.mark.parametrize(
    ("grids", "words"),
    [
        ({}, "no model"),
        ({"lightgbm": {"param": {"a": [1]}, "n_jobs": 1, "cv": 3}}, "no model"),
        ({"rf": {"param": {"n_estimators": [5]}, "n_jobs": 1, "cv": 1}}, "cv"),
        ({"rf": {"param": {"n_estimators": [5]}, "n_jobs": 0, "cv": 3}}, "n_jobs"),
        ({"rf": {"param": {"n_estimators": []}, "n_jobs": 1, "cv": 3}}, "empty"),
        ({"rf": {"param": {"n_estimators": 5}, "n_jobs": 1, "cv": 3}}, "list"),
        ({"rf": {"param": {"trees": [5]}, "n_jobs": 1, "cv": 3}}, "trees"),
    ],
    ids=str,
)
def test_a_mistake_in_a_grid_is_422_with_a_sentence(monkeypatch, tmp_path, grids, words):
    with training_service(monkeypatch, tmp_path, "train") as client:
        body = {**BODY, "grid_search_params": grids}
        answer = client.post("/training", json=body, headers=BEARER)

        assert answer.status_code == 422
        assert words in answer.json()["detail"][0]["msg"]
    assert not (tmp_path / "asked.json").exists()


def test_where_torch_is_not_installed_training_is_501_and_names_the_image(monkeypatch, tmp_path):
    monkeypatch.setattr("api.routes.ensemble_route.can_train", lambda: False)
    with training_service(monkeypatch, tmp_path, "train") as client:
        answer = client.post("/training", json=BODY, headers=BEARER)

        assert answer.status_code == 501
        assert "`trainer` image" in answer.json()["detail"]


def test_the_end_of_the_service_is_the_end_of_its_training(monkeypatch, tmp_path):
    with training_service(monkeypatch, tmp_path, "wait") as client:
        client.post("/training", json=BODY, headers=ASYNC)
        assert _threads() == {"hear-training", "hold-training"}

    end_s = time.monotonic() + 5
    while _threads() and time.monotonic() < end_s:
        time.sleep(0.05)
    assert _threads() == set()


def test_a_store_that_is_away_holds_up_no_training_and_hears_of_it_later(
    monkeypatch, tmp_path, store_file
):
    away = threading.Event()
    for name in ("hear", "end"):
        usual = getattr(TrainingsInStore, name)

        def at_times(self, row, usual=usual):
            if away.is_set():
                raise StoreUnavailable("it is away")
            return usual(self, row)

        monkeypatch.setattr(TrainingsInStore, name, at_times)
    settings = {"EMBEDDED_STORE": str(store_file)}
    with (
        training_service(monkeypatch, tmp_path, "train", **settings) as client,
        training_service(monkeypatch, tmp_path, "train", **settings) as other,
    ):
        away.set()
        path = client.post("/training", json=BODY, headers=ASYNC).headers["location"]
        ended = wait_for(client, path, "done")
        assert other.get(path).json()["state"] == "running"
        away.clear()
        assert wait_for(other, path, "done") == ended


def test_a_job_that_nobody_knows_is_404(keeping):
    problem(keeping.get("/jobs/0b5c9f0e-6a3f-4d3c-9d2a-1f6f1c1e8a55"), 404)
    problem(keeping.get("/jobs/seven"), 422)


def _threads() -> set[str]:
    return {one.name for one in threading.enumerate() if one.name.endswith("-training")}


HALF_A_PAIR = chr(0xD800)  # JSON can say it, and UTF-8 cannot
NO_GRID = {"param": {HALF_A_PAIR: [5]}, "n_jobs": 1, "cv": 2}


def test_a_name_that_is_no_text_is_refused_like_any_other(monkeypatch, tmp_path):
    body = json.dumps({**BODY, "grid_search_params": {"rf": NO_GRID}})
    with training_service(monkeypatch, tmp_path, "train") as client:
        answer = client.post(
            "/training", content=body, headers={**BEARER, "Content-Type": "application/json"}
        )

        assert answer.status_code == 422
        assert "rf has no parameter ?" in answer.json()["detail"][0]["msg"]


@pytest.mark.parametrize("headers", [BEARER, ASYNC], ids=["synchronous", "asynchronous"])
def test_a_model_of_no_name_is_left_out_and_said(monkeypatch, tmp_path, headers):
    grids = {**BODY["grid_search_params"], HALF_A_PAIR: NO_GRID}
    body = json.dumps({**BODY, "grid_search_params": grids})
    with training_service(monkeypatch, tmp_path, "train") as client:
        answer = client.post(
            "/training", content=body, headers={**headers, "Content-Type": "application/json"}
        )

        assert answer.status_code in (200, 202)
        assert answer.json()["ignored"] == ["?"]
