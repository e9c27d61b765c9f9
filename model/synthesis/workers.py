"""Work on many drawings, spread over all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

from tqdm import tqdm

Item = TypeVar("Item")
Result = TypeVar("Result")
CHUNK = 250  # items handed to a worker at once
FEW = 500  # items that are done sooner than workers have started


def spread(
    work: Callable[[Item], Result], items: Sequence[Item], description: str
) -> Iterator[Result]:
    """Yield what `work` makes of each item, in order, under a progress bar.

    work: a function at the top of a module; the same item must always give the same result, so that
    the number of workers changes nothing. Its exceptions pass through.
    """
    with tqdm(
        total=len(items), desc=description, unit=" drawings", leave=False, disable=None
    ) as bar:
        if len(items) <= FEW:
            for item in items:
                yield work(item)
                bar.update()
            return
        chunks = [items[first : first + CHUNK] for first in range(0, len(items), CHUNK)]
        # Fresh processes: a copy of one that runs torch's threads could stand still.
        with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as workers:
            for results in workers.map(partial(_work_on_all, work), chunks):
                yield from results
                bar.update(len(results))


def _work_on_all(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    return [work(item) for item in items]
