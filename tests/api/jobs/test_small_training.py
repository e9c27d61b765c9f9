"""A small training as the contract's program asks for it, by the process that really trains."""

from __future__ import annotations

import os

import numpy as np
import pytest

from model.datasets.idx import read_idx
from tests.api.services import service

BODY = {
    "use_small_dataset": True,
    "grid_search_params": {
        "rf": {"param": {"n_estimators": [10], "max_depth": [None]}, "n_jobs": 1, "cv": 2},
        "svm": {"param": {"C": [1]}, "n_jobs": 1, "cv": 2},
    },
}


@pytest.mark.data
def test_a_program_of_the_contract_trains_asks_and_predicts(datasets, tmp_path, monkeypatch):
    models = tmp_path / "models"
    monkeypatch.setitem(os.environ, "MODELS_DIR", str(models))
    images = read_idx(datasets / "MNIST" / "raw" / "t10k-images-idx3-ubyte")[:200]
    labels = read_idx(datasets / "MNIST" / "raw" / "t10k-labels-idx1-ubyte")[:200]

    with service(MODELS_DIR=str(models), API_RATE="0", is_on_loopback=True) as client:
        trained = client.post("/training", json=BODY)
        best = client.get("/best_model_parameters").json()
        rows = images.reshape(-1, 784).tolist()
        alone, together = (
            client.post("/predict", json={"ensemble_predict": vote, "data": rows}).json()
            for vote in (False, True)
        )

    assert trained.json() == {"message": "Training completed, best model logged in MLflow."}
    assert best["best_model"]["name"] in ("rf", "svm")
    assert best["rf"]["best_params"] == {"n_estimators": 10, "max_depth": None}
    # Served as trained: what was wrong there, scaling, would leave a twentieth of them right.
    assert np.mean(np.array(alone["prediction"]) == labels) > 0.8
    assert np.mean(np.array(together["prediction"]) == labels) > 0.8
    assert together["prediction"][:2] == [7, 2]
