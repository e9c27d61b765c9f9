"""How a cross-validation is to be done: folds, and where they are trained. Quick to load."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from pathlib import Path

from model.crossval.folds import FEWEST_FOLDS, MOST_FOLDS
from model.errors import FoldError
from model.training.options import BadOption

PROBE_S = 5.0


@dataclass(frozen=True, kw_only=True)
class CrossValidation:
    """How folds are made and where they are trained. Raises BadOption for what cannot be."""

    folds: int = 5
    keep_folds: Path | None = None  # folder for the weights of each fold
    workers: int | None = None  # folds in training at a time; None: as many as there are cores
    scheduler: str | None = None  # address of a Dask cluster that trains them instead

    def __post_init__(self) -> None:
        """Refuse numbers and addresses that make no sense."""
        if not FEWEST_FOLDS <= self.folds <= MOST_FOLDS:
            raise BadOption(f"--folds must be {FEWEST_FOLDS} to {MOST_FOLDS}, not {self.folds}")
        if self.workers is not None and self.workers < 1:
            raise BadOption(f"--workers must be 1 or more, not {self.workers}")
        if self.workers is not None and self.scheduler is not None:
            raise BadOption("--workers and --scheduler exclude each other: a cluster has its own")
        if self.scheduler is not None:
            host_and_port(self.scheduler)


def host_and_port(scheduler: str) -> tuple[str, int]:
    """Return where a scheduler listens; raise BadOption for what is no tcp://HOST:PORT."""
    match = re.fullmatch(r"(?:tcp|tls)://(\[[0-9a-fA-F:]+\]|[^\s:/\[\]]+):(\d{1,5})", scheduler)
    if match is None or not 0 < int(match[2]) < 2**16:
        raise BadOption(f"--scheduler must be tcp://HOST:PORT, not {scheduler}")
    return match[1].strip("[]"), int(match[2])


def check_scheduler(scheduler: str) -> None:
    """Raise FoldError within seconds where nothing listens at a scheduler's address."""
    try:
        socket.create_connection(host_and_port(scheduler), timeout=PROBE_S).close()
    except OSError as error:
        raise no_scheduler(scheduler, error.strerror or str(error)) from error


def no_scheduler(scheduler: str, why: str) -> FoldError:
    """Return the error for a scheduler that does not answer."""
    return FoldError(
        f"--scheduler {scheduler}: no Dask scheduler answers there ({why}); start one with "
        "`python -m distributed.cli.dask_scheduler`, or leave --scheduler out"
    )
