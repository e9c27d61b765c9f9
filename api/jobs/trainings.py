"""Starting trainings, following and ending them."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from api.jobs.job import CANCELLING, AlreadyTraining, Ended, Job, job_of_row
from api.jobs.training_process import begin_process, end_process, message_in
from api.jobs.trainings_in_store import KeptTrainings
from feedback.candidates import TRAINING_RENEW_S, TrainingRow
from feedback.errors import RowRefused, StoreUnavailable
from model.tuning.grids import Request

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-u", "-m", "api.jobs.tuning_process")
RENEW_S = TRAINING_RENEW_S  # how often others hear how far it is, and wishes are looked for
KEPT_JOBS, KEPT_LINES = 50, 30
FAILED, ENDED_EARLY = 500, 409
STAY = "the models that were there stay"
CANCELLED = f"was cancelled; {STAY}"
STOPPED = f"was ended with the service that ran it; {STAY}"
REPLACED = f"another training began while this one could not reach the store; {STAY}"


@dataclass(eq=False)
class Run:
    """A job that runs in a process of ours."""

    job: Job
    process: subprocess.Popen[str]
    decided: threading.Event = field(default_factory=threading.Event)  # the process has ended
    outcome: tuple[Ended, str, int | None] = ("failed", "has not ended", FAILED)
    ended_as: tuple[Ended, str] = ("cancelled", CANCELLED)  # where it is ended before its time


class Trainings:
    """The trainings of one process, one of which runs at a time, and what is known of others'.

    Safe for threads.
    """

    def __init__(
        self,
        kept: KeptTrainings,
        *,
        command: Sequence[str] = COMMAND,
        tell: Callable[[str], None] = lambda state: None,
    ) -> None:
        """Begin with none. kept: what all instances know of them; command: what trains; tell: hears
        the state of the latest job.
        """
        self._kept, self._command, self._tell = kept, command, tell
        self._jobs: OrderedDict[UUID, Job] = OrderedDict()
        self._runs: dict[UUID, Run] = {}
        self._changing = threading.Lock()
        self._closing = threading.Event()

    def find(self, job_id: UUID) -> Job | None:
        """Return a job, whoever runs it; None for one that nobody knows.

        Raises StoreUnavailable.
        """
        job = self._jobs.get(job_id)
        if job is not None:
            return job
        row = self._kept.find(job_id)
        return None if row is None else job_of_row(row)

    def newest(self, limit: int) -> list[Job]:
        """Return the jobs that began last, whoever runs or ran them, the newest first.

        limit: at most so many. Raises StoreUnavailable.
        """
        known = {row.id: job_of_row(row) for row in self._kept.newest(limit)}
        with self._changing:
            known |= self._jobs  # what runs here is known here to the moment
        jobs = sorted(known.values(), key=lambda job: job.began_at, reverse=True)
        return jobs[:limit]

    def start(self, request: Request) -> Job:
        """Start a training, and return it.

        Raises AlreadyTraining with the first one's id, StoreUnavailable, and OSError where no
        process can be made.
        """
        job = Job(tuple(request.grids))
        with self._changing:
            running = next((run.job for run in self._runs.values()), None)
            if running is not None:
                raise AlreadyTraining(f"a training is running already: {running.path}", running.id)
            self._kept.begin(job.row())
            try:
                process = begin_process(self._command, request)
            except OSError as error:
                with suppress(StoreUnavailable):
                    self._kept.end(_ended(job, "failed", f"no process can be made: {error}"))
                raise
            run = Run(job, process)
            self._jobs[job.id], self._runs[job.id] = job, run
            while len(self._jobs) > KEPT_JOBS:
                self._jobs.popitem(last=False)
        log.info("training %s begins: process %d", job.id, process.pid)
        self._tell("running")
        for name, work in (("hear", self._hear), ("hold", self._hold)):
            threading.Thread(target=work, args=(run,), name=f"{name}-training", daemon=True).start()
        return job

    def cancel(self, job_id: UUID) -> Job | None:
        """Wish a job's end, whoever runs it, and return it as `find` does, before it has ended.

        What has ended stays as it is. An instance elsewhere ends it within seconds. Raises
        StoreUnavailable.
        """
        run = self._runs.get(job_id)
        if run is not None:
            self._end_early(run, "cancelled", CANCELLED)
            with suppress(StoreUnavailable):  # for those who ask elsewhere, while it ends
                self._kept.ask_to_cancel(job_id)
        elif job_id not in self._jobs:
            self._kept.ask_to_cancel(job_id)
        return self.find(job_id)

    def end(self) -> None:
        """Cancel what runs, and wait for it for a moment."""
        for run in list(self._runs.values()):
            self._end_early(run, "cancelled", STOPPED)
            run.job.over.wait(3.0)
        self._closing.set()

    def _end_early(self, run: Run, state: Ended, words: str) -> None:
        with self._changing:
            if run.job.state != "running" or run.decided.is_set():
                return
            run.job.state, run.job.message = "cancelling", CANCELLING
            run.ended_as = state, words
        threading.Thread(target=end_process, args=(run.process,), daemon=True).start()

    def _hold(self, run: Run) -> None:
        """Let others know how far it is until its process has ended, then what became of it."""
        while not run.decided.wait(RENEW_S):
            try:
                successor, is_unwanted = self._kept.hear(run.job.row())
            except (StoreUnavailable, RowRefused) as error:
                log.warning("how far the training is cannot be kept: %s", error)
                continue
            if successor is not None:
                self._end_early(run, "failed", REPLACED)
            elif is_unwanted:
                self._end_early(run, "cancelled", CANCELLED)
        state, words, status = run.outcome
        row = _ended(run.job, state, words)
        is_kept = self._keep(row)  # before the next may be begun
        with self._changing:  # the next one is told of after this one's end
            run.job.end(row, status)
            self._tell(state)
            self._runs.pop(run.job.id, None)
        log.info("training %s is %s: %s", row.id, row.state, row.message)
        while not is_kept and not self._closing.wait(RENEW_S):
            is_kept = self._keep(row)

    def _keep(self, row: TrainingRow) -> bool:
        try:
            self._kept.end(row)
        except (StoreUnavailable, RowRefused) as error:
            log.warning("what became of training %s cannot be kept yet: %s", row.id, error)
            return False
        return True

    def _hear(self, run: Run) -> None:
        """Take in what the process says until it ends, and what became of it."""
        process, job = run.process, run.job
        assert process.stdout is not None
        assert process.stdin is not None
        lines: deque[str] = deque(maxlen=KEPT_LINES)
        result: dict[str, Any] = {}
        for line in process.stdout:
            said = message_in(line)
            if said is None:
                lines.append(line.rstrip())
            elif "progress" in said:
                job.heard(said["progress"])
            elif "message" in said:
                job.says(str(said["message"]))
            else:
                result = said
        status = process.wait()
        for stream in (process.stdout, process.stdin):
            with suppress(OSError):
                stream.close()
        with self._changing:  # nobody wishes its end from now on
            if status == 0 and result.get("done"):
                run.outcome = "done", "trained", None
            elif job.state == "cancelling":
                run.outcome = *run.ended_as, ENDED_EARLY
            else:
                words = str(result.get("error") or "the training's process has ended unexpectedly")
                run.outcome = "failed", words, int(result.get("status") or FAILED)
                if "error" not in result:
                    log.error("training %s: status %d: %s", job.id, status, "\n".join(lines))
            run.decided.set()


def _ended(job: Job, state: Ended, words: str) -> TrainingRow:
    share = 1.0 if state == "done" else job.share
    now = datetime.now(UTC)
    row = replace(job.row(), state=state, message=words, share=share)
    return replace(row, heard_at=now, ended_at=now)


def can_train() -> bool:
    """Return whether what trains is installed here."""
    return find_spec("torch") is not None
