"""A recorder's stand-in: keeps what it is told, so that tests can look at it."""

from __future__ import annotations

from typing import Any

from model.tracking.link import Link
from model.tracking.tracker import Tracker


class Heard(Link):
    """Every message, in order."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.store, self.run_id, self._failed = "here", "", False

    def send(self, message: dict[str, Any]) -> None:
        self.messages.append(message)

    def settle(self) -> None:
        pass

    def close(self) -> None:
        pass

    def of(self, do: str, run: int | None = None) -> list[dict[str, Any]]:
        """Return the messages of one kind, of one run alone where that is given."""
        return [m for m in self.messages if m["do"] == do and run in (None, m["run"])]


def listening() -> tuple[Tracker, Heard]:
    """Return a tracker, and what hears all that it is told."""
    heard = Heard()
    return Tracker(lambda: heard), heard
