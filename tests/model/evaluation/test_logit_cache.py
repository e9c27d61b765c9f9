from __future__ import annotations

import numpy as np
import pytest

from model.evaluation.logit_cache import RememberingRecogniser
from model.reading.recogniser import Recogniser
from model.weight_files.places import DEFAULT_WEIGHTS
from tests.model.networks.cards import CARD
from tests.model.weight_files.pairs import graph_of

INKS = np.random.default_rng(0).integers(0, 256, (7, 28, 28), dtype=np.uint8)
TWICE = INKS[[3, 0, 3, 6, 1]]


@pytest.fixture
def pair() -> tuple[Recogniser, RememberingRecogniser]:
    graph = graph_of(DEFAULT_WEIGHTS)
    return Recogniser(graph, CARD), RememberingRecogniser(graph, CARD)


@pytest.mark.parametrize("name", ["logits", "features", "probabilities", "accepts"])
def test_it_says_what_a_recogniser_says(
    pair: tuple[Recogniser, RememberingRecogniser], name: str
) -> None:
    for inks in (INKS[:4], TWICE, INKS, INKS[:0]):
        plain, remembered = (getattr(one, name)(inks) for one in pair)

        assert remembered.shape == plain.shape
        assert np.allclose(remembered, plain, atol=1e-5)


def test_each_image_is_looked_at_once(
    pair: tuple[Recogniser, RememberingRecogniser], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, remembering = pair
    seen: list[int] = []
    look = Recogniser.logits

    def counted(self: Recogniser, inks: np.ndarray) -> np.ndarray:
        seen.append(len(inks))
        return look(self, inks)

    monkeypatch.setattr(Recogniser, "logits", counted)
    remembering.probabilities(TWICE)
    remembering.accepts(TWICE)
    remembering.logits(INKS)

    assert seen == [4, 3]
