"""The process that trains: what to tune comes in on its input, how far it is goes out in lines.

Its input stays open for as long as the service lives; where that ends, this ends too, and leaves
the models that were there.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from typing import Any

from environment import data_dir, models_dir, read_environment
from model.errors import FoldError, WeightsError
from model.tuning.grids import BadGrid, Grid, Request

NO_DATA, CANNOT = 503, 500


def main() -> int:
    """Tune what the first line of the input says; return the exit status."""
    asked = json.loads(sys.stdin.readline())
    threading.Thread(target=_watch, daemon=True).start()
    grids = {name: Grid(**grid) for name, grid in asked["grids"].items()}
    environ = read_environment()
    _say({"message": "loading what trains"})
    try:
        from model.datasets.idx import DatasetError
        from model.tracking.tracker import open_tracker
        from model.tuning.tune import tune
    except ImportError as error:
        return _failed(f"what trains is not installed here: {error}", 501)
    try:
        request = Request(grids=grids, small=asked["small"])
        _say({"message": "reading the training data"})
        name = f"tune {' '.join(request.grids)} seed {request.seed}"
        with open_tracker(environ) as tracker, tracker.run(name, mode="tune") as run:
            tune(request, data_dir(environ), models_dir(environ), run=run, progress=_progress)
    except BadGrid as error:
        return _failed(str(error), 422)
    except DatasetError as error:
        return _failed(str(error), NO_DATA)
    except (FoldError, WeightsError, OSError, MemoryError) as error:
        return _failed(str(error) or type(error).__name__, CANNOT)
    _say({"done": True})
    return 0


def _progress(progress: Any) -> None:
    names = ("member", "stage", "done", "total")
    _say({"progress": {name: getattr(progress, name) for name in names}})


def _failed(words: str, status: int) -> int:
    _say({"error": words, "status": status})
    return 1


def _say(message: dict[str, Any]) -> None:
    print(json.dumps({"tuning": message}), flush=True)


def _watch() -> None:
    """End this process and all that it has started as soon as the service is gone."""
    while sys.stdin.readline():
        pass
    if os.name != "nt" and os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
