"""Folds on this machine, side by side, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from model.crossval.fold import FoldOutcome, FoldTask, train_fold
from model.crossval.pool import Pool
from model.errors import FoldError
from model.training.state import EpochRecord

TRIES = 3  # of a fold whose process is killed
SPAWN = multiprocessing.get_context(
    "spawn"
)  # a copy of what runs torch's threads could stand still


@dataclass
class _Worker:
    task: FoldTask
    process: BaseProcess
    answers: Connection


def train_side_by_side(
    pool: Pool, tasks: Sequence[FoldTask], workers: int
) -> Iterator[FoldOutcome]:
    """Yield each fold's outcome as it comes, with up to `workers` folds in training at a time.

    A fold whose process is killed starts anew, elsewhere. Raises FoldError for one that cannot be
    trained. Whoever stops asking, by Ctrl-C too, ends all processes.
    """
    waiting, working = deque(tasks), list[_Worker]()
    tries = dict.fromkeys((task.fold for task in tasks), 0)
    try:
        while waiting or working:
            while waiting and len(working) < workers:
                task = waiting.popleft()
                tries[task.fold] += 1
                working.append(_start(pool, task))
            for ready in wait([worker.answers for worker in working]):
                worker = next(it for it in working if it.answers is ready)
                outcome = _hear(worker)
                if isinstance(outcome, EpochRecord):
                    _report(worker.task, outcome)
                    continue
                working.remove(worker)
                worker.process.join()
                if outcome is not None:
                    yield outcome
                elif tries[worker.task.fold] < TRIES:
                    _say(worker, "it starts anew")
                    waiting.appendleft(worker.task)
                else:
                    raise FoldError(
                        f"fold {worker.task.fold + 1} was killed {TRIES} times: is there memory "
                        "for as many at a time? Try fewer --workers"
                    )
    finally:
        for worker in working:
            worker.process.kill()
            worker.process.join()


def _start(pool: Pool, task: FoldTask) -> _Worker:
    answers, theirs = SPAWN.Pipe(duplex=False)
    process = SPAWN.Process(target=_work, args=(theirs, pool, task), daemon=True)
    process.start()
    theirs.close()  # so that the pipe ends with the process
    return _Worker(task, process, answers)


def _hear(worker: _Worker) -> FoldOutcome | EpochRecord | None:
    """Return what a process says; None where it is no longer there."""
    try:
        answer = worker.answers.recv()
    except (EOFError, OSError):
        return None
    if isinstance(answer, str):
        raise FoldError(f"fold {worker.task.fold + 1} could not be trained: {answer}")
    assert isinstance(answer, FoldOutcome | EpochRecord), "nothing else is said"
    return answer


def _work(answers: Connection, pool: Pool, task: FoldTask) -> None:
    """Train a fold in a process that nothing reaches but its parent's end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, which ends this
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - for as long as it lives
    try:
        answers.send(train_fold(pool, task, answers.send))
    except Exception as error:
        with suppress(OSError):
            answers.send("".join(traceback.format_exception_only(error)).strip())


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None, "this runs in a child"
    parent.join()
    os._exit(1)


def _report(task: FoldTask, record: EpochRecord) -> None:
    parts = ", ".join(f"{name} {share:.2%}" for name, share in record.validation_accuracies.items())
    print(
        f"fold {task.fold + 1}/{task.folds}  epoch {record.epoch}/{task.options.epochs}  "
        f"training accuracy {record.train_accuracy:.2%}  validation {parts}  "
        f"{record.seconds:.1f} s",
        flush=True,
    )


def _say(worker: _Worker, what: str) -> None:
    status = worker.process.exitcode
    print(
        f"fold {worker.task.fold + 1}: its process ended (status {status}); {what}",
        file=sys.stderr,
        flush=True,
    )
