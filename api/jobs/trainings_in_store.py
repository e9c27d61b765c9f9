"""How trainings stand, kept in the store; its lease, which Learning takes too, lets one run."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import Engine

from api.jobs.job import AlreadyTraining
from feedback.candidates import (
    TrainingRow,
    ask_to_cancel,
    begin_training,
    end_training,
    find_training,
    hear_training,
    in_short,
    job_of,
    list_trainings,
)


class Wishes(NamedTuple):
    """What whoever runs a training is to know: who has taken its place, and is its end wished."""

    successor: str | None
    cancel: bool


class KeptTrainings(Protocol):
    """What all instances know of trainings; every call may raise StoreUnavailable."""

    def begin(self, row: TrainingRow) -> None:
        """Take the right to train, and keep that it began; raises AlreadyTraining."""

    def hear(self, row: TrainingRow) -> Wishes:
        """Keep how far it is and the right to train; return what others wish."""

    def end(self, row: TrainingRow) -> None:
        """Keep what became of it, and give the right back."""

    def ask_to_cancel(self, training: UUID) -> None:
        """Let whoever runs it know that its end is wished."""

    def find(self, training: UUID) -> TrainingRow | None:
        """Return how it stands; None for one that nobody knows."""

    def newest(self, limit: int) -> list[TrainingRow]:
        """Return how those stand that began last, the newest first."""


class TrainingsInStore:
    """Trainings of all instances that share a store."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        """engine: gives the store, up to date; may raise StoreUnavailable."""
        self._engine = engine

    def begin(self, row: TrainingRow) -> None:
        """Take the lease, and keep that it began; raises AlreadyTraining, StoreUnavailable."""
        other = begin_training(self._engine(), row)
        if other is not None:
            raise already(other)

    def hear(self, row: TrainingRow) -> Wishes:
        """Keep how far it is, and renew the lease; raises StoreUnavailable."""
        return Wishes(*hear_training(self._engine(), row))

    def end(self, row: TrainingRow) -> None:
        """Keep what became of it, and give the lease back; raises StoreUnavailable."""
        end_training(self._engine(), row)

    def ask_to_cancel(self, training: UUID) -> None:
        """Leave the wish for whoever runs it; raises StoreUnavailable."""
        ask_to_cancel(self._engine(), training)

    def find(self, training: UUID) -> TrainingRow | None:
        """Return how it stands; None for one that nobody knows; raises StoreUnavailable."""
        return find_training(self._engine(), training)

    def newest(self, limit: int) -> list[TrainingRow]:
        """Return how those stand that began last, newest first; raises StoreUnavailable."""
        return list_trainings(self._engine(), limit=limit)


def already(holder: str) -> AlreadyTraining:
    """Return the refusal of a training while somebody else's runs."""
    job = job_of(holder)
    if job is None:
        return AlreadyTraining(f"a training is running already, by {in_short(holder)}", None)
    return AlreadyTraining(f"a training is running already: /jobs/{job}", job)
