"""Things that are made once in a process, in whichever thread asks first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


class Once(Generic[Key, Thing]):
    """Makes one thing for each key, and gives the same one to everybody who asks for that key.

    Whoever asks while it is made waits. What making raises goes to the one that asked first; the
    next one to ask tries again.
    """

    def __init__(self, make: Callable[[Key], Thing]) -> None:
        """Remember how things are made; nothing is made before somebody asks."""
        self._make = make
        self._made: dict[Key, Thing] = {}
        self._lock = threading.RLock()

    def get(self, key: Key) -> Thing:
        """Return the thing of that key, made now where there is none yet."""
        made = self._made.get(key)  # without the lock: a stroke waits for no one else's loading
        if made is not None:
            return made
        with self._lock:
            if key not in self._made:
                self._made[key] = self._make(key)
            return self._made[key]

    def has(self, key: Key) -> bool:
        """Return whether the thing of that key has been made."""
        return key in self._made

    def forget(self) -> list[Thing]:
        """Forget all that was made, and return it, for whoever has to close it."""
        with self._lock:
            made = list(self._made.values())
            self._made.clear()
            return made
