"""The tuned members that read now: those of the last training, whoever made it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.rules.problems import Problem
from model.ensemble.member_names import VOTE
from model.ensemble.members import Ensemble, NoMembers, load_members, read_manifest

NOT_TRAINED = "Model not trained yet"
NO_ENSEMBLE = "Ensemble model not trained yet"
ALONE = "At least 2 models are required for ensemble training."


class Members:
    """The members of a folder, loaded when first needed and again after a training."""

    def __init__(self, folder: Path) -> None:
        """Load nothing yet; folder: as `environment.models_dir` says."""
        self._folder = folder
        self._ensemble: Ensemble | None = None
        self._lock = threading.Lock()

    def figures(self) -> Mapping[str, Any]:
        """Return best parameters and figures of the last training; raise `Problem` 400 before.

        Raises WeightsError for damaged files.
        """
        try:
            models: Mapping[str, Any] = read_manifest(self._folder).report["models"]
        except NoMembers as error:
            raise Problem(400, NOT_TRAINED) from error
        return models

    def read(self, images: NDArray[np.uint8], *, together: bool) -> list[int]:
        """Return the digit of each image, uint8 (N, 784); raise `Problem` where nothing can read.

        together: by all members' vote, rather than by the best of them. Raises WeightsError.
        """
        try:
            ensemble = self._current()
        except NoMembers as error:
            raise Problem(400, NO_ENSEMBLE if together else NOT_TRAINED) from error
        if together and not ensemble.can_vote:
            raise Problem(409, ALONE)
        shares = ensemble.read_by(VOTE if together else ensemble.best_member, images)
        digits: list[int] = shares.argmax(axis=1).tolist()
        return digits

    def _current(self) -> Ensemble:
        manifest = read_manifest(self._folder)
        ensemble = self._ensemble
        if ensemble is not None and ensemble.manifest.versions == manifest.versions:
            return ensemble
        with self._lock:
            if self._ensemble is None or self._ensemble.manifest.versions != manifest.versions:
                self._ensemble = load_members(self._folder)
            return self._ensemble
