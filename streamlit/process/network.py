"""The network that reads, loaded once and ready at once."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from environment import project_path, read_environment
from model import Recogniser
from process.once import Once


def weights_of(environ: Mapping[str, str]) -> Path | None:
    """Return the weights file that the settings name; None for the shipped one."""
    return project_path(environ["WEIGHTS"]) if "WEIGHTS" in environ else None


def recogniser_in_use() -> Recogniser:
    """Return the network that WEIGHTS names, for a route; raises WeightsError.

    It is loaded already where the server has started; otherwise this waits a second or two.
    """
    return open_recogniser(weights_of(read_environment()))


def open_recogniser(weights: Path | None) -> Recogniser:
    """Return the network with these weights, the same one at every call; raises WeightsError."""
    return _recognisers.get(weights)


def is_loaded(weights: Path | None) -> bool:
    """Return whether asking for these weights takes no time."""
    return _recognisers.has(weights)


def forget_recognisers() -> None:
    """Load anew at the next call, for tests."""
    _recognisers.forget()


def _load(weights: Path | None) -> Recogniser:
    """Load a network.

    What start-up made lives as long as the process, so the garbage collector need not look at it
    again, in the middle of somebody's stroke.
    """
    recogniser = Recogniser.load(weights)  # one thread each: sessions share the processor
    stroke = np.zeros((280, 280), np.uint8)
    stroke[60:220, 130:150] = 255
    recogniser.predict(stroke)  # the first prediction is ten times slower than the others
    gc.collect()
    gc.freeze()
    return recogniser


_recognisers = Once(_load)
