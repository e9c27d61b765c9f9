"""Processes that do one piece of work after the other, and that their parent alone ends.

No thread and no queue stands between the parent and a worker, only a pipe: a worker that dies, or a
signal at any moment, leaves nothing that somebody waits for.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
# Fresh processes: a copy of one that runs torch's threads could stand still.
SPAWN = multiprocessing.get_context("spawn")
READY = None  # what a worker says when it has started


@dataclass(frozen=True)
class _Done:
    place: int
    results: list[Any]


@dataclass(frozen=True)
class _Failed:
    error: Exception


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection


def in_processes(
    work: Callable[[Item], Result], chunks: Sequence[Sequence[Item]], most: int
) -> Iterator[list[Result]]:
    """Yield the results of each chunk, in order, of up to `most` processes.

    Exceptions of `work` pass through. Raises BrokenProcessPool where a process dies. Whoever stops
    asking ends all processes, and waits for none of their work.
    """
    workers: list[_Worker] = []
    end = partial(_end, workers)
    atexit.register(end)  # before multiprocessing's own end, which asks in vain and then waits
    try:
        _start(work, workers, min(most, len(chunks)))
        yield from _hand_out(chunks, workers)
    finally:
        end()
        atexit.unregister(end)


def _start(work: Callable[[Any], Any], workers: list[_Worker], count: int) -> None:
    """Add processes that are deaf to a terminal's Ctrl-C from their first instruction."""
    if os.name != "nt":
        # The first process of all would start this one too, which makes signals heard again.
        resource_tracker.ensure_running()
    with _signals_wait():
        for _ in range(count):
            ours, theirs = SPAWN.Pipe()
            process = SPAWN.Process(target=_serve, args=(theirs, work), daemon=True)
            process.start()
            workers.append(_Worker(process, ours))
            theirs.close()  # so that the pipe ends with the process


def _hand_out(chunks: Sequence[Sequence[Any]], workers: list[_Worker]) -> Iterator[list[Any]]:
    pipes: dict[object, Connection] = {worker.pipe: worker.pipe for worker in workers}
    done: dict[int, list[Any]] = {}
    handed_out = asked = 0
    while asked < len(chunks):
        for ready in wait(list(pipes.values())):
            pipe = pipes[ready]
            try:
                answer = pipe.recv()
                if handed_out < len(chunks):
                    pipe.send((handed_out, chunks[handed_out]))
                    handed_out += 1
            except (EOFError, ConnectionError) as error:
                raise BrokenProcessPool(
                    "a process that worked on drawings ended: is there memory enough?"
                ) from error
            if isinstance(answer, _Failed):
                raise answer.error
            if isinstance(answer, _Done):
                done[answer.place] = answer.results
        while asked in done:
            yield done.pop(asked)
            asked += 1


def _end(workers: list[_Worker]) -> None:
    """Kill what still works; a second Ctrl-C waits until none is left."""
    with _signals_wait():
        for worker in workers:
            worker.process.kill()  # SIGTERM is one of those that they do not hear
        for worker in workers:
            worker.process.join()
            worker.pipe.close()
        workers.clear()


@contextmanager
def _signals_wait() -> Iterator[None]:
    """Let this thread's SIGINT and SIGTERM wait; processes started meanwhile never get them.

    Nothing is lost: what came meanwhile is heard at the end.
    """
    if os.name == "nt":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection, work: Callable[[Any], Any]) -> None:
    """Work on what comes, in a process that nothing reaches but its parent's end."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # where a parent cannot hand this on
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, ConnectionError):  # the parent is gone
        pipe.send(READY)
        while True:
            place, items = pipe.recv()
            pipe.send_bytes(_answer(place, items, work))


def _answer(place: int, items: Sequence[Any], work: Callable[[Any], Any]) -> memoryview:
    try:
        return ForkingPickler.dumps(_Done(place, [work(item) for item in items]))
    except Exception as error:
        there = "".join(traceback.format_exception(error)).strip()
        error.add_note(f"in a worker process:\n{there}")
        try:
            return ForkingPickler.dumps(_Failed(error))
        except Exception:  # an error that does not travel
            return ForkingPickler.dumps(_Failed(RuntimeError(there)))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None, "this runs in a child"
    parent.join()
    os._exit(1)
