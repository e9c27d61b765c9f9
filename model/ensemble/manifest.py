"""`ensemble.json`: which members belong together, how they vote, and what is best of it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model.ensemble.member_names import MEMBERS, VOTE
from model.ensemble.voting import Vote
from model.errors import BadWeights

FORMAT = "inkling-ensemble-1"
FILE = "ensemble.json"


@dataclass(frozen=True)
class Manifest:
    """One tuning's members; a later tuning replaces all of it, never a part."""

    tuned_at: str  # ISO 8601, in UTC
    versions: Mapping[str, str]  # by member, in the order of MEMBERS: the name of its files
    vote: Vote | None  # None where there is one member, which has nobody to vote with
    best: str  # what read validation best: VOTE, or a member
    best_member: str  # likewise, of the members alone
    report: Mapping[str, Any]  # of results/tuned_models.json


def manifest_to_json(manifest: Manifest) -> bytes:
    """Return a manifest as the text of its file."""
    vote = manifest.vote
    told = {
        "format": FORMAT,
        "tuned_at": manifest.tuned_at,
        "members": dict(manifest.versions),
        "vote": vote and {"weights": dict(vote.weights), "temperature": vote.temperature},
        "best": manifest.best,
        "best_member": manifest.best_member,
        "report": manifest.report,
    }
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()


def manifest_from_json(content: bytes) -> Manifest:
    """Return a manifest from the text of its file; BadWeights for what is none."""
    try:
        told = json.loads(content)
        if told["format"] != FORMAT:
            raise ValueError("it has another format")
        versions = {name: told["members"][name] for name in MEMBERS if name in told["members"]}
        vote = told["vote"] and Vote(
            {name: float(weight) for name, weight in told["vote"]["weights"].items()},
            float(told["vote"]["temperature"]),
        )
        manifest = Manifest(
            str(told["tuned_at"]), versions, vote, told["best"], told["best_member"],
            dict(told["report"]),
        )  # fmt: skip
        is_sound = _is_sound(manifest) and len(versions) == len(told["members"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadWeights(f"is no ensemble of tuned members: {error}") from error
    if not is_sound:
        raise BadWeights("contradicts itself")
    return manifest


def _is_sound(manifest: Manifest) -> bool:
    versions, vote = manifest.versions, manifest.vote
    if not versions or manifest.best_member not in versions:
        return False
    # A name of files, and no way out of the folder.
    if not all(name.isascii() and name.replace("-", "").isalnum() for name in versions.values()):
        return False
    if vote is None:
        return manifest.best == manifest.best_member
    weights = vote.weights
    return (
        manifest.best in (VOTE, manifest.best_member)
        and weights.keys() == versions.keys()
        and all(weight >= 0 for weight in weights.values())
        and math.isclose(sum(weights.values()), 1, abs_tol=1e-6)
        and 0 < vote.temperature < 1e3
    )
