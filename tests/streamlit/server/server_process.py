"""The dashboard's server in a process of its own, without pages: start, end, store and spool.

`ServerProcess` starts it. What visitors would answer comes in by a route of this file: as a
browser's answers do, they go to the writer of the store that the server opened at its start.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any

from environment import ROOT, read_environment

START_S = 60
END_S = 30


class ServerProcess:
    """Starts the server and ends it; `with ServerProcess(...) as server`.

    settings: its environment's own. folder: where its log lies, which later ones go on with.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self._log = folder / "server.log"
        self._settings = dict(settings)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def answer(self, number: int) -> dict[str, Any]:
        """Give so many answers; return their drawings' ids, and what was seen of them so far."""
        return self._ask(f"answer?number={number}")

    def waiting(self) -> dict[str, Any]:
        """Return how many drawings wait, and why."""
        return self._ask("waiting")

    def end(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal; return the exit status and the seconds until the process had ended."""
        assert self._process is not None
        started = time.monotonic()
        self._process.send_signal(number)
        return self._process.wait(END_S), time.monotonic() - started

    def __enter__(self) -> ServerProcess:
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __spec__.name if __spec__ else __name__, str(self.port)],
                cwd=ROOT,
                env=os.environ | self._settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_S
        while True:
            try:
                self._ask("waiting")
                return self
            except (urllib.error.URLError, OSError):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the server did not start:\n{self.log}") from None
                time.sleep(0.05)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _ask(self, what: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{what}", timeout=30) as said:
            found: dict[str, Any] = json.load(said)
            return found


def serve(port: int) -> None:
    """Serve until a signal comes."""
    sys.path.insert(0, str(ROOT / "streamlit"))  # as `streamlit run` has it
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    from tests.feedback.sample_drawings import a_drawing

    # By name: type checkers do not have streamlit/ on their path.
    choose_store = import_module("process.kept").choose_store
    lifespan = import_module("server.lifespan").lifespan

    def writer() -> Any:
        return choose_store(read_environment()).writer

    def answer(request: Request) -> JSONResponse:
        drawings = [a_drawing() for _ in range(int(request.query_params["number"]))]
        receipts = [writer().keep(drawing, 3) for drawing in drawings]
        states = [receipt.wait(0.2).value for receipt in receipts]
        return JSONResponse({"ids": [str(drawing.id) for drawing in drawings], "states": states})

    def waiting(_request: Request) -> JSONResponse:
        return JSONResponse({"waiting": writer().waiting, "problem": writer().problem})

    async def forever(_request: Request) -> JSONResponse:
        await asyncio.sleep(3600)
        return JSONResponse({})

    routes = [Route("/answer", answer), Route("/waiting", waiting), Route("/forever", forever)]
    app = Starlette(routes=routes, lifespan=lifespan)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    serve(int(sys.argv[1]))
