"""Ctrl-C, and an order to end, in the middle of work that is spread over processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from environment import ROOT

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").is_file(), reason="who lives is asked of /proc"
)
PROGRAM = Path(__file__).with_name("workers_to_signal.py")
Start = Callable[[str], subprocess.Popen[str]]
SIGNALS = [signal.SIGINT, signal.SIGTERM]


def hear_signals() -> None:
    """Undo what a shell did that started the tests in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return what starts the program in a group of its own, and waits for all its workers."""
    processes: list[subprocess.Popen[str]] = []

    def begin(moment: str) -> subprocess.Popen[str]:
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(tmp_path), moment], cwd=ROOT, env=environ,
            start_new_session=True, preexec_fn=hear_signals, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        processes.append(process)
        end_s = time.monotonic() + 120
        while len(list(tmp_path.iterdir())) < min(os.cpu_count() or 1, 12):  # chunks of the work
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < end_s
            time.sleep(0.02)
        return process

    yield begin
    for process in processes:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def lives(number: int) -> bool:
    """Tell whether a process is there, and not merely waiting to be counted as dead."""
    try:
        os.kill(number, 0)
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"


def left_after(folder: Path, wait_s: float) -> list[str]:
    """Return the workers that are still there after a time, or none as soon as none is."""
    end_s = time.monotonic() + wait_s
    while True:
        left = [path.name for path in folder.iterdir() if lives(int(path.name))]
        if not left or time.monotonic() > end_s:
            return left
        time.sleep(0.05)


def is_empty_within(wait_s: float, group: int) -> bool:
    """Tell whether nobody is left in a group of processes after a time, or sooner."""
    end_s = time.monotonic() + wait_s
    while time.monotonic() < end_s:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("moment", ["booting", "working"])
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_to_all_ends_all_at_once_and_without_a_traceback(
    tmp_path: Path, start: Start, number: signal.Signals, moment: str
) -> None:
    process = start(moment)
    os.killpg(process.pid, number)
    said, wrong = process.communicate(timeout=30)

    assert process.returncode == 130
    assert said == "interrupted\n"
    assert wrong == "hanging: 3,000 drawings\n"
    assert left_after(tmp_path, 0) == []
    assert is_empty_within(10, process.pid)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_second_signal_during_the_end_leaves_no_worker(
    tmp_path: Path, start: Start, number: signal.Signals
) -> None:
    process = start("working")
    for _ in range(20):
        os.killpg(process.pid, number)
    process.communicate(timeout=30)

    assert left_after(tmp_path, 0) == []


@pytest.mark.parametrize("number", SIGNALS)
def test_workers_go_on_where_a_signal_reaches_them_alone(
    tmp_path: Path, start: Start, number: signal.Signals
) -> None:
    process = start("working")
    workers = [int(path.name) for path in tmp_path.iterdir()]
    for worker in workers:
        os.kill(worker, number)
    time.sleep(0.5)

    assert [worker for worker in workers if not lives(worker)] == []
    assert process.poll() is None


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path, start: Start) -> None:
    process = start("working")
    process.kill()
    process.communicate(timeout=30)

    assert left_after(tmp_path, 10) == []
