"""Folds on a Dask cluster, whose workers have this project in their folder, and need no data."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from model.crossval.fold import FoldOutcome, FoldTask, train_fold
from model.crossval.plan import check_scheduler, no_scheduler
from model.crossval.pool import Pool
from model.errors import FoldError

if TYPE_CHECKING:
    from distributed import Client

LIMIT_S = 5.0  # for a scheduler to answer, once something listens there
TRIES = 3  # of a fold whose workers are lost, besides those that the scheduler makes


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """Give a client of the scheduler at an address, such as `tcp://10.0.0.2:8786`.

    Raises FoldError in a sentence where Dask is not installed, the scheduler does not answer within
    ten seconds, or has no workers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise FoldError(
            f"--scheduler needs Dask ({error}): run `pip install -r requirements-cluster.txt`"
        ) from error
    check_scheduler(address)
    try:
        client = Client(address, timeout=LIMIT_S, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as error:  # TimeoutError is an OSError
        raise no_scheduler(address, str(error) or type(error).__name__) from error
    with client:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise FoldError(
                f"--scheduler {address}: it has no workers; start some in this project's folder "
                f"with `python -m distributed.cli.dask_worker {address} --nthreads 1`"
            )
        yield client


def train_on_cluster(
    client: Client, pool: Pool, tasks: Sequence[FoldTask]
) -> Iterator[FoldOutcome]:
    """Yield each fold's outcome as it comes; the cluster's workers train as many as they are.

    A fold whose worker is lost starts anew on another. Raises FoldError for one that cannot be
    trained. Whoever stops asking, by Ctrl-C too, calls the others off.
    """
    from distributed import as_completed

    left, tries = {task.fold: task for task in tasks}, 0
    while left:
        images = client.scatter(pool, broadcast=True, hash=False)
        futures = {
            client.submit(train_fold, images, task, pure=False, key=None): task
            for task in left.values()
        }
        try:
            for future in as_completed(futures, loop=client.loop):
                if future.status == "finished":
                    outcome = future.result()
                    del left[outcome.fold]
                    yield outcome
                else:
                    _raise_unless_lost(future, futures[future])
        finally:
            client.cancel(list(futures))
        tries += 1
        if left and tries == TRIES:
            raise FoldError(
                f"--scheduler: the workers of {len(left)} folds were lost {TRIES} times: have they "
                "memory enough?"
            )
        if left:
            print("workers were lost with their folds, which start anew", file=sys.stderr)


def _raise_unless_lost(future: Any, task: FoldTask) -> None:
    """Raise FoldError for a fold that failed by itself; one that was lost is tried again."""
    if future.status != "error":
        return
    error = future.exception()
    if type(error).__name__ in ("KilledWorker", "CommClosedError", "CancelledError"):
        return
    hint = ""
    if isinstance(error, ModuleNotFoundError):
        hint = "; workers have to be started in this project's folder, with its packages"
    raise FoldError(f"fold {task.fold + 1} could not be trained: {error!r}{hint}") from error
