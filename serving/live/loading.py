"""Recognisers that are ready at once, of files and of what the store holds."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from feedback.candidates import (
    WeightsDamaged,
    WeightsUnknown,
    live_version,
    load_stored_weights,
)
from model import Recogniser
from model.weight_files.places import DEFAULT_WEIGHTS
from serving.live.following import Following, NotLoadable


def follow_store(engine: Engine, shipped: Callable[[], Recogniser]) -> Following:
    """Return what follows a store; shipped: gives what reads while nothing is promoted."""
    return Following(partial(live_version, engine), partial(_load_live, engine, shipped))


def load_ready(weights: Path | None) -> Recogniser:
    """Return a recogniser of files, ready to read; None: the shipped ones. Raises WeightsError.

    What start-up made lives as long as the process, so the garbage collector need not look at it
    again, in the middle of somebody's stroke.
    """
    recogniser = _warmed_up(Recogniser.load(weights or DEFAULT_WEIGHTS))
    gc.collect()
    gc.freeze()
    return recogniser


def _load_live(
    engine: Engine, shipped: Callable[[], Recogniser], version: str | None
) -> Recogniser:
    """Return the recogniser of a version of the store, or the shipped one for None."""
    if version is None:
        return shipped()
    try:
        stored = load_stored_weights(engine, version)
        recogniser = Recogniser.from_bytes(stored.graph, f"the store's copy of {version}")
    except (WeightsDamaged, WeightsUnknown) as error:
        raise NotLoadable(str(error)) from error
    if recogniser.card.version != version:
        raise NotLoadable(
            f"what the store holds as {version} is {recogniser.card.version}: it is not used"
        )
    return _warmed_up(recogniser)


def _warmed_up(recogniser: Recogniser) -> Recogniser:
    """Return it after its first prediction, which is ten times slower than the others."""
    stroke = np.zeros((280, 280), np.uint8)
    stroke[60:220, 130:150] = 255
    recogniser.predict(stroke)
    return recogniser
