"""The process's one recogniser, for routes: the same that the pages read with."""

from __future__ import annotations

from environment import project_path, read_environment
from model import Recogniser


def live_recogniser() -> Recogniser:
    """Return the network in use; raises WeightsError."""
    from shell import open_recogniser

    environ = read_environment()
    weights = project_path(environ["WEIGHTS"]) if "WEIGHTS" in environ else None
    recogniser: Recogniser = open_recogniser(weights)
    return recogniser
