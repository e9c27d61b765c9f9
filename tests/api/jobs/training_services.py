"""Services whose trainings are the stand-in's, and what a program asks of them."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.jobs import trainings
from environment import ROOT
from tests.api.services import BEARER, TOKEN, service

BODY = {
    "use_small_dataset": True,
    "grid_search_params": {
        "rf": {"param": {"n_estimators": [5], "max_depth": [None, 3]}, "n_jobs": 1, "cv": 2},
        "svm": {"param": {"C": [1]}, "n_jobs": -1, "cv": 2},
    },
}
ASYNC = {**BEARER, "Prefer": "respond-async"}
ENDED = ("done", "failed", "cancelled")
PATIENCE_S = 60


@contextmanager
def training_service(
    monkeypatch: pytest.MonkeyPatch, folder: Path, does: str, **settings: str
) -> Iterator[TestClient]:
    """Give a service whose trainings are the stand-in's."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(trainings, "RENEW_S", 0.2)
    command = (sys.executable, "-u", "-m", "tests.api.jobs.stand_in_tuning", str(folder), does)
    usual = trainings.Trainings

    def with_stand_in(kept: Any, **more: Any) -> trainings.Trainings:
        return usual(kept, **{**more, "command": command})

    own = {"MODELS_DIR": str(folder), "API_TOKEN": TOKEN, "METRICS": "1"}
    with monkeypatch.context() as only_here:
        only_here.setattr("api.application.Trainings", with_stand_in)
        with service(**{**own, **settings}) as client:
            yield client


def wait_for(client: Any, path: str, *states: str) -> dict[str, Any]:
    """Return a job once it is in one of these states."""
    end_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < end_s:
        job: dict[str, Any] = client.get(path, headers=BEARER).json()
        if job.get("state") in states:
            return job
        time.sleep(0.05)
    raise AssertionError(job)


def with_progress(client: Any, path: str) -> dict[str, Any]:
    """Return a job that runs once it has said how far it is."""
    end_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < end_s:
        job: dict[str, Any] = client.get(path).json()
        if job["progress"]:
            return job
        time.sleep(0.05)
    raise AssertionError(job)
