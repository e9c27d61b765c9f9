"""A training's process as the service sees it: begun at low priority, heard, ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from environment import ROOT
from model.tuning.grids import Request

NICENESS = 15  # whoever has something read comes first
END_S = 10.0  # that a training has to end by itself before it is killed


def begin_process(command: Sequence[str], request: Request) -> subprocess.Popen[str]:
    """Start a process that is told what to tune, and return it; raises OSError."""
    process = subprocess.Popen(
        command,
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


def request_as_object(request: Request) -> dict[str, Any]:
    """Return what is to be tuned, as JSON for the process that does it."""
    grids = {
        name: {"param": dict(grid.param), "n_jobs": grid.n_jobs, "cv": grid.cv}
        for name, grid in request.grids.items()
    }
    return {"grids": grids, "small": request.small}


def message_in(line: str) -> dict[str, Any] | None:
    """Return what the process tells us in a line; None for a line of somebody else's."""
    if not line.startswith('{"tuning"'):
        return None
    try:
        said = json.loads(line)["tuning"]
    except (ValueError, KeyError):
        return None
    return said if isinstance(said, dict) else None


def end_process(process: subprocess.Popen[str]) -> None:
    """End a process with all that it has started, by force where it takes its time."""
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
