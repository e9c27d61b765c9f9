from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from model.evaluation import refusal
from model.evaluation.out_of_distribution import KINDS
from model.evaluation.refusal import (
    LETTER,
    ClassCentres,
    Strangers,
    describe_refusal,
    gather_strangers,
)
from model.pen.drawings import PenDrawing
from model.reading.recogniser import Recogniser
from model.synthesis.outlier_exposure import MEASURED_LETTERS
from model.weight_files.places import BASELINE_WEIGHTS, DEFAULT_WEIGHTS
from tests.model.datasets.scanned_digits import scanned_digits
from tests.model.networks.cards import CARD
from tests.model.weight_files.pairs import graph_of

MARK = [[[0, 60, 120, 180, 240], [0, 200, 20, 200, 0]]]
TRAINED = scanned_digits().take(torch.arange(200))
DIGITS = TRAINED.images.numpy()[:30]


def recogniser(threshold: float | None) -> Recogniser:
    weights = BASELINE_WEIGHTS if threshold is None else DEFAULT_WEIGHTS
    card = replace(CARD, architecture=weights.stem, digit_threshold=threshold)
    return Recogniser(graph_of(weights), card)


def test_every_kind_and_only_the_measured_letters_are_gathered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refusal, "PER_KIND", 4)
    monkeypatch.setattr(refusal, "PER_LETTER", 2)
    drawings = [
        PenDrawing(label=label, writer="1", source="ibm", strokes=MARK)
        for label in ["A", "A", "A", "w", "7", "k"]
    ]

    strangers = gather_strangers(drawings)

    assert set(strangers.inks) == {*KINDS, LETTER}
    assert len(strangers.inks[LETTER]) == 2 + 1  # of the As no more than two, and the k
    assert {"A", "k"} <= MEASURED_LETTERS
    assert strangers.no_ink["dot"] == 4
    for kind in KINDS:
        assert len(strangers.inks[kind]) + strangers.no_ink[kind] == 4


def test_without_letters_there_is_no_such_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusal, "PER_KIND", 1)

    assert set(gather_strangers([]).inks) == set(KINDS)


def test_weights_that_refuse_nothing_refuse_only_what_has_no_ink() -> None:
    strangers = Strangers({"blob": DIGITS[:6]}, {"blob": 2})

    row = describe_refusal(recogniser(None), strangers, DIGITS, TRAINED)["blob"]

    assert (row["images"], row["refused"], row["refused_share"]) == (8, 2, 0.25)
    assert "class of its own" not in row["auroc"]


@pytest.mark.parametrize(("threshold", "refused"), [(1e9, 6), (-1e9, 0), (0.0, None)])
def test_what_scores_beneath_the_threshold_is_refused(threshold: float, refused: int) -> None:
    reader = recogniser(threshold)

    strangers = Strangers({"blob": DIGITS[:6]}, {"blob": 0})
    row = describe_refusal(reader, strangers, DIGITS, TRAINED)["blob"]

    assert row["refused"] == (~reader.accepts(DIGITS[:6])).sum()
    if refused is not None:
        assert row["refused"] == refused


def test_what_lies_between_the_classes_is_nearer_to_none() -> None:
    chance = np.random.default_rng(0)
    labels = np.repeat([0, 3], 20_000)
    centres = np.array([[0.0, 0.0], [10.0, 0.0]])
    # Spread ten times as far along y, where the same distance therefore means less.
    features = centres[labels // 3] + chance.normal(size=(40_000, 2)) * [0.5, 5]

    inside, aside, between = ClassCentres(features, labels).nearness(
        np.array([[0.0, 0.0], [10.0, 4.0], [4.0, 0.0]])
    )

    assert inside > -0.1
    assert aside == pytest.approx(-((4 / 5) ** 2), rel=0.08)
    assert between == pytest.approx(-((4 / 0.5) ** 2), rel=0.08)


def test_the_area_is_half_for_the_same_and_one_for_what_has_no_ink() -> None:
    nothing = np.empty((0, 28, 28), np.uint8)
    strangers = Strangers({"same": DIGITS, "dot": nothing}, {"same": 0, "dot": 5})

    kinds = describe_refusal(recogniser(0.0), strangers, DIGITS, TRAINED)

    assert set(kinds["same"]["auroc"]) == {
        *("highest probability", "highest logit", "energy", "nearness to a class"),
        "class of its own",
    }
    assert list(kinds["same"]["auroc"].values()) == pytest.approx([0.5] * 5)
    assert set(kinds["dot"]["auroc"].values()) == {1.0}
