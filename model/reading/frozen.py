"""`NAME.reference.json`: how a version of the weights read drawings when it was made."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from model.errors import BadWeights
from model.weight_files.places import exists, pair_of, write_files

BINS = 20  # of confidence, from 0 to 1
DIGITS = 10


@dataclass(frozen=True)
class Reference:
    """How a version read drawings of digits when it was made; frozen with it.

    sure_from: its threshold, 0 to 1. taken, sure: of `drawings`. confidence: those taken for a
    digit, in `BINS` equal bins from 0 to 1. digits: the same, by the digit they were taken for.
    """

    version: str
    made_of: str
    sure_from: float
    drawings: int
    taken: int
    sure: int
    confidence: tuple[int, ...]
    digits: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the reference as plain data; `reference_from` reads it."""
        return asdict(self)


def reference_from(content: str | bytes | dict[str, Any]) -> Reference:
    """Return a reference from its JSON, or what JSON became; BadWeights for what is none."""
    try:
        told = content if isinstance(content, dict) else json.loads(content)
        values = {field.name: told[field.name] for field in fields(Reference)}
        reference = Reference(
            **values
            | {"confidence": tuple(values["confidence"]), "digits": tuple(values["digits"])}
        )
        is_sound = (
            len(reference.confidence) == BINS
            and len(reference.digits) == DIGITS
            and sum(reference.confidence) == sum(reference.digits) == reference.taken
            and 0 < reference.taken <= reference.drawings
            and 0 <= reference.sure <= reference.drawings
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadWeights(f"this is no reference of weights: {error}") from error
    if not is_sound:
        raise BadWeights("this reference of weights contradicts itself")
    return reference


def reference_file(weights: Path) -> Path:
    """Return where the reference of weights lies, which are named by either of their files."""
    return pair_of(weights).graph.with_suffix(".reference.json")


def reference_beside(weights: Path) -> Reference | None:
    """Return the reference that lies beside weights; None without one, or where it is damaged."""
    path = reference_file(weights)
    try:
        return reference_from(path.read_bytes()) if exists(path) else None
    except (BadWeights, OSError):
        return None


def write_reference(weights: Path, reference: Reference) -> Path:
    """Write a reference beside its weights; return where. Raises WeightsError."""
    path = reference_file(weights)
    write_files({path: (json.dumps(reference.to_json()) + "\n").encode()})
    return path
