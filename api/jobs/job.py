"""One training as its sender sees it: how far it is, and what became of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from feedback.candidates import TrainingRow, holder_here

State = Literal["running", "cancelling", "done", "failed", "cancelled"]
Ended = Literal["done", "failed", "cancelled"]
OF_SEARCH = 0.7  # what the search takes of a member's time, a guess
CANCELLING = "is being cancelled"


class AlreadyTraining(Exception):
    """Somebody trains at this moment; the message says who, `job` is its id where it has one."""

    def __init__(self, message: str, job: UUID | None) -> None:
        """job: of this service or of another instance."""
        super().__init__(message)
        self.job = job


@dataclass(eq=False)
class Job:
    """A training that runs or has run; written by one thread, read by any.

    members: what is tuned. status: what a synchronous request is answered with where it failed.
    """

    members: tuple[str, ...]
    id: UUID = field(default_factory=uuid4)
    state: State = "running"
    share: float = 0.0  # done so far, a guess, 0 to 1
    message: str = "starting"
    status: int | None = None
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended_at: datetime | None = None
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def path(self) -> str:
        """Where the job is asked for."""
        return f"/jobs/{self.id}"

    def heard(self, progress: Mapping[str, Any]) -> None:
        """Take in how far it is: member, stage, done, total."""
        member, stage = str(progress.get("member") or ""), str(progress.get("stage"))
        done, total = int(progress.get("done") or 0), int(progress.get("total") or 0)
        part = done / total if total else 0.0
        number = self.members.index(member) if member in self.members else len(self.members) - 1
        if stage == "searching":
            of_member = OF_SEARCH * part
        elif stage == "training":
            of_member = OF_SEARCH + (1 - OF_SEARCH) * part
        else:
            of_member = 1.0
        self.share = max(self.share, min(0.99, (number + of_member) / max(len(self.members), 1)))
        words = f"{member}: {stage}" if member else stage
        self.says(words + (f", {done:,} of {total:,}" if member and total else ""))

    def says(self, words: str) -> None:
        """Take in what it is at, for a person; nothing new while it is being cancelled."""
        if self.state == "running":
            self.message = words

    def end(self, row: TrainingRow, status: int | None) -> None:
        """Say what became of it, as it is kept, and let go whoever waits for it."""
        self.state, self.share, self.message = row.state, row.share, row.message
        self.status, self.ended_at = status, row.ended_at
        self.over.set()

    def row(self) -> TrainingRow:
        """Return the job as it is kept while it runs."""
        return TrainingRow(
            id=self.id,
            holder=holder_here(self.id),
            models=self.members,
            state="running",
            share=self.share,
            message=self.message,
            began_at=self.began_at,
            heard_at=datetime.now(UTC),
        )

    def as_object(self) -> dict[str, Any]:
        """Return the job as JSON has it."""
        return {
            "id": str(self.id),
            "kind": "training",
            "models": list(self.members),
            "state": self.state,
            "progress": round(self.share, 3),
            "message": self.message,
            "error": self.message if self.state == "failed" else None,
            "began_at": self.began_at.isoformat(),
            "ended_at": None if self.ended_at is None else self.ended_at.isoformat(),
        }


def job_of_row(row: TrainingRow) -> Job:
    """Return a job that another process runs, or ran, as it is kept."""
    is_cancelling = row.state == "running" and row.cancel_asked_at is not None
    job = Job(
        members=row.models,
        id=row.id,
        state="cancelling" if is_cancelling else row.state,
        share=row.share,
        message=CANCELLING if is_cancelling else row.message,
        began_at=row.began_at,
        ended_at=row.ended_at,
    )
    if row.ended_at is not None:
        job.over.set()
    return job
