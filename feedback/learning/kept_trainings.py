"""Trainings of the HTTP service, as every instance that shares the store tells of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Engine, Row, Select, and_, delete, insert, select, update

from feedback.connection.engine import transaction
from feedback.errors import RowRefused, StoreUnavailable
from feedback.learning.holders import is_gone
from feedback.learning.leases import (
    TRAINING,
    TRAINING_LASTS_S,
    give_lease,
    store_clock,
    take_lease,
)
from feedback.records.schema import leases, trainings

State = Literal["running", "done", "failed", "cancelled"]
MOST_TRAININGS = 1000  # that are kept; older ones give way to new ones
LONGEST_MESSAGE = 2000  # characters
BROKEN_OFF = (
    "the service that ran it ended in the middle of it, or lost the store for long; the models "
    "that were there stay, and another training may begin"
)


@dataclass(frozen=True)
class TrainingRow:
    """One training as it is kept.

    holder: who runs it, `holder_here`. models: at least one. share: done so far, 0 to 1. heard_at:
    when the instance that runs it last said how it stands. cancel_asked_at: None where nobody
    wishes its end.
    """

    id: UUID
    holder: str
    models: tuple[str, ...]
    state: State
    share: float
    message: str
    began_at: datetime
    heard_at: datetime
    ended_at: datetime | None = None
    cancel_asked_at: datetime | None = None

    def broken_off(self) -> TrainingRow:
        """Return it as it is told where whoever ran it is no more: it ended when last heard of."""
        return replace(self, state="failed", message=BROKEN_OFF, ended_at=self.heard_at)


def begin_training(engine: Engine, row: TrainingRow) -> str | None:
    """Take the lease for a training and keep its row; return None, or who holds it instead.

    What was running without it has been broken off. Raises `StoreUnavailable`.
    """
    other = take_lease(engine, TRAINING, holder=row.holder, lasts_s=TRAINING_LASTS_S)
    if other is not None:
        return other
    try:
        with transaction(engine, writes=True) as connection:
            connection.execute(
                update(trainings)
                .where(trainings.c.state == "running")
                .values(state="failed", message=BROKEN_OFF, ended_at=trainings.c.heard_at)
            )
            newest = select(trainings.c.id).order_by(trainings.c.began_at.desc())
            kept = newest.limit(MOST_TRAININGS - 1)
            connection.execute(delete(trainings).where(trainings.c.id.not_in(kept)))
            connection.execute(insert(trainings).values(_values(row) | _told(row)))
    except (StoreUnavailable, RowRefused):
        give_lease(engine, TRAINING, holder=row.holder)
        raise
    return None


def hear_training(engine: Engine, row: TrainingRow) -> tuple[str | None, bool]:
    """Renew a training's lease and keep how far it is.

    Returns who has taken the lease meanwhile, None: nobody; and whether its end is wished. Raises
    `StoreUnavailable`.
    """
    other = take_lease(engine, TRAINING, holder=row.holder, lasts_s=TRAINING_LASTS_S)
    if other is not None:
        return other, False
    with transaction(engine, writes=True) as connection:
        connection.execute(update(trainings).where(trainings.c.id == row.id).values(_told(row)))
        asked = select(trainings.c.cancel_asked_at).where(trainings.c.id == row.id)
        return None, connection.scalar(asked) is not None


def end_training(engine: Engine, row: TrainingRow) -> None:
    """Keep what became of a training, then give its lease back; raises `StoreUnavailable`."""
    with transaction(engine, writes=True) as connection:
        connection.execute(update(trainings).where(trainings.c.id == row.id).values(_told(row)))
    give_lease(engine, TRAINING, holder=row.holder)


def ask_to_cancel(engine: Engine, training: UUID) -> None:
    """Let the instance that runs a training know that its end is wished, if it still runs."""
    running = (trainings.c.id == training) & (trainings.c.state == "running")
    with transaction(engine, writes=True) as connection:
        connection.execute(
            update(trainings)
            .where(running & trainings.c.cancel_asked_at.is_(None))
            .values(cancel_asked_at=datetime.now(UTC))
        )


def find_training(engine: Engine, training: UUID) -> TrainingRow | None:
    """Return a training as it stands at this moment; None where nobody knows it.

    One whose instance holds the lease no more, or is gone, is told as broken off.
    """
    with transaction(engine) as connection:
        asked = _as_they_stand(store_clock(connection)).where(trainings.c.id == training)
        found = connection.execute(asked).one_or_none()
    return None if found is None else _row_of(found)


def list_trainings(engine: Engine, *, limit: int) -> list[TrainingRow]:
    """Return the trainings that began last, the newest first, as `find_training` tells them.

    limit: at most so many. Raises `StoreUnavailable`.
    """
    newest = trainings.c.began_at.desc(), trainings.c.id.desc()
    with transaction(engine) as connection:
        asked = _as_they_stand(store_clock(connection)).order_by(*newest).limit(limit)
        found = connection.execute(asked).all()
    return [_row_of(one) for one in found]


def _as_they_stand(now: datetime) -> Select[Any]:
    """Return what asks for trainings, each with the end of its lease where it holds one."""
    held = and_(leases.c.name == TRAINING, leases.c.holder == trainings.c.holder)
    return select(trainings, leases.c.until).outerjoin(leases, and_(held, leases.c.until >= now))


def _row_of(found: Row[Any]) -> TrainingRow:
    told = dict(found._mapping)
    is_held = told.pop("until") is not None
    row = TrainingRow(**{**told, "models": tuple(told["models"].split())})
    if row.state == "running" and (not is_held or is_gone(row.holder)):
        return row.broken_off()
    return row


def _values(row: TrainingRow) -> dict[str, Any]:
    """Return what stays as it was when the training began."""
    models = " ".join(row.models)
    return {"id": row.id, "holder": row.holder, "models": models, "began_at": row.began_at}


def _told(row: TrainingRow) -> dict[str, Any]:
    """Return how it stands."""
    return {
        "state": row.state,
        "share": row.share,
        "message": _short(row.message),
        "heard_at": row.heard_at,
        "ended_at": row.ended_at,
    }


def _short(message: str) -> str:
    """Return a message as the table takes it; PostgreSQL's text has no NUL."""
    return message.replace("\0", " ")[:LONGEST_MESSAGE] or "(nothing is said)"
