"""A program whose workers take their time, for tests that send it signals.

Its first argument is a folder, in which each worker leaves a file named after its process; the
second says where the signal finds it: `booting`, in imports, or `working`.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

FOLDER, MOMENT = Path(sys.argv[1]), sys.argv[2]
HANG_S = 100.0


def leave_name() -> None:
    """Tell that this process is there."""
    (FOLDER / str(os.getpid())).touch()


if MOMENT == "booting" and multiprocessing.parent_process() is not None:
    leave_name()
    time.sleep(HANG_S)


def hang(number: int) -> int:
    """Work for longer than any test waits."""
    leave_name()
    time.sleep(HANG_S)
    return number


def main() -> int:
    """Work; return the exit status."""
    from model.synthesis.workers import spread

    try:
        # Items of which a chunk is larger than a pipe holds.
        for _ in spread(hang, [10**400 + number for number in range(3000)], "hanging"):
            pass
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        return 130
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as run_model.py
    sys.exit(main())
