"""A search on a real scheduler with two real workers, by TCP; one of them is killed on the way."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.crossval.cluster import connected
from model.errors import FoldError
from model.tuning import finished_candidates
from model.tuning.finished_candidates import Unfinished
from model.tuning.grids import Grid, Request
from model.tuning.search import on_cluster, search
from tests.model.crossval.test_cluster import LIMIT_S, ended, start
from tests.model.tuning.test_search import scans, without_times

GRID = Grid({"n_estimators": [5, 10, 20, 30], "max_depth": [None, 4]}, n_jobs=1, cv=2)


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


def test_a_worker_that_is_killed_costs_time_and_changes_no_score(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finished_candidates, "UNFINISHED", tmp_path / "kept")
    kept = Unfinished(Request(), {})
    pixels, labels = scans()
    here = search("rf", GRID, pixels, labels, kept, seed=0)
    kept.clear()
    options = ("--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path))
    workers = [start("worker", scheduler, *options) for _ in range(2)]
    with ended(*workers):
        end = time.monotonic() + LIMIT_S
        number = 0
        while number < 2 and time.monotonic() < end:
            with contextlib.suppress(FoldError), connected(scheduler) as client:
                number = len(client.scheduler_info(n_workers=-1)["workers"])
        assert number == 2

        with connected(scheduler) as client, on_cluster(client, pixels, labels) as count:
            holders = list(client.who_has().values())

            def tell(fits: int) -> None:
                if fits >= 4:
                    workers[0].kill()

            there = search("rf", GRID, pixels, labels, kept, seed=0, workers=count, tell=tell)
            assert len(client.scheduler_info(n_workers=-1)["workers"]) == 1

    assert count == 2
    assert [len(those) for those in holders] == [2, 2]  # both arrays are at both workers, once
    assert without_times(there) == without_times(here)
