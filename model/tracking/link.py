"""The way to the recorder: a process of its own, which is told and not waited for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from environment import ROOT

RECORDER = Path(__file__).with_name("recorder.py")
STALL_S = 60.0  # without any sign of the recorder, after which nobody waits for it any longer
# Where the environment does not say otherwise: a server that is away is given up after seconds, not
# after the ten minutes of MLflow's own defaults, and nothing is reported to MLflow's makers.
QUICK_AND_QUIET = {
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "5",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "GIT_PYTHON_REFRESH": "quiet",  # MLflow looks for git, and need not find it
}
NO_TELEMETRY = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}


class Link:
    """A recorder that runs; the first thing that goes wrong ends it, and is said in a sentence."""

    def __init__(
        self,
        store: str,
        experiment: str,
        environ: Mapping[str, str],
        say: Callable[[str], None],
        stall_s: float = STALL_S,
    ) -> None:
        """Start a recorder for a store, without waiting until it is ready.

        store: the URI of MLflow's store or server; environ: what the recorder's process gets.
        """
        self.store = without_secrets(store)
        self.run_id = ""  # of the first run, once it is recorded
        self._say, self._stall_s = say, stall_s
        self._sent = self._done = 0
        self._failed = self._is_closing = False
        self._changed = threading.Condition()
        self._waiting: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        command = [sys.executable, "-P", "-W", "ignore", str(RECORDER), store, experiment]
        command.append(str(ROOT / "var" / "mlflow-files"))
        try:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,  # what is relative in a setting is so to the project
                env={**QUICK_AND_QUIET, **environ, **NO_TELEMETRY},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # Ctrl-C is for the training alone
            )
        except OSError as error:
            self._failed = True
            say(f"not tracked: the recorder cannot be started ({error.strerror or error})")
            return
        self._threads = [
            threading.Thread(target=work, daemon=True) for work in (self._write, self._read)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def is_up(self) -> bool:
        """Tell whether what is sent is recorded, as far as is known."""
        return not self._failed

    @property
    def has_kept(self) -> bool:
        """Tell whether everything so far is recorded."""
        return bool(self.run_id) and not self._failed and self._done == self._sent

    def send(self, message: dict[str, Any]) -> None:
        """Hand a message over."""
        if not self._failed:
            self._sent += 1
            self._waiting.put(message)

    def settle(self) -> None:
        """Wait until everything so far is recorded, or cannot be."""
        self._wait(lambda: self._done >= self._sent)

    def close(self) -> None:
        """Wait likewise, and end the recorder."""
        if not self._failed:
            self.settle()
        if not self._failed:
            self._is_closing = True
            self._waiting.put(None)
            self._wait(lambda: self._process.poll() is not None)
        self._waiting.put(None)
        for thread in self._threads:  # one may still be about to say why there is nothing
            thread.join(timeout=2)

    def _wait(self, is_there: Callable[[], bool]) -> None:
        """Wait for something; give the recorder up where it shows no sign of life for long."""
        done, since = self._done, time.monotonic()
        with self._changed:
            while not self._failed and not is_there():
                self._changed.wait(timeout=0.2)
                if self._done != done:
                    done, since = self._done, time.monotonic()
                elif time.monotonic() - since > self._stall_s:
                    break
            else:
                return
        self._give_up(f"has not answered for {self._stall_s:.0f} s")

    def _write(self) -> None:
        assert self._process.stdin
        try:
            while (message := self._waiting.get()) is not None:
                self._process.stdin.write(json.dumps(message) + "\n")
                self._process.stdin.flush()
        except OSError:
            pass  # it has ended; why, `_read` hears
        with suppress(OSError):
            self._process.stdin.close()

    def _read(self) -> None:
        assert self._process.stdout
        reason = ""
        for line in self._process.stdout:
            answer = json.loads(line)
            with self._changed:
                self._done = answer.get("done", self._done)
                self.run_id = self.run_id or answer.get("run_id", "")
                self._changed.notify_all()
            reason = answer.get("failed", reason)
        self._process.stdout.close()
        status = self._process.wait()
        with self._changed:
            self._changed.notify_all()
        if reason or not self._is_closing:
            self._give_up(reason or f"ended by itself (status {status})")

    def _give_up(self, reason: str) -> None:
        with self._changed:
            if self._failed:
                return
            self._failed = True
            self._changed.notify_all()
        self._process.kill()
        what = "not tracked any further" if self.run_id else "not tracked"
        self._say(f"{what}, all else goes on: MLflow at {self.store} {reason}")


def without_secrets(uri: str) -> str:
    """Return a URI without the name and the password that may stand in it."""
    return re.sub(r"//[^/]*@", "//", uri).partition("?")[0]
