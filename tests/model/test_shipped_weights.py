"""The shipped weights read scans and drawn digits as the recorded results, and the README, say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

from environment import ROOT
from model import Recogniser
from model.datasets.mnist import CLASSES, load_mnist
from model.errors import BadDrawing
from model.evaluation.breakdown import describe_drawn
from model.evaluation.out_of_distribution import KINDS, stranger
from model.pen.drawings import load_pen_drawings
from model.synthesis.canvas_images import draw_all
from model.weight_files.places import DEFAULT_WEIGHTS

RECORDED = json.loads((ROOT / "results" / "classification_report.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    recogniser = Recogniser.load(DEFAULT_WEIGHTS)
    assert recogniser.card.version == RECORDED["weights"]["version"]
    return recogniser


@pytest.mark.data
def test_the_shipped_weights_read_as_many_scans_as_recorded(
    recogniser: Recogniser, datasets: Path
) -> None:
    scans = load_mnist(datasets, train=False)

    read = recogniser.probabilities(scans.images.numpy()).argmax(axis=1)

    right = int((read == scans.labels.numpy()).sum())
    assert right == RECORDED["test"]["correct"] >= 9_930


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_weights_refuse_about_as_much_as_recorded(
    recogniser: Recogniser, kind: str
) -> None:
    some = [stranger(kind, np.random.default_rng([1, place])) for place in range(60)]

    accepted = sum(
        not isinstance(answer, BadDrawing) and answer.is_digit
        for answer in recogniser.predict_many(some)
    )

    # As many of 60 by chance as that share allows, once in a thousand times.
    share = 1 - RECORDED["refusal"][kind]["refused_share"]
    assert accepted <= binom.ppf(0.999, 60, max(share, 0.01))


@pytest.mark.data
def test_the_shipped_weights_read_as_many_drawn_digits_as_recorded(
    recogniser: Recogniser, datasets: Path
) -> None:
    if not (datasets / "pen").is_dir():
        pytest.skip(f"there are no pen strokes in {datasets}")
    drawn = draw_all([d for d in load_pen_drawings(datasets, "test") if d.label in CLASSES])

    for name, part in (("pen", drawn), ("complete", drawn.take(drawn.complete))):
        report = describe_drawn(recogniser, part)
        assert report["correct"] == RECORDED[name]["correct"]
        assert report["sure"]["share"] == pytest.approx(RECORDED[name]["sure"]["share"], abs=1e-9)
