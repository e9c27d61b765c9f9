"""Work on many drawings, spread over all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from model.synthesis.progress import progress
from model.synthesis.worker_processes import in_processes

Item = TypeVar("Item")
Result = TypeVar("Result")
CHUNK = 250  # items handed to a worker at once
FEW = 500  # items that are done sooner than workers have started


def spread(
    work: Callable[[Item], Result], items: Sequence[Item], description: str
) -> Iterator[Result]:
    """Yield what `work` makes of each item, in order, under a progress bar.

    work: a function at the top of a module; the same item must always give the same result, so that
    the number of workers changes nothing. Its exceptions pass through. Whoever stops asking, by
    Ctrl-C too, ends the workers.
    """
    is_long = len(items) > FEW
    with progress(len(items), description, "drawings", is_long=is_long) as advance:
        if not is_long:
            for item in items:
                yield work(item)
                advance()
            return
        chunks = [items[first : first + CHUNK] for first in range(0, len(items), CHUNK)]
        for results in in_processes(work, chunks, os.cpu_count() or 1):
            yield from results
            advance(len(results))
