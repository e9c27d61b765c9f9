"""How far a long work is: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from tqdm import tqdm

LINE_S = 30.0  # from one line of a log to the next


class Advance(Protocol):
    """What is told of work that has been done since it was last told."""

    def __call__(self, count: int = 1) -> object:
        """Take note of so much more that is done."""


def say_phase(words: str) -> None:
    """Print on stderr what begins now; nothing on a terminal, where bars and the table tell."""
    if not sys.stderr.isatty():
        print(words, file=sys.stderr, flush=True)


class LogLines:
    """Lines on stderr, one every 30 seconds at most, for somebody who reads a log."""

    def __init__(self, description: str, total: int) -> None:
        """Begin to count, of `total`; nothing is said yet."""
        self._description, self._total = description, total
        self._done = 0
        self._began_s = self._said_s = time.monotonic()

    def advance(self, count: int = 1) -> None:
        """Take note of what has been done, and tell of it where that is due."""
        self._done += count
        now_s = time.monotonic()
        if now_s - self._said_s >= LINE_S:
            self._said_s = now_s
            so_far = f"{self._done:,} of {self._total:,} after {now_s - self._began_s:.0f} s"
            say_phase(f"{self._description}: {so_far}")


@contextmanager
def progress(total: int, description: str, unit: str, *, is_long: bool) -> Iterator[Advance]:
    """Show on stderr how far a work is, and hand out what is told of each step.

    On a terminal it is a bar, which is gone at the end. Elsewhere it is a line at the beginning of
    what `is_long`, and another one every 30 seconds.
    """
    if sys.stderr.isatty():
        with tqdm(total=total, desc=description, unit=f" {unit}", leave=False) as bar:
            yield bar.update
        return
    if is_long:
        say_phase(f"{description}: {total:,} {unit}")
    yield LogLines(description, total).advance
