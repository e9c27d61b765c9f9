"""Folds that are finished while others are not: kept, and taken over by a later start."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from environment import ROOT
from model.crossval.fold import FoldOutcome
from model.errors import WeightsError
from model.tracking.provenance import digests, training_files
from model.training.options import BadOption, TrainingOptions
from model.training.state import EpochRecord
from model.weight_files.places import pair_of, write_files
from model.weight_files.tensors import read_tensors

UNFINISHED = ROOT / "var" / "crossval"


class Finished:
    """The finished folds of one cross-validation, in a folder named after all it depends on.

    Of a fold there are both files of its weights and, last of all, its figures.
    """

    def __init__(self, options: TrainingOptions, folds: int, data_dir: Path) -> None:
        """Find the folder; it need not be there."""
        told = {name: value for name, value in asdict(options).items() if name != "device"}
        known = [told, folds, digests(training_files(data_dir), data_dir)]
        self.folder = UNFINISHED / sha256(json.dumps(known, default=str).encode()).hexdigest()[:16]

    def begin(self, *, resume: bool) -> list[FoldOutcome]:
        """Return the folds to go on from; without `resume` none, and what is there is removed.

        Raises BadOption where there are none to resume.
        """
        files = sorted(self.folder.glob("fold-*.json"))
        if not resume:
            if files:
                print(
                    f"{len(files)} finished folds of an earlier start are replaced "
                    "(--resume goes on with them)"
                )
            self.clear()
            return []
        outcomes = [outcome for file in files if (outcome := _read(file)) is not None]
        if not outcomes:
            raise BadOption(
                "--resume: no fold is finished of a cross-validation with these options, folds "
                "and data; start without it"
            )
        return outcomes

    def add(self, outcome: FoldOutcome) -> None:
        """Keep a fold; raises WeightsError where that cannot be."""
        weights = write_weights(self.folder, outcome)
        figures = {
            "fold": outcome.fold,
            "parts": outcome.parts,
            "best_epoch": outcome.best_epoch,
            "records": [asdict(record) for record in outcome.records],
            "seconds": outcome.seconds,
        }
        write_files({weights.with_suffix(".json"): json.dumps(figures).encode()})

    def clear(self) -> None:
        """Remove what is kept."""
        shutil.rmtree(self.folder, ignore_errors=True)


def write_weights(folder: Path, outcome: FoldOutcome) -> Path:
    """Write both files of a fold's weights; return the path of the first. Raises WeightsError."""
    paths = {suffix: folder / f"fold-{outcome.fold + 1}{suffix}" for suffix in outcome.files}
    write_files({paths[suffix]: content for suffix, content in outcome.files.items()})
    return paths[".safetensors"]


def _read(file: Path) -> FoldOutcome | None:
    """Return a fold that was kept; None where a part of it is missing or damaged."""
    weights = pair_of(file.with_suffix(".safetensors"))
    try:
        figures = json.loads(file.read_bytes())
        figures["records"] = [EpochRecord(**record) for record in figures["records"]]
        return FoldOutcome(
            **figures,
            card=read_tensors(weights.tensors)[1],
            files={path.suffix: path.read_bytes() for path in weights},
        )
    except (OSError, ValueError, KeyError, TypeError, WeightsError):
        return None
