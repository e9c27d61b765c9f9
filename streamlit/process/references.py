"""What was frozen with each version of the weights, wherever that version is kept."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from feedback.candidates import StoreUnavailable, WeightsUnknown, show_weights
from model.errors import BadWeights
from model.reading.frozen import Reference, reference_beside, reference_from
from model.weight_files.places import DEFAULT_WEIGHTS

_known: dict[str, Reference] = {}  # what is frozen stays as it is


def reference_of(engine: Engine | None, weights: Path | None, version: str) -> Reference | None:
    """Return how a version read drawings when it was made; None where nobody wrote that down.

    weights: the file that the settings name, None for the shipped one; a version of the store
    brings its own.
    """
    if version not in _known:
        for path in {weights or DEFAULT_WEIGHTS, DEFAULT_WEIGHTS}:
            beside = reference_beside(path)
            if beside is not None:
                _known[beside.version] = beside
    if version not in _known and engine is not None:
        kept = _in_store(engine, version)
        if kept is not None:
            _known[version] = kept
    return _known.get(version)


def _in_store(engine: Engine, version: str) -> Reference | None:
    try:
        told = show_weights(engine, version).metrics.get("reference")
        return None if told is None else reference_from(told)
    except (WeightsUnknown, StoreUnavailable, BadWeights):
        return None
