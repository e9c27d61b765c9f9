"""Fixtures that every part of the suite shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from environment import ROOT, data_dir, read_environment

pytest_plugins: list[str] = ["tests.postgres"]

# Two tests run at once; networks this small gain nothing from more threads, which would only wait
# for each other. Before torch is loaded, and for the programs that tests start.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# No training of a test is one of the project's: those about tracking name a store of their own.
os.environ["MLFLOW_TRACKING_URI"] = "off"
# Members that somebody has tuned here are no part of a test that names none.
os.environ["MODELS_DIR"] = str(ROOT / "var" / "no-models-in-tests")


# Tests of several processes at once, with limits in seconds.
SHARING_CORES = (
    "api/connections",
    "api/jobs",
    "browser",
    "feedback/connection",
    "feedback/test_migrate.py",
    "model/crossval",
    "model/synthesis",
    "model/tuning",
    "project/deploy",
    "streamlit/operating",
    "streamlit/process",
    "streamlit/server",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In CI, try a test of several processes once more that fails; the closing line counts those.

    Browsers, servers and databases share two cores there with whatever else runs on them.
    """
    if os.environ.get("CI") != "true":
        return
    places = tuple(Path(__file__).parent / place for place in SHARING_CORES)
    for item in items:
        if any(item.path.is_relative_to(place) for place in places):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs MNIST where there is none, with the cure; in CI that is a failure."""
    if "data" not in item.keywords:
        return
    folder = data_dir(read_environment())
    if (folder / "MNIST" / "raw" / "t10k-images-idx3-ubyte").exists():
        return
    reason = f"no MNIST under {folder}: run `make train` once, or set DATA_DIR to a folder with it"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def datasets() -> Path:
    """The folder of the datasets; tests that use it are marked `data`."""
    return data_dir(read_environment())
