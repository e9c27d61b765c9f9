"""Coroutines run to their end wherever the tests stand."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def on_a_thread(work: Coroutine[object, object, Result]) -> Result:
    """Return what a coroutine does, run on a thread of its own.

    A browser of other tests may keep an event loop going on this one.
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
