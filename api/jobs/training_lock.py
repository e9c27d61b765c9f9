"""One training at a time over all instances: the lease in the store that Learning takes too."""

from __future__ import annotations

import logging
import os
import re
import socket
import threading
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Engine

from feedback.candidates import TRAINING, TRAINING_LASTS_S, give_lease, take_lease
from feedback.errors import StoreUnavailable

log = logging.getLogger(__name__)

RENEW_S = 15.0
HOLDER = re.compile(r"(.*), process (\d+)(?:, job ([0-9a-f-]{36}))?")


class AlreadyTraining(Exception):
    """Somebody trains at this moment; the message says who, `job` is its id where it has one."""

    def __init__(self, message: str, job: UUID | None) -> None:
        """job: of this service or of another instance."""
        super().__init__(message)
        self.job = job


class TrainingLock:
    """The right to train, held for one job; without a store, it is this process's alone."""

    def __init__(self, engine: Callable[[], Engine | None]) -> None:
        """engine: gives the store, or None where nothing is kept; may raise StoreUnavailable."""
        self._engine = engine

    def take(self, job: UUID) -> None:
        """Take it for a job; raises AlreadyTraining, StoreUnavailable."""
        engine = self._engine()
        if engine is None:
            return
        holder = holder_of(job)
        other = take_lease(engine, TRAINING, holder=holder, lasts_s=TRAINING_LASTS_S)
        if other is not None and _is_of_the_dead(other):
            give_lease(engine, TRAINING, holder=other)  # it was killed before it could
            other = take_lease(engine, TRAINING, holder=holder, lasts_s=TRAINING_LASTS_S)
        if other is not None:
            raise AlreadyTraining(f"a training is running already, by {other}", _job_in(other))

    def hold(self, job: UUID, ended: threading.Event) -> None:
        """Renew it until the job ends, then give it back; for a thread of its own."""
        while not ended.wait(RENEW_S):
            try:
                engine = self._engine()
                if engine is not None:
                    take_lease(engine, TRAINING, holder=holder_of(job), lasts_s=TRAINING_LASTS_S)
            except StoreUnavailable as error:
                log.warning("the lock of the training is not renewed: %s", error)

    def give(self, job: UUID) -> None:
        """Give it back; raises nothing that is expected."""
        try:
            engine = self._engine()
            if engine is not None:
                give_lease(engine, TRAINING, holder=holder_of(job))
        except StoreUnavailable as error:
            log.warning("who trains is known for %d s more: %s", int(TRAINING_LASTS_S), error)


def holder_of(job: UUID) -> str:
    """Return the name that a job of this process goes by in the store."""
    return f"{socket.gethostname()[:100]}, process {os.getpid()}, job {job}"


def _job_in(holder: str) -> UUID | None:
    named = HOLDER.fullmatch(holder)
    return None if named is None or named[3] is None else UUID(named[3])


def _is_of_the_dead(holder: str) -> bool:
    """Tell whether a holder was a process of this machine that is gone."""
    named = HOLDER.fullmatch(holder)
    if named is None or named[1] != socket.gethostname()[:100] or os.name == "nt":
        return False
    try:
        os.kill(int(named[2]), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
