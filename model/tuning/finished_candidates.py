"""What a tuning has finished before all of it is: candidates and winners, for a later start."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from environment import ROOT
from model.ensemble.member_card import Value
from model.estimators.member_kinds import DESKEWED, FIXED
from model.tuning.grids import Request
from model.weight_files.places import write_files

UNFINISHED = ROOT / "var" / "tuning"
Params = Mapping[str, Value]


@dataclass(frozen=True)
class Candidate:
    """One combination of a grid, and how it read each fold."""

    params: dict[str, Value]
    scores: list[float]  # accuracies, by fold
    fit_s: float  # mean time of a fold's training

    @property
    def accuracy(self) -> float:
        """Return the mean accuracy over the folds."""
        return sum(self.scores) / len(self.scores)


@dataclass(frozen=True)
class Winner:
    """A member that was trained on everything, as its graph."""

    graph: bytes
    temperature: float
    training_s: float


class Unfinished:
    """Files of one tuning, in a folder named after all that its figures depend on."""

    def __init__(self, request: Request, data_digests: Mapping[str, str]) -> None:
        """Find the folder; it need not be there. What is asked of other members matters not."""
        known = [request.subset, request.small, request.seed, FIXED, DESKEWED, dict(data_digests)]
        self.folder = UNFINISHED / _digest(known)

    def begin(self, *, resume: bool) -> int:
        """Return how many candidates there are to go on from; none without `resume`."""
        count = len(list(self.folder.glob("*.candidate.json")))
        if not resume:
            if count:
                print(
                    f"{count} finished candidates of an earlier start are replaced "
                    "(--resume goes on with them)"
                )
            self.clear()
            return 0
        return count

    def candidate(self, name: str, cv: int, params: Params) -> Candidate | None:
        """Return a finished candidate, None for one that is not, or whose file is damaged."""
        try:
            told = json.loads(self._path(name, [cv, params], "candidate.json").read_bytes())
            found = Candidate(dict(params), list(map(float, told["scores"])), float(told["fit_s"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if len(found.scores) == cv else None

    def keep(self, name: str, cv: int, candidate: Candidate) -> None:
        """Keep a candidate; raises WeightsError where that cannot be."""
        path = self._path(name, [cv, candidate.params], "candidate.json")
        write_files({path: json.dumps(asdict(candidate)).encode()})

    def winner(self, name: str, params: Params) -> Winner | None:
        """Return a trained winner, None where there is none, or a damaged one."""
        path = self._path(name, params, "winner.json")
        try:
            told = json.loads(path.read_bytes())
            graph = path.with_suffix(".onnx").read_bytes()
            is_whole = sha256(graph).hexdigest() == told["digest"]
            found = Winner(graph, float(told["temperature"]), float(told["training_s"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if is_whole else None

    def keep_winner(self, name: str, params: Params, winner: Winner) -> None:
        """Keep a winner; raises WeightsError where that cannot be."""
        path = self._path(name, params, "winner.json")
        told: dict[str, Any] = {
            "digest": sha256(winner.graph).hexdigest(),
            "temperature": winner.temperature,
            "training_s": winner.training_s,
        }
        write_files({path.with_suffix(".onnx"): winner.graph, path: json.dumps(told).encode()})

    def clear(self) -> None:
        """Remove what is kept."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, name: str, what: object, ending: str) -> Path:
        return self.folder / f"{name}-{_digest(what)}.{ending}"


def _digest(what: object) -> str:
    text = json.dumps(what, sort_keys=True, default=dict)
    return sha256(text.encode()).hexdigest()[:16]
