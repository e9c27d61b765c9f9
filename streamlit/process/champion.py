"""Letting MLflow's registry follow what is live, where trainings are tracked."""

from __future__ import annotations

import logging
import threading

from environment import read_environment

log = logging.getLogger(__name__)


def tell_registry(version: str | None) -> threading.Thread:
    """Tell the registry what is live, in a thread of its own; return it. None: the shipped weights.

    What is live does not depend on it: where it cannot be told, the log says so.
    """
    thread = threading.Thread(target=_tell, args=(version,), name="tell-registry", daemon=True)
    thread.start()
    return thread


def _tell(version: str | None) -> None:
    from model.tracking.model_registry import tell  # what it needs, few ever do

    words = tell("live", version, read_environment())
    if words:
        log.warning("%s", words)
