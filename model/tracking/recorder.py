"""The recorder: keeps in MLflow what it is told by lines of JSON, one after the other.

    python recorder.py STORE EXPERIMENT FOLDER    # the last: of files, where STORE is a database

Run as a program of its own, by `link`; nothing of the project is loaded. Each line that is kept is
answered by {"done": how many}, the first run also by its {"run_id"}; the first that cannot be kept
by {"failed": why}, which is the end. Where the lines end too early, so have the runs: as killed.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import logging
import os
import sys
import textwrap
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

LONGEST_VALUE = 500  # characters of an option; what every version and kind of store takes
MOST_AT_ONCE = 100  # values of one request; of metrics as many as of options, for simplicity


class Recorder:
    """Runs of one experiment, begun, filled and ended as messages say."""

    def __init__(self, store: str, experiment: str, folder: Path) -> None:
        """Reach the store; its database and the experiment are made where there are none."""
        from mlflow.tracking import MlflowClient

        self.client = MlflowClient(tracking_uri=store)
        found = self.client.get_experiment_by_name(experiment)
        if found is not None:
            self.experiment = found.experiment_id
        else:
            is_server = urlsplit(store).scheme in ("http", "https", "databricks")
            place = None if is_server else folder.resolve().as_uri()
            self.experiment = self.client.create_experiment(experiment, artifact_location=place)
        self.runs: dict[int, str] = {}  # by their numbers, those that go on
        self.options: dict[int, set[str]] = {}

    def begin(
        self, run: int, at_ms: int, name: str, parent: int | None, tags: dict[str, str]
    ) -> str:
        """Begin a run, below another where it has a parent; return its id."""
        with contextlib.suppress(OSError, KeyError):  # a container's user may have no name
            tags = {"mlflow.user": getpass.getuser(), **tags}
        if parent is not None:
            tags["mlflow.parentRunId"] = self.runs[parent]
        made = self.client.create_run(self.experiment, start_time=at_ms, tags=tags, run_name=name)
        self.runs[run], self.options[run] = made.info.run_id, set()
        return str(made.info.run_id)

    def log_options(self, run: int, at_ms: int, values: dict[str, str]) -> None:
        """Keep options; MLflow takes each but once."""
        from mlflow.entities import Param

        new = [Param(k, v[:LONGEST_VALUE]) for k, v in values.items() if k not in self.options[run]]
        self.options[run] |= values.keys()
        for some in _parts(new):
            self.client.log_batch(self.runs[run], params=some)

    def log_tags(self, run: int, at_ms: int, values: dict[str, str]) -> None:
        """Keep what is known besides."""
        from mlflow.entities import RunTag

        for some in _parts([RunTag(k, v) for k, v in values.items()]):
            self.client.log_batch(self.runs[run], tags=some)

    def log_data(self, run: int, at_ms: int, values: dict[str, str]) -> None:
        """Keep which datasets were read: as MLflow's datasets, and their digests as tags."""
        from mlflow.entities import Dataset, DatasetInput, InputTag

        tags = [InputTag("mlflow.data.context", "training")]
        inputs = [
            DatasetInput(Dataset(name, digest[:32], "local", json.dumps({"uri": name})), tags)
            for name, digest in values.items()
        ]
        self.client.log_inputs(self.runs[run], inputs)
        self.log_tags(run, at_ms, {f"data.{name}": digest for name, digest in values.items()})

    def log_metrics(self, run: int, at_ms: int, values: dict[str, float], step: int) -> None:
        """Keep figures, all of them in one request."""
        from mlflow.entities import Metric

        for some in _parts([Metric(k, v, at_ms, step) for k, v in values.items()]):
            self.client.log_batch(self.runs[run], metrics=some)

    def log_files(self, run: int, at_ms: int, values: list[str], folder: str) -> None:
        """Keep files as they are."""
        for path in values:
            if Path(path).is_file():
                self.client.log_artifact(self.runs[run], path, folder or None)

    def log_text(self, run: int, at_ms: int, name: str, content: str) -> None:
        """Keep a text as a file."""
        self.client.log_text(self.runs[run], content, name)

    def end(self, run: int, at_ms: int, status: str) -> None:
        """End a run."""
        self.client.set_terminated(self.runs.pop(run), status, at_ms)

    def end_all(self) -> None:
        """End what goes on as killed: whoever spoke is no longer there."""
        for run in reversed(list(self.runs)):
            self.end(run, time.time_ns() // 10**6, "KILLED")

    def keep(self, message: Mapping[str, Any]) -> str | None:
        """Do what a message says; return the id of a run that it begins."""
        named = {"options", "tags", "data", "metrics", "files", "text"}
        what = {name: value for name, value in message.items() if name != "do"}
        do = message["do"]
        result = getattr(self, f"log_{do}" if do in named else do)(**what)
        return result if do == "begin" else None


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[at : at + MOST_AT_ONCE] for at in range(0, len(values), MOST_AT_ONCE))


def why(error: BaseException, store: str) -> str:
    """Return why something could not be kept, in a few words without secrets."""
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) and cause not in chain:
        chain.append(cause)
    kinds = {kind.__name__ for it in chain for kind in type(it).__mro__}
    if kinds & {"ConnectionError", "Timeout", "MaxRetryError", "TimeoutError"}:
        return "does not answer"
    words = (str(error).strip() or type(error).__name__).splitlines()[0]
    try:
        secret = urlsplit(store).password
    except ValueError:
        secret = None
    for hidden in filter(None, [secret, secret and unquote(secret)]):
        words = words.replace(hidden, "***")
    return "refuses: " + textwrap.shorten(words, 240, placeholder=" ...")


def record(lines: Iterable[str], store: str, experiment: str, folder: Path) -> Iterator[object]:
    """Keep line after line; yield the answers."""
    try:
        recorder = Recorder(store, experiment, folder)
        for done, line in enumerate(lines, start=1):
            run_id = recorder.keep(json.loads(line))
            yield {"done": done} if run_id is None else {"done": done, "run_id": run_id}
        recorder.end_all()
    except Exception as error:
        yield {"failed": why(error, store)}


def main() -> int:
    """Answer until standard input ends; return the exit status."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what MLflow prints is no answer
    logging.disable()
    store, experiment, folder = sys.argv[1:]
    answer: object = None
    for answer in record(sys.stdin, store, experiment, Path(folder)):
        print(json.dumps(answer), file=answers, flush=True)
    return int(isinstance(answer, dict) and "failed" in answer)


if __name__ == "__main__":
    status = main()
    os._exit(status)  # all is kept; what MLflow would do at its end takes seconds
