"""The card of a tuned member: what it is, how it was found, and what vouches for it."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from typing import Any

from model.ensemble.member_names import MEMBERS
from model.errors import BadWeights

FORMAT = "inkling-member-1"
Value = str | int | float | bool | None  # of a parameter


@dataclass(frozen=True, kw_only=True)
class MemberCard:
    """What is known of one member; shares are 0..1, losses in nats, times in seconds."""

    name: str  # one of MEMBERS
    digest: str  # SHA-256 of its graph, in hexadecimal
    best_params: dict[str, Value]  # those of its grid, and no others
    fixed: dict[str, Value]  # what it is made with besides
    grid: dict[str, list[Value]]  # what was tried
    cv: int  # folds of the search
    searched_on: int  # images of the search
    training_data: dict[str, int]  # name of each dataset: images the winner was trained on
    attribution: tuple[str, ...]  # whose data was trained on, and under which licence
    seed: int
    temperature: float  # by which its probabilities were calibrated, already in its graph
    accuracy: float  # mean over the search's folds
    test_accuracy: float  # on MNIST's test set, as the next three
    test_loss: float
    roc_auc_score: float
    recall: float
    search_s: float
    training_s: float
    bytes: int  # of its graph

    @property
    def version(self) -> str:
        """Return the name of its files, without their endings."""
        return f"{self.name}-{self.digest[:12]}"


def card_to_json(card: MemberCard) -> bytes:
    """Return a card as the text of its file."""
    told = {"format": FORMAT, **asdict(card)}
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()


def card_from_json(content: bytes) -> MemberCard:
    """Return a card from the text of its file; BadWeights, without the file's name, for no card."""
    try:
        told: dict[str, Any] = json.loads(content)
        if told["format"] != FORMAT:
            raise ValueError("it has another format")
        values = {field.name: told[field.name] for field in fields(MemberCard)}
        card = MemberCard(**values | {"attribution": tuple(values["attribution"])})
        figures = (card.accuracy, card.test_accuracy, card.test_loss, card.roc_auc_score)
        is_sound = (
            card.name in MEMBERS
            and len(card.digest) == 64
            and isinstance(card.best_params, dict)
            and all(math.isfinite(figure) for figure in (*figures, card.recall))
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadWeights(f"is no card of a tuned member: {error}") from error
    if not is_sound:
        raise BadWeights("is a card with impossible values")
    return card
