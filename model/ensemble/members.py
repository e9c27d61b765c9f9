"""Tuned members from their folder, ready to read; ONNX Runtime and NumPy are all it takes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.ensemble.manifest import FILE, Manifest, manifest_from_json
from model.ensemble.member_card import MemberCard, card_from_json
from model.ensemble.member_names import PIXELS, VOTE
from model.ensemble.voting import Probabilities
from model.errors import BadDrawing, BadWeights, WeightsNotFound
from model.reading.session import Session
from model.weight_files.places import exists, read_bytes

BATCH = 256  # images that a graph gets at once: what it keeps in between stays small
TRIES = 3  # of a folder that another process may be writing to
OUTPUT = "probabilities"


class NoMembers(WeightsNotFound):
    """No members have been tuned yet."""


class Ensemble:
    """The members of one tuning, and their vote; safe to use from several threads."""

    def __init__(
        self, manifest: Manifest, cards: Mapping[str, MemberCard], graphs: Mapping[str, bytes]
    ) -> None:
        """Use members by name; `load_members` is the usual way in. Raises BadWeights."""
        self.manifest, self.cards = manifest, cards
        self._sessions = {name: Session(graph) for name, graph in graphs.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """Return the members' names, in the order of every table."""
        return tuple(self.manifest.versions)

    @property
    def can_vote(self) -> bool:
        """Tell whether there is a vote: of one member there is none."""
        return self.manifest.vote is not None

    @property
    def best(self) -> str:
        """Return what read validation best: VOTE, or a member's name."""
        return self.manifest.best

    @property
    def best_member(self) -> str:
        """Return which member read validation best."""
        return self.manifest.best_member

    @property
    def report(self) -> Mapping[str, Any]:
        """Return what the tuning reported, as in `results/tuned_models.json`."""
        return self.manifest.report

    def read_by(self, name: str, images: NDArray[np.uint8]) -> Probabilities:
        """Return what one member, or VOTE, makes of images: float64 (N, 10), rows of sum 1.

        images: uint8 (N, 28, 28) or (N, 784), 0 = paper, 255 = full ink; N may be 0. Each image
        is read the same whichever are read with it. Raises BadDrawing for any other shape or kind;
        KeyError for a name that is none of these.
        """
        if name == VOTE:
            return self.vote(images)
        rows = _as_rows(images)
        session = self._sessions[name]
        parts = [
            session.run([OUTPUT], rows[start : start + BATCH])[0]
            for start in range(0, len(rows), BATCH)
        ]
        if not parts:
            return np.empty((0, 10))
        shares: Probabilities = np.concatenate(parts).astype(np.float64)
        shares /= shares.sum(axis=1, keepdims=True)  # of float32's rounding
        return shares

    def read(self, images: NDArray[np.uint8]) -> dict[str, Probabilities]:
        """Return what each member makes of images, by name; see `read_by`."""
        return {name: self.read_by(name, images) for name in self.names}

    def vote(self, images: NDArray[np.uint8]) -> Probabilities:
        """Return what all members say together; see `read_by`. KeyError where there is no vote."""
        vote = self.manifest.vote
        if vote is None:
            raise KeyError(VOTE)
        voters = [name for name, weight in vote.weights.items() if weight]
        return vote.of({name: self.read_by(name, images) for name in voters})


def _as_rows(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    is_sound = images.dtype == np.uint8 and images.shape[1:] in ((PIXELS,), (28, 28))
    if not is_sound:
        raise BadDrawing(
            f"expected uint8 (N, 28, 28) or (N, 784), got {images.dtype} {images.shape}"
        )
    return images.reshape(len(images), PIXELS)


def load_members(folder: Path) -> Ensemble:
    """Return the members that the last tuning left in a folder, of MODELS_DIR.

    Raises NoMembers where there are none; BadWeights, naming the file and the way out, where one is
    missing, damaged, or a pickle.
    """
    for trial in range(TRIES):
        try:
            return _load(folder)
        except NoMembers:
            raise
        except BadWeights as error:
            # A tuning that ended meanwhile has taken the older files away.
            problem = error
            if trial == TRIES - 1:
                break
    raise problem


def _load(folder: Path) -> Ensemble:
    manifest = read_manifest(folder)
    cards, graphs = {}, {}
    for name, version in manifest.versions.items():
        path = folder / f"{version}.onnx"
        card_path = path.with_suffix(".json")
        try:
            card = card_from_json(_existing(card_path))
        except BadWeights as error:
            raise _named(card_path, error) from error
        graph = _existing(path)
        if card.name != name or hashlib.sha256(graph).hexdigest() != card.digest:
            raise BadWeights(
                f"{path} is damaged: it is not what its card was written for. Tune the members "
                "again: `make tune`"
            )
        cards[name], graphs[name] = card, graph
    return Ensemble(manifest, cards, graphs)


def _existing(path: Path) -> bytes:
    if not exists(path):
        raise BadWeights(f"{path} is missing: tune the members again: `make tune`")
    return read_bytes(path)


def read_manifest(folder: Path) -> Manifest:
    """Return what a folder says of its members, without loading them; raises as `load_members`."""
    path = folder / FILE
    if not exists(path):
        raise NoMembers(f"no tuned members in {folder}: `make tune` makes them")
    try:
        return manifest_from_json(read_bytes(path))
    except WeightsNotFound:
        raise NoMembers(f"no tuned members in {folder}: `make tune` makes them") from None
    except BadWeights as error:
        raise _named(path, error) from error


def _named(path: Path, error: BadWeights) -> BadWeights:
    words = str(error)
    if words.startswith(str(path)):
        return error
    return BadWeights(f"{path} {words}: tune the members again: `make tune`")
