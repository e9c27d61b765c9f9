"""Stands in for the process that trains: says how far it is, then does what it was told to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

COMPUTES = """
import time
import numpy as np
numbers = np.random.default_rng(0).random((400, 400))
while time.monotonic() < %f:
    numbers @ numbers
""" % (time.monotonic() + 300)


def say(message: object) -> None:
    """Tell the service."""
    print(json.dumps({"tuning": message}), flush=True)


asked = json.loads(sys.stdin.readline())
folder, does = Path(sys.argv[1]), sys.argv[2]
print("a line of somebody else's", flush=True)
names = list(asked["grids"])
say({"progress": {"member": names[0], "stage": "searching", "done": 1, "total": 2}})
(folder / "asked.json").write_text(json.dumps(asked))
if does == "wait":
    sys.stdin.readline()  # until the service is gone, or this is ended
    (folder / "ended.txt").write_text("the service is gone")
elif does == "compute":  # on all cores, as a search does
    busy = [subprocess.Popen([sys.executable, "-c", COMPUTES]) for _ in range(os.cpu_count() or 1)]
    sys.stdin.readline()
    for process in busy:
        process.kill()
elif does == "fail":
    say({"error": "no MNIST under data", "status": 503})
    sys.exit(1)
elif does == "crash":
    sys.exit(3)
else:
    # Imported late: to say how far it is takes no ONNX.
    from tests.api.tuned_members import leave_members

    leave_members(folder, *names)
    say({"done": True})
