"""The real app in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from environment import ROOT

START_S = 60
STORE_KEYS = (
    *("DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD", "EMBEDDED_STORE"),
    *("DB_PASSWORDLESS", "DB_SSLMODE", "DB_SSLROOTCERT", "LOG_FORMAT"),
)
ACCESS_KEYS = ("OPERATOR_PASSWORD", "TRUSTED_PROXIES", "METRICS", "EMBED_ORIGINS")
BY_SCRIPT = (str(ROOT / "run_streamlit.py"), "--port", "{port}")
BY_STREAMLIT = (
    *("-m", "streamlit", "run", str(ROOT / "streamlit" / "app.py")),
    *("--server.port", "{port}", "--server.address", "127.0.0.1"),
)


class Dashboard:
    """Starts the app on a free port and ends it; `with Dashboard(...) as dashboard`.

    folder: where it is started from, and where its log lies. settings: its environment's own.
    base: the path that it is shown below. output: where it prints to, if not into its log.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str],
        way: Sequence[str] = BY_SCRIPT,
        *,
        base: str = "",
        output: int | None = None,
    ) -> None:
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        own = {"SPOOL_DIR": str(folder / "spool")}
        self._settings = dict.fromkeys(STORE_KEYS + ACCESS_KEYS, "") | own | dict(settings)
        self._way = [part.format(port=self.port) for part in way]
        self._base, self._output = base, output
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        return (self.folder / "app.log").read_text(errors="replace")

    def __enter__(self) -> Dashboard:
        self._start()
        return self

    def restart(self) -> None:
        """End it, and start it anew at the same port."""
        self._end()
        self._start()

    def _start(self) -> None:
        with open(self.folder / "app.log", "wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._way],
                cwd=self.folder,
                env=os.environ | self._settings,
                stdin=subprocess.DEVNULL,
                stdout=log if self._output is None else self._output,
                stderr=log,
            )
        deadline = time.monotonic() + START_S
        while not self.is_healthy():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the app did not start:\n{self.log}")
            time.sleep(0.1)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _end(self) -> None:
        assert self._process is not None
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(
                f"{self.url}{self._base}/_stcore/health", timeout=2
            ) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
