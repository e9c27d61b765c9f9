"""The card of a set of weights: what they are, how to use them, and what vouches for them."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from model.errors import BadWeights

FORMAT = "inkling-weights-1"
HEADER_DIGEST = "header_digest"  # of all the other entries of a file's header


@dataclass(frozen=True, kw_only=True)
class FineTuning:
    """Which weights these went on from, and what people's answers taught them."""

    parent: str  # version of those weights
    digits: int  # answers that named a digit
    not_digits: int  # answers that said it is none
    visitors: int | None  # how many people gave them; None where nobody knows
    until: str | None  # when the newest was given, ISO 8601 in UTC; None where nobody knows
    steps: int
    seed: int  # of the fine-tuning; the card's own is that of the first training, and of its split


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is needed to use a set of weights and to judge it; stored in both files' headers."""

    architecture: str  # a name in `model.networks.registry.NETWORKS`
    classes: tuple[str, ...]  # label of each logit
    mean: float  # of the input's normalisation, on a scale of 0..1
    std: float
    temperature: float  # logits are divided by it before softmax
    sure_threshold: float  # confidence from which a prediction is called sure, 0..1
    training_data: dict[str, int]  # name of each dataset: images trained on
    seed: int
    epochs: int  # passes over the training data up to these weights
    metrics: dict[str, float]  # on the validation split, 0..1 unless the name says otherwise
    digit_threshold: float | None = None  # nats, from which it is a digit; None refuses nothing
    attribution: tuple[str, ...] = ()  # whose data was trained on, and under which licence
    fine_tuning: FineTuning | None = None  # None: these are of a training from the beginning
    # What `save_weights` fills in:
    parameters: int = 0
    version: str = ""  # the architecture and the beginning of the digest
    digest: str = ""  # SHA-256 of the tensors, in hexadecimal


def to_header(card: Card, **more: str) -> dict[str, str]:
    """Return the entries that keep a card in a file's header, with a digest over all of them.

    more: entries besides, which that digest covers too.
    """
    values = {name: json.dumps(value) for name, value in asdict(card).items()}
    header = {"format": FORMAT, **values, **more}
    return {**header, HEADER_DIGEST: _digest(header)}


def from_header(path: Path, header: Mapping[str, str]) -> Card:
    """Return the card in the header of the file at `path`, which is named in what is raised.

    Raises BadWeights where there is no card, one that nobody can use, or a damaged one. Files from
    before there were digests have none to be checked.
    """
    foreign = BadWeights(f"{path} was not written by Inkling: its header has no model card")
    if header.get("format") != FORMAT:
        raise foreign
    try:
        # Weights from before refusals have no threshold for them; older ones name no sources.
        later = {"digit_threshold": "null", "fine_tuning": "null"}
        stored = {**later, "attribution": "[]", "digest": '""', **header}
        values = {field.name: json.loads(stored[field.name]) for field in fields(Card)}
        for name in ("classes", "attribution"):
            values[name] = tuple(values[name])
        if values["fine_tuning"] is not None:
            values["fine_tuning"] = FineTuning(**values["fine_tuning"])
        card = Card(**values)
        usable = (
            isinstance(card.architecture, str)
            and len(card.classes) > 1
            and 0 < card.temperature < 1e3
            and card.std > 0
            and 0 <= card.sure_threshold <= 1
            and (card.digit_threshold is None or math.isfinite(card.digit_threshold))
        )
    except (KeyError, ValueError, TypeError) as error:
        raise foreign from error
    if not usable:
        raise BadWeights(f"{path} has a model card with impossible values: train again")
    if header.get(HEADER_DIGEST, _digest(header)) != _digest(header):
        raise damaged(path, "its card")
    return card


def damaged(path: Path, what: str) -> BadWeights:
    """Return the error for a file of which a part is no longer what was written."""
    return BadWeights(
        f"{path} is damaged: {what} differs from what was written. Copy the file anew, "
        "or train again"
    )


def _digest(header: Mapping[str, str]) -> str:
    entries = sorted((name, text) for name, text in header.items() if name != HEADER_DIGEST)
    return hashlib.sha256(json.dumps(entries).encode()).hexdigest()
