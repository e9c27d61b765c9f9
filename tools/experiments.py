"""Open MLflow's own page over what trainings recorded, on this machine alone.

    python -m tools.experiments [--port 5000]

MLflow and its page come into `.venv-mlflow`. The store is MLFLOW_TRACKING_URI, or `var/mlflow.db`;
where that names a server, its page is at that address already.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence

from environment import ROOT, read_environment
from model.tracking.link import NO_TELEMETRY, without_secrets
from model.tracking.tracker import OFF, default_store
from tools.toolbox import program


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the page until Ctrl-C; return the exit status."""
    parser = argparse.ArgumentParser(description="Open MLflow's page over what was tracked.")
    parser.add_argument("--port", type=int, default=5000, help="(default: %(default)s)")
    options = parser.parse_args(argv)
    store = read_environment().get("MLFLOW_TRACKING_URI") or default_store()
    if store.lower() in OFF:
        print("MLFLOW_TRACKING_URI is off: nothing is tracked", file=sys.stderr)
        return 1
    if store.startswith(("http://", "https://")):
        print(f"what is tracked is at {without_secrets(store)}")
        return 0
    try:
        mlflow = program("mlflow", "mlflow")
    except OSError as error:
        print(f"experiments: {error}", file=sys.stderr)
        return 1
    print(f"what is tracked: http://127.0.0.1:{options.port} (Ctrl-C ends it)", flush=True)
    command = [str(mlflow), "server", "--host", "127.0.0.1", "--port", str(options.port)]
    # The store goes by the environment: it may hold a password, and all may read commands.
    environ = {**os.environ, **NO_TELEMETRY, "MLFLOW_BACKEND_STORE_URI": store}
    try:
        return subprocess.call([*command, "--workers", "1"], cwd=ROOT, env=environ)
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
