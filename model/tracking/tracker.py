"""A training's notebook: runs, their options, figures and files, or nothing at all."""

from __future__ import annotations

import importlib.util
import itertools
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from environment import ROOT
from model.tracking.link import Link

OFF = ("off", "no", "none", "false", "0")
EXPERIMENT = "Inkling"
Metrics = Mapping[str, float | int | None]


class Run:
    """One run; used by `with`, it ends as finished, failed, or killed by Ctrl-C.

    It is there once something is told of it: what ends before that leaves no trace. Nothing here
    waits or raises: what cannot be recorded is not, and the tracker says so once.
    """

    def __init__(
        self, tracker: Tracker, name: str, parent: Run | None, tags: Mapping[str, object]
    ) -> None:
        """Begin a run; `Tracker.run` and `child` are the ways in."""
        self._tracker, self._number = tracker, next(tracker.numbers)
        self._parent, self._started = parent, time.perf_counter()
        self._status: str | None = None
        number = None if parent is None else parent._number
        self._beginning: dict[str, Any] | None = self._message(
            "begin", name=name, parent=number, tags=_as_text(tags)
        )

    @property
    def is_tracked(self) -> bool:
        """Tell whether what is told is recorded, as far as is known."""
        return self._tracker.is_on

    def child(self, name: str, **tags: object) -> Run:
        """Begin a run below this one: a fold, a trial."""
        return Run(self._tracker, name, self, tags)

    def options(self, values: Mapping[str, object]) -> None:
        """Record what the run was told; each name once."""
        self._send("options", values=_as_text(values))

    def tags(self, values: Mapping[str, object]) -> None:
        """Record what is known of the run's surroundings; a later value replaces one before."""
        self._send("tags", values=_as_text(values))

    def data(self, digests: Mapping[str, str]) -> None:
        """Record what was read: name of each dataset, and the SHA-256 of its content."""
        self._send("data", values=dict(digests))

    def epoch(self, step: int, values: Metrics) -> None:
        """Record the figures of an epoch, counted from 1, in one go; None is left out."""
        self._send("metrics", values=_numbers(values), step=step)

    def metrics(self, values: Metrics) -> None:
        """Record figures of the whole run; None is left out."""
        self._send("metrics", values=_numbers(values), step=0)

    def files(self, paths: Iterable[Path], folder: str = "") -> None:
        """Record files as they are when the recorder comes to them; those not there are left out.

        folder: where in the run they go. `settle` waits until they have been read.
        """
        there = [str(path.resolve()) for path in paths if path.is_file()]
        self._send("files", values=there, folder=folder)

    def text(self, name: str, content: str) -> None:
        """Record a text as a file of that name, which may begin with folders."""
        self._send("text", name=name, content=content)

    def settle(self) -> None:
        """Wait until all that was told is recorded, or cannot be: files are no longer needed."""
        self._tracker.settle()

    def interrupted(self) -> None:
        """Let the run end as killed, whatever else happens."""
        self._status = "KILLED"

    def failed(self) -> None:
        """Let the run end as failed, whatever else happens."""
        self._status = "FAILED"

    def __enter__(self) -> Self:
        """Return the run itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """End the run, with its duration."""
        if self._beginning is not None:
            return
        self.metrics({"duration_s": time.perf_counter() - self._started})
        status = "FINISHED" if kind is None else "FAILED"
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            status = "KILLED"
        self._send("end", status=self._status or status)

    def _send(self, do: str, **what: Any) -> None:
        self._begin()
        self._tracker.send(self._message(do, **what))

    def _begin(self) -> None:
        if self._beginning is None:
            return
        if self._parent is not None:
            self._parent._begin()
        beginning, self._beginning = self._beginning, None
        self._tracker.send(beginning)

    def _message(self, do: str, **what: Any) -> dict[str, Any]:
        return {"do": do, "run": self._number, "at_ms": time.time_ns() // 10**6, **what}


class Tracker:
    """Where runs are recorded; without a way to a recorder, nowhere."""

    def __init__(self, connect: Callable[[], Link] | None = None) -> None:
        """Take what starts a recorder, once there is something to record.

        `open_tracker` is the usual way in; `Tracker()` records nothing.
        """
        self._connect = connect
        self._link: Link | None = None
        self.numbers = itertools.count()

    @property
    def is_on(self) -> bool:
        """Tell whether what is sent is recorded, as far as is known."""
        return self._connect is not None if self._link is None else self._link.is_up

    @property
    def where(self) -> str:
        """Return where the runs are, without passwords; "" where that is nowhere."""
        return self._link.store if self._link is not None and self._link.has_kept else ""

    def run(self, name: str, **tags: object) -> Run:
        """Begin a run of its own. tags: `mode="train"`, say."""
        return Run(self, name, None, tags)

    def send(self, message: dict[str, Any]) -> None:
        """Hand a message over to the recorder, without waiting for it."""
        if self._link is None and self._connect is not None:
            self._link = self._connect()
        if self._link is not None:
            self._link.send(message)

    def settle(self) -> None:
        """Wait until all that was handed over is recorded, or cannot be."""
        if self._link is not None:
            self._link.settle()

    def close(self) -> None:
        """Wait until all is recorded, or cannot be, and end the recorder."""
        if self._link is not None:
            self._link.close()

    def __enter__(self) -> Self:
        """Return the tracker itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


def default_store() -> str:
    """Return the URI of the store where no other is named: a file in the project's `var/`."""
    (ROOT / "var").mkdir(exist_ok=True)
    return "sqlite:///var/mlflow.db"


def open_tracker(
    environ: Mapping[str, str], *, is_wanted: bool = True, say: Callable[[str], None] | None = None
) -> Tracker:
    """Return a tracker over MLFLOW_TRACKING_URI, or over the file that is its default.

    One that records nothing where it is not wanted, where that is `off`, and, with a sentence,
    where MLflow is not installed. environ: of `read_environment`; the recorder gets all of it.
    say: what prints such a sentence; to stderr, if not given.
    """
    store = environ.get("MLFLOW_TRACKING_URI", "")
    if not is_wanted or store.lower() in OFF:
        return Tracker()
    store = store or default_store()
    say = say or _say
    if importlib.util.find_spec("mlflow") is None:
        say("not tracked: MLflow is not installed (`pip install -r requirements.txt` brings it)")
        return Tracker()
    return Tracker(lambda: Link(store, EXPERIMENT, environ, say))


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _as_text(values: Mapping[str, object]) -> dict[str, str]:
    return {_name(name): str(value) for name, value in values.items()}


def _numbers(values: Metrics) -> dict[str, float]:
    return {_name(name): float(value) for name, value in values.items() if value is not None}


def _name(name: str) -> str:
    """Return a name as every kind of store takes it."""
    return re.sub(r"[^\w\-./]+", "_", name)
