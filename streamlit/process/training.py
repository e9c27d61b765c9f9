"""A candidate's training as a process of its own: started, watched, cancelled; one at a time.

One at a time over all instances: a lease in the store says who trains, for as long as its watcher
renews it.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Literal

from sqlalchemy import Engine

from environment import ROOT
from feedback.candidates import (
    TRAINING,
    TRAINING_LASTS_S,
    TRAINING_RENEW_S,
    StoreUnavailable,
    give_lease,
    holder_here,
    in_short,
    lease_holder,
    take_lease,
)
from serving.live.once import Once

log = logging.getLogger(__name__)

LEASE, LEASE_S, RENEW_S = TRAINING, TRAINING_LASTS_S, TRAINING_RENEW_S
COMMAND = ("run_model.py", "--mode", "finetune", "--from-store", "--publish")
NICENESS = 15  # whoever draws comes first
KEPT_LINES = 500
END_S = 10.0  # that a cancelled training has before it is killed
STEP = re.compile(r"step ([\d,]+) of ([\d,]+)")
# What it says as it goes on, and how far that is; steps lie between the first two.
STAGES = (
    ("fine-tuning ", 0.05),
    ("fitting temperature", 0.6),
    ("kept as ", 0.75),
    ("asking the gate", 0.8),
    ("live test: ", 0.97),
)
State = Literal["running", "done", "failed", "cancelled"]


class AlreadyTraining(Exception):
    """Somebody trains at this moment; the message says who."""


@dataclass
class Training:
    """One training as the page shows it."""

    by: str
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    state: State = "running"
    status: int | None = None  # of its process, once that has ended
    ended_at: datetime | None = None
    share: float = 0.0  # done so far, a guess, 0 to 1
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))
    last_line: str = "starting"  # the last thing that its process said

    @property
    def is_over(self) -> bool:
        """Whether its process has ended, however."""
        return self.ended_at is not None

    def heard(self, line: str) -> None:
        """Take in a line of its output."""
        self.lines.append(line)
        self.last_line = line if line.strip() else self.last_line
        step = STEP.search(line)
        if step is not None:
            done, of = (int(number.replace(",", "")) for number in step.groups())
            self.share = max(self.share, 0.05 + 0.5 * done / max(of, 1))
        for words, share in STAGES:
            if line.startswith(words):
                self.share = max(self.share, share)


class Trainer:
    """Starts trainings on one store's answers, one at a time; safe for threads."""

    def __init__(self, engine: Engine, command: Sequence[str] | None = None) -> None:
        """Begin with none; command: what trains, `run_model.py` if not given."""
        self._engine = engine
        self._command = command or (sys.executable, "-u", str(ROOT / COMMAND[0]), *COMMAND[1:])
        self._holder = holder_here()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._latest: Training | None = None

    @property
    def latest(self) -> Training | None:
        """The training that runs, or the last one that this process saw; None before the first."""
        return self._latest

    def elsewhere(self) -> str | None:
        """Return who trains in another instance, None: nobody; raises StoreUnavailable."""
        holder = lease_holder(self._engine, LEASE)
        return None if holder is None or holder == self._holder else in_short(holder)

    def start(self, by: str, steps: int | None = None) -> Training:
        """Start a training at low priority, and return it.

        by: whose wish it is. steps: how many; None: as many as the answers ask for. Raises
        AlreadyTraining, StoreUnavailable, and OSError where no process can be made.
        """
        with self._lock:
            if self._latest is not None and not self._latest.is_over:
                raise AlreadyTraining("a candidate is being trained here already")
            other = take_lease(self._engine, LEASE, holder=self._holder, lasts_s=LEASE_S)
            if other is not None:
                raise AlreadyTraining(f"a candidate is being trained already, by {in_short(other)}")
            try:
                process = self._begin(steps)
            except OSError:
                self._give_back()
                raise
            training = Training(by)
            self._process, self._latest = process, training
            log.info("a training begins, asked for by %s: process %d", by, process.pid)
        for name, work in (("hear", self._hear), ("renew", self._renew)):
            threading.Thread(
                target=work, args=(process, training), name=f"{name}-training", daemon=True
            ).start()
        return training

    def cancel(self) -> None:
        """End the training that runs; it leaves nothing in the store."""
        with self._lock:
            process, training = self._process, self._latest
            if process is None or training is None or training.state != "running":
                return
            training.state = "cancelled"
        process.terminate()
        threading.Thread(target=_kill_in_time, args=(process,), daemon=True).start()

    def _begin(self, steps: int | None) -> subprocess.Popen[str]:
        command = [*self._command, *(("--steps", str(steps)) if steps else ())]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
        if sys.platform != "win32":
            try:
                os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
            except OSError as error:  # it may have ended already
                log.info("the training keeps its priority: %s", error)
        return process

    def _hear(self, process: subprocess.Popen[str], training: Training) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            training.heard(line.rstrip())
        training.status = process.wait()
        process.stdout.close()
        if training.state == "running":
            training.state = "done" if training.status == 0 else "failed"
        if training.state == "done":
            training.share = 1.0
        how = logging.WARNING if training.state == "failed" else logging.INFO
        log.log(how, "the training has %s: %s", _ended(training.state), training.last_line)
        self._give_back()  # before the next may be begun, whose lease it would be
        training.ended_at = datetime.now(UTC)

    def _renew(self, process: subprocess.Popen[str], training: Training) -> None:
        due_s = time.monotonic() + RENEW_S
        while process.poll() is None:
            time.sleep(0.5)
            if time.monotonic() < due_s or process.poll() is not None:
                continue
            due_s = time.monotonic() + RENEW_S
            try:
                take_lease(self._engine, LEASE, holder=self._holder, lasts_s=LEASE_S)
            except StoreUnavailable as error:  # needed at the end alone, and tried for a while
                # In its log alone: it must not hide how the training itself goes, or why it failed.
                training.lines.append(f"(the store cannot be reached now: {error})")

    def _give_back(self) -> None:
        try:
            give_lease(self._engine, LEASE, holder=self._holder)
        except StoreUnavailable as error:
            log.warning("who trains is known for %d s more: %s", int(LEASE_S), error)


def can_train() -> bool:
    """Return whether what trains is installed here."""
    return find_spec("torch") is not None


def trainer_of(engine: Engine) -> Trainer:
    """Return what trains on a store's answers, the same at every call."""
    return _trainers.get(engine)


def end_trainings() -> None:
    """Cancel what runs, at the end of the process."""
    for trainer in _trainers.forget():
        trainer.cancel()


def _kill_in_time(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()


def _ended(state: State) -> str:
    return {"done": "ended", "cancelled": "been cancelled"}.get(state, "failed")


_make: Callable[[Engine], Trainer] = Trainer
_trainers = Once(_make)
