"""Starting trainings, following and ending them."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from api.jobs.job import Job
from api.jobs.training_lock import AlreadyTraining, TrainingLock
from environment import ROOT
from model.tuning.grids import Request

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-u", "-m", "api.jobs.tuning_process")
NICENESS = 15  # whoever has something read comes first
END_S = 10.0  # that a cancelled training has before it is killed
KEPT_JOBS, KEPT_LINES = 50, 30
FAILED = 500


class Trainings:
    """The jobs of one process, one of which runs at a time; safe for threads."""

    def __init__(
        self,
        lock: TrainingLock,
        *,
        command: Sequence[str] = COMMAND,
        tell: Callable[[str], None] = lambda state: None,
    ) -> None:
        """Begin with none. command: what trains; tell: hears the state of the latest job."""
        self._lock, self._command, self._tell = lock, command, tell
        self._jobs: OrderedDict[UUID, Job] = OrderedDict()
        self._processes: dict[UUID, subprocess.Popen[str]] = {}
        self._changing = threading.Lock()

    def find(self, job_id: UUID) -> Job | None:
        """Return a job of this process; None for one that it does not know."""
        return self._jobs.get(job_id)

    def start(self, request: Request) -> Job:
        """Start a training, and return it.

        Raises AlreadyTraining with the first one's id, StoreUnavailable, and OSError where no
        process can be made.
        """
        job = Job(tuple(request.grids))
        with self._changing:
            running = next((one for one in self._jobs.values() if not one.over.is_set()), None)
            if running is not None:
                raise AlreadyTraining(f"a training is running already: {running.path}", running.id)
            self._lock.take(job.id)
            try:
                process = self._begin(request)
            except OSError:
                self._lock.give(job.id)
                raise
            self._jobs[job.id], self._processes[job.id] = job, process
            while len(self._jobs) > KEPT_JOBS:
                self._jobs.popitem(last=False)
        log.info("training %s begins: process %d", job.id, process.pid)
        self._tell("running")
        for name, work in (("hear", self._hear), ("hold", self._hold)):
            threading.Thread(
                target=work, args=(process, job), name=f"{name}-training", daemon=True
            ).start()
        return job

    def cancel(self, job: Job) -> None:
        """End a job that runs; the models that were there stay. Returns before it has ended."""
        with self._changing:
            process = self._processes.get(job.id)
            if process is None or job.over.is_set() or job.state != "running":
                return
            job.state, job.message = "cancelled", "is being cancelled"
        threading.Thread(target=_end, args=(process,), daemon=True).start()

    def end(self) -> None:
        """Cancel what runs, and wait for it for a moment."""
        for job in list(self._jobs.values()):
            if not job.over.is_set():
                self.cancel(job)
                job.over.wait(3.0)

    def _begin(self, request: Request) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            stdin=subprocess.PIPE,  # held open: where it ends, this process is gone
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=os.name != "nt",  # a group of its own, with all that it starts
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
        if sys.platform != "win32":
            with suppress(OSError):  # it may have ended already
                os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(request_as_object(request)) + "\n")
            process.stdin.flush()
        return process

    def _hold(self, process: subprocess.Popen[str], job: Job) -> None:
        self._lock.hold(job.id, job.over)

    def _hear(self, process: subprocess.Popen[str], job: Job) -> None:
        """Take in what the process says until it ends, and what became of it."""
        assert process.stdout is not None
        assert process.stdin is not None
        lines: deque[str] = deque(maxlen=KEPT_LINES)
        result: dict[str, Any] = {}
        for line in process.stdout:
            said = _message_in(line)
            if said is None:
                lines.append(line.rstrip())
            elif "progress" in said:
                job.heard(said["progress"])
            else:
                result = said
        status = process.wait()
        for stream in (process.stdout, process.stdin):
            with suppress(OSError):
                stream.close()
        with self._changing:
            self._processes.pop(job.id, None)
        self._lock.give(job.id)  # before the next may be begun
        if job.state == "cancelled":
            job.end("cancelled", "was cancelled; the models that were there stay")
        elif status == 0 and result.get("done"):
            job.end("done", "trained")
        else:
            words = str(result.get("error") or "the training's process has ended unexpectedly")
            if "error" not in result:
                log.error("training %s: status %d: %s", job.id, status, "\n".join(lines))
            job.end("failed", words, int(result.get("status") or FAILED))
        log.info("training %s is %s: %s", job.id, job.state, job.message)
        self._tell(job.state)


def can_train() -> bool:
    """Return whether what trains is installed here."""
    return find_spec("torch") is not None


def request_as_object(request: Request) -> dict[str, Any]:
    """Return what is to be tuned, as JSON for the process that does it."""
    grids = {
        name: {"param": dict(grid.param), "n_jobs": grid.n_jobs, "cv": grid.cv}
        for name, grid in request.grids.items()
    }
    return {"grids": grids, "small": request.small}


def _message_in(line: str) -> dict[str, Any] | None:
    """Return what the process tells us in a line; None for a line of somebody else's."""
    if not line.startswith('{"tuning"'):
        return None
    try:
        said = json.loads(line)["tuning"]
    except (ValueError, KeyError):
        return None
    return said if isinstance(said, dict) else None


def _end(process: subprocess.Popen[str]) -> None:
    """End a process with all that it has started."""
    _signal(process, signal.SIGTERM)
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))


def _signal(process: subprocess.Popen[str], number: int) -> None:
    if process.poll() is not None:
        return
    with suppress(ProcessLookupError):
        if os.name == "nt":
            process.terminate()
        else:
            os.killpg(process.pid, number)
