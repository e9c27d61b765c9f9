"""MLflow's registry of models, kept in step with what is live: `champion` is the live version.

    python -m model.tracking.model_registry live VERSION      # it is the champion
    python -m model.tracking.model_registry live              # the shipped ones: there is none
    python -m model.tracking.model_registry keep VERSION      # it is in the registry

A process of its own loads MLflow (`tell` starts it), so that whoever promotes is neither held up
nor stopped by a server that is away. Nothing happens where nothing is tracked.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from environment import ROOT, read_environment
from model.tracking.link import NO_TELEMETRY, QUICK_AND_QUIET, without_secrets
from model.tracking.recorder import why
from model.tracking.tracker import OFF

MODEL = "inkling-digits"
CHAMPION = "champion"
TAG = "inkling.version"
DEFAULT = ROOT / "var" / "mlflow.db"  # of `tracker.default_store`
LIMIT_S = 120.0  # MLflow alone takes ten seconds to load on a busy machine


def tell(do: Literal["live", "keep"], version: str | None, environ: Mapping[str, str]) -> str:
    """Tell the registry what is live, or what there is; return a sentence where it cannot be told.

    version: None: the shipped weights. environ: of `read_environment`. Takes seconds; "" where
    all went well, and where nothing is tracked.
    """
    if store_of(environ) is None:
        return ""
    command = [sys.executable, "-W", "ignore", "-m", "model.tracking.model_registry", do]
    command += [] if version is None else [version]
    surroundings = {**QUICK_AND_QUIET, **environ, **NO_TELEMETRY}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=LIMIT_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"MLflow's registry was not told: {error}"
    return done.stderr.strip()


def store_of(environ: Mapping[str, str]) -> str | None:
    """Return the URI of the registry; None where nothing is tracked, or never was."""
    store = environ.get("MLFLOW_TRACKING_URI", "")
    if store.lower() in OFF or (not store and not DEFAULT.exists()):
        return None
    return store or "sqlite:///var/mlflow.db"


def keep(client: Any, version: str) -> str:
    """Make the registry hold a version, once; return its number there.

    client: an `MlflowClient`. The bytes stay in the store of answers, where they are checked.
    """
    if not client.search_registered_models(f"name = '{MODEL}'"):
        client.create_registered_model(
            MODEL, description="Weights of Inkling that learnt from people's answers"
        )
    found = client.search_model_versions(f"name = '{MODEL}' and tag.`{TAG}` = '{version}'")
    if found:
        return str(found[0].version)
    made = client.create_model_version(
        MODEL,
        source=f"inkling-store:/{version}",
        tags={TAG: version},
        description=f"`python -m feedback.weights export {version} FILE` writes its files",
    )
    return str(made.version)


def make_live(client: Any, version: str | None) -> None:
    """Let `champion` be a version, or nothing where the shipped weights are live."""
    if version is not None:
        client.set_registered_model_alias(MODEL, CHAMPION, keep(client, version))
    elif client.search_registered_models(f"name = '{MODEL}'"):
        client.delete_registered_model_alias(MODEL, CHAMPION)


def main(argv: Sequence[str]) -> int:
    """Do what the arguments say; return the exit status, after a sentence where it is not 0."""
    do, version = argv[0], argv[1] if len(argv) > 1 else None
    store = store_of(read_environment())
    if store is None:
        return 0
    if importlib.util.find_spec("mlflow") is None:
        print("MLflow's registry was not told: MLflow is not installed here", file=sys.stderr)
        return 1
    warnings.simplefilter("ignore")
    logging.disable()
    try:
        from mlflow.tracking import MlflowClient

        client = MlflowClient(tracking_uri=store, registry_uri=store)
        if do == "keep" and version is not None:
            keep(client, version)
        else:
            make_live(client, version)
    except Exception as error:  # whatever MLflow and its store may raise
        said = f"MLflow at {without_secrets(store)} {why(error, store)}"
        print(f"MLflow's registry was not told: {said}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # all is kept; what MLflow would do at its end takes seconds
