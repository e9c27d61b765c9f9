"""Folds on a real scheduler with two real workers, by TCP; one of them is killed on the way."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from environment import ROOT
from model.crossval.cluster import connected, train_on_cluster
from model.crossval.fold import train_fold
from model.crossval.pool import Pool, make_pool
from model.errors import FoldError
from tests.model.crossval.pools import QUICK, tasks, write_data

FOLDS = 4
LIMIT_S = 120.0


def start(command: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a part of Dask in the project's folder, as its users do."""
    module = f"distributed.cli.dask_{command}"
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments, "--no-dashboard"],
        cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@contextlib.contextmanager
def ended(*processes: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with ended(start("scheduler", "--host", "127.0.0.1", "--port", str(port))):
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            time.sleep(0.2)
        yield f"tcp://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    return make_pool(write_data(tmp_path_factory.mktemp("data")), QUICK, FOLDS)


def test_a_cluster_without_workers_is_a_sentence(scheduler: str) -> None:
    words = "it has no workers; start some in this project's folder"

    with pytest.raises(FoldError, match=words), connected(scheduler):
        pass


def test_a_worker_that_is_killed_costs_time_and_changes_no_figure(
    scheduler: str, pool: Pool, tmp_path: Path
) -> None:
    options = ("--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path))
    workers = [start("worker", scheduler, *options) for _ in range(2)]
    with ended(*workers):
        end = time.monotonic() + LIMIT_S
        number = 0
        while number < 2 and time.monotonic() < end:
            with contextlib.suppress(FoldError), connected(scheduler) as client:
                number = len(client.scheduler_info(n_workers=-1)["workers"])
        assert number == 2

        with connected(scheduler) as client:
            outcomes = {}
            for outcome in train_on_cluster(client, pool, tasks(FOLDS)):
                workers[0].kill()  # the first fold is done: others are in training
                outcomes[outcome.fold] = outcome
            assert len(client.scheduler_info(n_workers=-1)["workers"]) == 1

    assert sorted(outcomes) == list(range(FOLDS))
    for task in tasks(FOLDS):
        here = train_fold(pool, task)
        there = outcomes[task.fold]
        assert (there.parts, there.files) == (here.parts, here.files)


def test_a_scheduler_that_listens_and_says_nothing_is_a_sentence_in_time() -> None:
    started = time.monotonic()

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        words = f"--scheduler {address}: no Dask scheduler answers"
        with pytest.raises(FoldError, match=words), connected(address):
            pass

    assert time.monotonic() - started < 20  # five seconds, and what loads Dask on a busy machine


def test_without_dask_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    words = r"pip install -r requirements-cluster\.txt"

    with pytest.raises(FoldError, match=words), connected("tcp://127.0.0.1:9"):
        pass
