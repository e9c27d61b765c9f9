"""One member's grid to its winner, by scikit-learn's search, on this machine or on a cluster."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
from joblib import parallel_config
from numpy.typing import NDArray
from sklearn.callback._transport import close_listener, open_listener, send
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from model.ensemble.member_card import Value
from model.errors import FoldError
from model.estimators.member_kinds import build
from model.tuning.finished_candidates import Candidate, Unfinished
from model.tuning.grids import Grid

WORKERS_S = 10.0  # for a cluster's workers to be there
PER_WORKER = 2  # fits that one gets before results are looked at
LOST = (
    "KilledWorker",
    "CommClosedError",
    "CancelledError",
    "TimeoutError",
    "TerminatedWorkerError",
)


class StoppedSearch(Exception):
    """Whoever asked for a search no longer wants it; finished candidates are kept."""


def combinations(grid: Grid) -> list[dict[str, Value]]:
    """Return every combination of a grid, the last parameter changing the fastest."""
    names = list(grid.param)
    return [dict(zip(names, it, strict=True)) for it in itertools.product(*grid.param.values())]


def best_of(candidates: list[Candidate]) -> Candidate:
    """Return the candidate of the highest mean accuracy; of equals the first."""
    return max(candidates, key=lambda candidate: candidate.accuracy)


def search(
    name: str,
    grid: Grid,
    pixels: NDArray[np.float32],
    labels: NDArray[np.int64],
    kept: Unfinished,
    *,
    seed: int,
    device: str = "cpu",
    workers: int | None = None,
    tell: Callable[[int], object] = lambda fits: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> list[Candidate]:
    """Return every candidate of a member's grid with its scores, in the grid's order.

    Each fit is on one thread, so that the same grid and data give the same scores wherever that
    happens. kept: has those that are finished, and gets each as soon as it is. workers: how many a
    cluster has, inside `on_cluster`; None on this machine. tell: gets how many fits are done.
    Raises StoppedSearch, or FoldError for a candidate that cannot be trained.
    """
    found: dict[int, Candidate] = {}
    wanted = combinations(grid)
    for place, params in enumerate(wanted):
        if (candidate := kept.candidate(name, grid.cv, params)) is not None:
            found[place] = candidate
    left = [place for place in range(len(wanted)) if place not in found]
    jobs = workers or _jobs(grid.n_jobs, device)
    at_once = max(1, -(-jobs * PER_WORKER // grid.cv)) if jobs > 1 else 1
    tell(len(found) * grid.cv)
    for start in range(0, len(left), at_once):
        if should_stop():
            raise StoppedSearch
        places = left[start : start + at_once]
        done = len(found) * grid.cv
        counter = _FitCounter(lambda fits, done=done: tell(done + fits))  # type: ignore[misc]
        searching = GridSearchCV(
            build(name, {}, seed=seed, device=device),
            [{key: [value] for key, value in wanted[place].items()} for place in places],
            scoring="accuracy",
            n_jobs=jobs,
            refit=False,
            cv=StratifiedKFold(grid.cv),
            error_score="raise",
        ).set_callbacks(counter)
        try:
            searching.fit(pixels, labels)
        except Exception as error:
            raise _why(name, error) from error
        for candidate, place in zip(_read(searching, grid.cv), places, strict=True):
            found[place] = Candidate(wanted[place], candidate.scores, candidate.fit_s)
            kept.keep(name, grid.cv, found[place])
        tell(len(found) * grid.cv)
    return [found[place] for place in range(len(wanted))]


def _jobs(asked: int, device: str) -> int:
    """Return how many fits at a time; one where a GPU trains."""
    if device != "cpu":
        return 1
    cores = os.cpu_count() or 1
    return max(1, cores + 1 + asked) if asked < 0 else asked


def _read(searching: Any, cv: int) -> Iterator[Candidate]:
    results = searching.cv_results_
    for place, params in enumerate(results["params"]):
        scores = [float(results[f"split{fold}_test_score"][place]) for fold in range(cv)]
        yield Candidate(dict(params), scores, float(results["mean_fit_time"][place]))


def _why(name: str, error: Exception) -> FoldError:
    if type(error).__name__ in LOST:
        return FoldError(
            f"{name}: the workers of some candidates were lost again and again ({error!r}): have "
            "they memory enough? --resume goes on with the finished ones"
        )
    hint = ""
    if isinstance(error, ModuleNotFoundError):
        hint = "; workers have to be started in this project's folder, with its packages"
    words = str(error).strip().splitlines() or [type(error).__name__]
    return FoldError(f"{name} could not be trained: {words[-1]}{hint}")


class _FitCounter:
    """Tells how many fits of a search are done, also those of other processes of this machine.

    A callback as scikit-learn's own progress bar is one, and by the same way from its workers; that
    one shows each search apart, and this search is made of several. A worker on another machine
    cannot reach it: its fits are counted when their candidates come back.
    """

    def __init__(self, tell: Callable[[int], object]) -> None:
        self._tell: Callable[[int], object] | None = tell
        self._count = 0
        self._handle: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_tell": None}

    def setup(self, estimator: Any, context: Any) -> None:
        self._handle = open_listener(self._one_more)

    def teardown(self, estimator: Any, context: Any) -> None:
        close_listener(self._handle)

    def on_fit_task_begin(self, estimator: Any, context: Any) -> None:
        pass

    def on_fit_task_end(self, estimator: Any, context: Any) -> None:
        if context.task_name == "candidate-split-evaluation":
            with suppress(OSError, EOFError):
                send(self._handle, 1)

    def _one_more(self, fits: int) -> None:
        self._count += fits
        if self._tell is not None:
            self._tell(self._count)


@contextmanager
def on_cluster(client: Any, *arrays: NDArray[Any]) -> Iterator[int]:
    """Have searches done by a Dask cluster, which gets the arrays once; give how many workers.

    Raises FoldError where its workers are away.
    """
    try:
        with parallel_config(
            backend="dask", client=client, scatter=list(arrays), wait_for_workers_timeout=WORKERS_S
        ):
            yield sum(client.ncores().values()) or 1
    except TimeoutError as error:
        raise FoldError(f"--scheduler: the workers do not answer ({error})") from error
