"""One training as its sender sees it: how far it is, and what became of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

State = Literal["running", "done", "failed", "cancelled"]
OF_SEARCH = 0.7  # what the search takes of a member's time, a guess


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
        member, stage = str(progress.get("member")), str(progress.get("stage"))
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
        self.message = f"{member}: {stage}" + (f", {done:,} of {total:,}" if total else "")

    def end(self, state: State, message: str, status: int | None = None) -> None:
        """Say what became of it; what was cancelled stays so."""
        if self.state == "running":
            self.state = state
        if self.state == "done":
            self.share = 1.0
        self.message, self.status = message, status
        self.ended_at = datetime.now(UTC)
        self.over.set()

    def as_object(self) -> dict[str, Any]:
        """Return the job as JSON has it."""
        return {
            "id": str(self.id),
            "kind": "training",
            "models": list(self.members),
            "state": self.state,
            "progress": round(self.share, 3),
            "message": self.message,
            "began_at": self.began_at.isoformat(),
            "ended_at": None if self.ended_at is None else self.ended_at.isoformat(),
        }
