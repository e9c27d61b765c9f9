"""The way to the recorder: a process of its own, which is told and not waited for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class Link:
    """A recorder that runs; the first thing that goes wrong ends it, and is said in a sentence."""

    def __init__(
        self, store: str, experiment: str, environ: Mapping[str, str], say: Callable[[str], None]
    ) -> None:
        """Start a recorder for a store, without waiting until it is ready."""
        raise NotImplementedError

    is_up: bool

    def send(self, message: dict[str, Any]) -> None:
        """Hand a message over."""

    def settle(self) -> None:
        """Wait until everything so far is recorded, or cannot be."""

    def close(self) -> None:
        """Wait likewise, and end the recorder."""
